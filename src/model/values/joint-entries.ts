import { ContainerKind, type Heap, sdsHeader } from '../heap/index.js';

/** The largest entry that holds its value. */
const MOST_BYTES = 128;
/** The pointer to a separate value. The field of such an entry has a header of at least three bytes. */
const POINTER_BYTES = 8;
const MIN_HEADER = 3;
/** Bytes around a value in an entry: its header, the size of that header, its end. */
const VALUE_FRAME = 4;
/** An entry is reused for another value that leaves at most a quarter of the region unused. */
const MIN_FILL = 3 / 4;

/** An entry, and the string of its value if that is separate (otherwise 0). */
export interface JointEntry {
  readonly entry: number;
  readonly value: number;
}

/**
 * The entries of a hash table that hold field and value in one allocation, up to 128 bytes. A longer value is a string of
 * its own, to which the entry points (t_hash.c: hashTypeCreateEntry; entry.c).
 */
export class JointEntries {
  readonly #heap: Heap;

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /** Makes an entry for a field and for the string of a value. The string is kept or, after it is copied, freed. */
  create(fieldLength: number, valueLength: number, value: number): JointEntry {
    const entry = this.#heap.malloc(this.entryBytes(fieldLength, valueLength), ContainerKind.hashField);
    if (!this.#isJoint(fieldLength, valueLength)) return { entry, value };
    this.#heap.free(value);
    return { entry, value: 0 };
  }

  /** Gives an entry another value, whose string exists. The entry is kept where the value fits its region well. */
  replace(old: JointEntry, fieldLength: number, valueLength: number, value: number): JointEntry {
    const heap = this.#heap;
    const isJoint = this.#isJoint(fieldLength, valueLength);
    if (isJoint && old.value === 0 && this.#fits(old.entry, this.entryBytes(fieldLength, valueLength))) {
      heap.free(value);
      return old;
    }
    if (!isJoint && old.value !== 0) {
      heap.free(old.value);
      return { entry: old.entry, value };
    }
    const made = this.create(fieldLength, valueLength, value);
    this.free(old);
    return made;
  }

  free({ entry, value }: JointEntry): void {
    if (value !== 0) this.#heap.free(value);
    this.#heap.free(entry);
  }

  /** Returns the bytes that the entry requests, without a separate value. */
  entryBytes(fieldLength: number, valueLength: number): number {
    if (this.#isJoint(fieldLength, valueLength)) return this.#jointBytes(fieldLength, valueLength);
    return POINTER_BYTES + Math.max(MIN_HEADER, sdsHeader(this.#heap.sds, fieldLength)) + fieldLength + 1;
  }

  #isJoint(fieldLength: number, valueLength: number): boolean {
    return this.#jointBytes(fieldLength, valueLength) <= MOST_BYTES;
  }

  #jointBytes(fieldLength: number, valueLength: number): number {
    return sdsHeader(this.#heap.sds, fieldLength) + fieldLength + 1 + VALUE_FRAME + valueLength;
  }

  #fits(entry: number, bytes: number): boolean {
    const usable = this.#heap.usableOf(entry);
    return bytes <= usable && bytes >= usable * MIN_FILL;
  }
}
