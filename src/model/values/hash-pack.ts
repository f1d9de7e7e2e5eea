import type { Heap } from '../heap/index.js';
import type { Listpack } from './listpack.js';
import { entryBytes } from './listpack-entry.js';
import type { LookupKey } from './lookup-key.js';
import { copyValue, releaseValue, valueCode, valueEntryBytes } from './value-code.js';
import type { ValueContext } from './value-context.js';

/** The fields and values of a hash in one listpack. */
export class HashPack {
  readonly #space: ValueContext;
  readonly listpack: Listpack;
  /** Slots of fields in the byte arena and value codes by turns. */
  #pairs: number[] = [];

  constructor(space: ValueContext, listpack: Listpack) {
    this.#space = space;
    this.listpack = listpack;
  }

  get size(): number {
    return this.#pairs.length / 2;
  }

  get bytes(): number {
    return this.listpack.bytes;
  }

  /** Adds a pair that the listpack contains already. */
  adopt(field: LookupKey, value: LookupKey): void {
    const { contents } = this.#space;
    const name = contents.keep(field);
    this.#pairs.push(name, valueCode(contents, value));
  }

  /** Appends a pair, which no field has yet. */
  append(field: LookupKey, value: LookupKey): void {
    const { heap, policy } = this.#space;
    const fieldBytes = entryBytes(field.bytes, field.start, field.length);
    const valueBytes = entryBytes(value.bytes, value.start, value.length);
    // Versions that append in batches grow the listpack once for both.
    if (policy.appendsPairs) {
      this.listpack.change(heap, fieldBytes + valueBytes, 0);
    } else {
      this.listpack.change(heap, fieldBytes, 0);
      this.listpack.change(heap, valueBytes, 0);
    }
    this.adopt(field, value);
  }

  /** Sets a field and returns whether it is new. */
  set(field: LookupKey, value: LookupKey): boolean {
    const at = this.#indexOf(field);
    if (at < 0) {
      this.append(field, value);
      return true;
    }
    const { contents, heap } = this.#space;
    const code = valueCode(contents, value);
    const old = this.#pairs[at + 1]!;
    this.listpack.change(heap, valueEntryBytes(contents, code), valueEntryBytes(contents, old));
    releaseValue(contents, old);
    this.#pairs[at + 1] = code;
    return false;
  }

  /** Returns the value's code if the field exists. */
  get(field: LookupKey): number | undefined {
    const at = this.#indexOf(field);
    return at < 0 ? undefined : this.#pairs[at + 1];
  }

  delete(field: LookupKey): boolean {
    const at = this.#indexOf(field);
    if (at < 0) return false;
    const { contents, heap } = this.#space;
    const [name, code] = this.#pairs.splice(at, 2) as [number, number];
    const removed = this.#space.keptEntryBytes(name) + valueEntryBytes(contents, code);
    this.listpack.deleteRange(heap, removed);
    contents.release(name);
    releaseValue(contents, code);
    return true;
  }

  /** Yields the slot of the field and the value code of each pair. */
  *entries(): Generator<readonly [number, number]> {
    for (let at = 0; at < this.#pairs.length; at += 2) yield [this.#pairs[at]!, this.#pairs[at + 1]!];
  }

  /** Takes the pairs of another hash, whose listpack was copied. */
  copyFrom(other: HashPack): void {
    const { contents } = this.#space;
    for (const [name, code] of other.entries()) {
      this.#pairs.push(contents.copy(name), copyValue(contents, code));
    }
  }

  free(heap: Heap): void {
    const { contents } = this.#space;
    this.listpack.free(heap);
    for (const [name, code] of this.entries()) {
      contents.release(name);
      releaseValue(contents, code);
    }
  }

  #indexOf(field: LookupKey): number {
    const { contents } = this.#space;
    const pairs = this.#pairs;
    for (let at = 0; at < pairs.length; at += 2) {
      if (contents.equals(pairs[at]!, field)) return at;
    }
    return -1;
  }
}
