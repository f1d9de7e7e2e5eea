import type { Slice } from '../../input/index.js';
import { StructKind, sdsBytes } from '../heap/index.js';
import { Value } from '../keyspace/index.js';
import { LookupKey, type StringMaker, type ValueContext } from '../values/index.js';
/** What loading a value takes: where it allocates, and how strings come from the file (rdbGenericLoadStringObject). */
export class LoadContext implements StringMaker {
  readonly value = new Value();
  readonly needle = new LookupKey();
  readonly other = new LookupKey();

  /** `epochMs`: what virtual time 0 is in Unix time. `refuse` makes the error for what a server refuses to load; it says where. */
  constructor(
    readonly space: ValueContext,
    readonly epochMs: number,
    readonly refuse: (found: string) => Error,
  ) {}

  get heap() {
    return this.space.heap;
  }

  get version() {
    return this.space.version;
  }

  get settings() {
    return this.space.settings;
  }

  /** Makes what a string of the file is read into; what it was compressed to lives meanwhile. */
  reading<T>({ compressedLength }: Slice, make: () => T): T {
    if (compressedLength === 0) return make();
    const compressed = this.heap.malloc(compressedLength, StructKind.temporary);
    const made = make();
    this.heap.free(compressed);
    return made;
  }

  /** A string of the file as an sds. */
  sds(slice: Slice, owner: number): number {
    return this.reading(slice, () => this.heap.malloc(sdsBytes(this.heap.sds, slice.length), owner));
  }

  /** createObject, once its contents are there. */
  newObject(): number {
    return this.heap.malloc(this.version.sizes.object, StructKind.valueObject);
  }
}

export function pointTo(needle: LookupKey, { bytes, start, length }: Slice): LookupKey {
  return needle.set(bytes, start, length);
}
