import {
  embeddedStringBytes,
  growableSdsBytes,
  type Heap,
  StructKind,
  sdsBytes,
  sdsHeader,
} from '../heap/index.js';
import type { KeyedObjectPolicy, ServerVersion } from '../versions/index.js';
import { encodingOfKind, StringEncoding, stringKind, typeOfKind, type Value } from './string-value.js';
import { ValueType } from './value-model.js';

const EXPIRY_BYTES = 8;
/** An object whose key has at least this length gets a field for the expiry at once, unless a string is embedded in it. */
const LONG_KEY = 128;
/** The longest string that an object can have in it. */
const LONGEST_EMBEDDED = 255;
/** The header and the end of an embedded string, and those that a limit counts for any key. */
const STRING_FRAME = 4;
const ANY_KEY_FRAME = 3;

/**
 * The objects of keys that hold the key itself, perhaps an expiry in front of it, and perhaps a short string after it
 * (object.c: objectSetKeyAndExpire).
 *
 * The region decides about the expiry: an object whose region has eight bytes to spare gets the field at once. So an
 * object has the field exactly if its region is at least that large.
 */
export class KeyedObjects {
  readonly #heap: Heap;
  readonly #version: ServerVersion;
  readonly #policy: KeyedObjectPolicy;

  constructor(heap: Heap, version: ServerVersion) {
    this.#heap = heap;
    this.#version = version;
    this.#policy = version.keyedObjects;
  }

  /**
   * Replaces a value's object by one that holds a key of that length, and frees the replaced object. A string that was
   * embedded gets an sds of its own if it no longer fits.
   */
  attach(keyLength: number, value: Value, hasExpiry: boolean): void {
    const heap = this.#heap;
    const given = value.object;
    const expiry = hasExpiry ? EXPIRY_BYTES : 0;
    if (isEmbedded(value.kind) && this.#embeds(keyLength, value.detail, expiry)) {
      value.object = heap.malloc(
        this.#embeddedBytes(keyLength, value.detail) + expiry,
        StructKind.valueObject,
      );
    } else {
      if (isEmbedded(value.kind)) {
        value.payload = heap.malloc(sdsBytes(heap.sds, value.detail), StructKind.valueString);
        value.kind = stringKind(StringEncoding.raw, sdsHeader(heap.sds, value.detail));
      }
      const isLong = keyLength >= LONG_KEY;
      const bytes = this.#bareBytes(keyLength) + (isLong ? EXPIRY_BYTES : expiry);
      value.object = heap.malloc(bytes, StructKind.valueObject);
    }
    if (given !== 0) heap.free(given);
  }

  /** Whether the object of a value of that kind and length has a field for the expiry. */
  hasExpiryField(keyLength: number, kind: number, length: number, object: number): boolean {
    const bytes = isEmbedded(kind) ? this.#embeddedBytes(keyLength, length) : this.#bareBytes(keyLength);
    return this.#heap.usableOf(object) >= bytes + EXPIRY_BYTES;
  }

  #embeds(keyLength: number, length: number, expiry: number): boolean {
    const { embedsUpTo, countsKeyHeader } = this.#policy;
    const key = countsKeyHeader ? this.#keyBytes(keyLength) : keyLength + ANY_KEY_FRAME;
    const total = this.#version.sizes.embeddedObjectHead + key + expiry + STRING_FRAME + length;
    return total <= embedsUpTo && length <= LONGEST_EMBEDDED;
  }

  #embeddedBytes(keyLength: number, length: number): number {
    return embeddedStringBytes(this.#version.sizes.embeddedObjectHead, length) + this.#keyBytes(keyLength);
  }

  #bareBytes(keyLength: number): number {
    return this.#version.sizes.object + this.#keyBytes(keyLength);
  }

  /** Returns the bytes of a key: the size of its header, the header, the text, the end. An empty key has a short header. */
  #keyBytes(length: number): number {
    return 1 + (length < 32 ? 1 + length + 1 : growableSdsBytes(this.#heap.sds, length));
  }
}

export function isEmbedded(kind: number): boolean {
  return typeOfKind(kind) === ValueType.string && encodingOfKind(kind) === StringEncoding.embedded;
}
