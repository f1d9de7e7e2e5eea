import type { Slice } from '../../input/index.js';
import { ContainerKind, StructKind, sdsBytes } from '../heap/index.js';
import { Value } from '../keyspace/index.js';
import { LookupKey, type StringMaker, type ValueContext } from '../values/index.js';
import type { PackedValues } from './packed-values.js';

/** The allocations that all kinds of values share when they are loaded (rdbGenericLoadStringObject). */
export class LoadContext implements StringMaker {
  readonly value = new Value();
  readonly needle = new LookupKey();
  readonly other = new LookupKey();

  /**
   * `epochMs` is virtual time 0 in Unix time. `refuse` makes the error for data that a server refuses, with its place.
   * With `keepsExpired`, fields that have expired are loaded. Small listpacks are left as they are in `packed`.
   */
  constructor(
    readonly space: ValueContext,
    readonly epochMs: number,
    readonly refuse: (found: string) => Error,
    readonly keepsExpired = true,
    readonly packed?: PackedValues,
  ) {}

  /** Whether a field with that expiry is left out, since it has expired; 0 means never. */
  dropsField(expiry: number): boolean {
    return !this.keepsExpired && expiry !== 0 && expiry < this.space.clock.unixMs;
  }

  /** Loads the field of a hash, with room for an expiry where a hash table keeps it in the field's own string. */
  field(slice: Slice, expires: boolean): number {
    if (!this.space.policy.fixedFields || !expires) return this.sds(slice, ContainerKind.hashField);
    return this.reading(slice, () => this.space.newField(slice.length, true));
  }

  get heap() {
    return this.space.heap;
  }

  get version() {
    return this.space.version;
  }

  get settings() {
    return this.space.settings;
  }

  /** Makes the allocation that a string of the file is read into, while its compressed form is allocated. */
  reading<T>({ compressedLength }: Slice, make: () => T): T {
    if (compressedLength === 0) return make();
    const compressed = this.heap.malloc(compressedLength, StructKind.temporary);
    const made = make();
    this.heap.free(compressed);
    return made;
  }

  /** Loads a string of the file as an sds. */
  sds(slice: Slice, owner: number): number {
    return this.reading(slice, () => this.heap.malloc(sdsBytes(this.heap.sds, slice.length), owner));
  }

  /** createObject */
  newObject(): number {
    return this.heap.malloc(this.version.sizes.object, StructKind.valueObject);
  }
}

export function pointTo(needle: LookupKey, { bytes, start, length, hashes }: Slice): LookupKey {
  if (hashes === undefined) return needle.set(bytes, start, length);
  return needle.setHashed(bytes, start, length, hashes.hash, hashes.secondHash);
}
