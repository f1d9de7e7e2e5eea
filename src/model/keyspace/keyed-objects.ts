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
 * The objects of keys that hold the key itself (object.c: objectSetKeyAndExpire, kvobjSet). Such an object may have an
 * expiry in front of the key, and a short string after it.
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
   * embedded gets an sds of its own if it no longer fits. Returns whether the object has a field for the expiry.
   */
  attach(keyLength: number, value: Value, hasExpiry: boolean): boolean {
    const heap = this.#heap;
    const given = value.object;
    let hasField = hasExpiry;
    let bytes: number;
    if (isEmbedded(value.kind) && this.#embeds(keyLength, value.detail, hasExpiry)) {
      bytes = this.#embeddedBytes(keyLength, value.detail);
    } else {
      if (isEmbedded(value.kind)) {
        value.payload = heap.malloc(sdsBytes(heap.sds, value.detail), StructKind.valueString);
        value.kind = stringKind(StringEncoding.raw, sdsHeader(heap.sds, value.detail));
      }
      // The object keeps the number of a shared integer.
      if (isShared(value.kind)) value.kind = stringKind(StringEncoding.integer);
      hasField ||= keyLength >= LONG_KEY;
      bytes = this.#bareBytes(keyLength);
    }
    value.object = heap.malloc(bytes + (hasField ? EXPIRY_BYTES : 0), StructKind.valueObject);
    if (given !== 0) heap.free(given);
    // An object whose region has eight bytes to spare may get the field at once.
    return hasField || (this.#policy.usesSpareBytes && heap.usableOf(value.object) >= bytes + EXPIRY_BYTES);
  }

  #embeds(keyLength: number, length: number, hasExpiry: boolean): boolean {
    const { embedsUpTo, countsKeyHeader, countsExpiry } = this.#policy;
    const expiry = hasExpiry && countsExpiry ? EXPIRY_BYTES : 0;
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

/** Whether two values exchange their contents when one overwrites the other, so that the key's object stays. */
export function exchangesContents(oldKind: number, newKind: number): boolean {
  return !isEmbedded(oldKind) && !isEmbedded(newKind) && !isShared(newKind);
}

function isEmbedded(kind: number): boolean {
  return typeOfKind(kind) === ValueType.string && encodingOfKind(kind) === StringEncoding.embedded;
}

function isShared(kind: number): boolean {
  return typeOfKind(kind) === ValueType.string && encodingOfKind(kind) === StringEncoding.sharedInteger;
}
