import { ContainerKind, type Heap, sdsBytes, sdsHeader } from '../heap/index.js';

/** The largest entry that holds its value. */
const MOST_BYTES = 128;
/** The pointer to a separate value. The field of such an entry, or of one with a time, has a header of at least three bytes. */
const POINTER_BYTES = 8;
const MIN_HEADER = 3;
/** Bytes around a value in an entry: its header, the size of that header, its end. */
const VALUE_FRAME = 4;
/** The time at which an entry expires, in front of all else. */
const EXPIRY_BYTES = 8;
/** An entry is reused for another value that leaves at most a quarter of the region unused. */
const MIN_FILL = 3 / 4;

/** The lengths that decide on the size of an entry, and whether it holds a time. */
export interface EntryShape {
  readonly fieldLength: number;
  readonly valueLength: number;
  readonly expires: boolean;
}

/** An entry, and the string of its value if that is separate (otherwise 0). */
export interface JointEntry {
  readonly entry: number;
  readonly value: number;
}

/**
 * The entries of a hash table that hold field and value in one allocation, up to 128 bytes. A longer value is a string of
 * its own, to which the entry points (t_hash.c: hashTypeCreateEntry; entry.c). An entry that expires begins with its time.
 */
export class JointEntries {
  readonly #heap: Heap;

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /** Makes an entry for a field and for the string of a value. The string is kept or, after it is copied, freed. */
  create(shape: EntryShape, value: number): JointEntry {
    const entry = this.#heap.malloc(this.entryBytes(shape), ContainerKind.hashField);
    if (!isJoint(this.#heap, shape)) return { entry, value };
    this.#heap.free(value);
    return { entry, value: 0 };
  }

  /** Gives an entry another value, whose string exists. The entry is kept where the value fits its region well. */
  replace(old: JointEntry, had: boolean, shape: EntryShape, value: number): JointEntry {
    const heap = this.#heap;
    const joint = isJoint(heap, shape);
    const staysTimed = had === shape.expires;
    if (staysTimed && joint && old.value === 0 && this.#fits(old.entry, this.entryBytes(shape))) {
      heap.free(value);
      return old;
    }
    if (staysTimed && !joint && old.value !== 0) {
      heap.free(old.value);
      return { entry: old.entry, value };
    }
    const made = this.create(shape, value);
    this.free(old);
    return made;
  }

  /** Makes an entry with a time of one without, or the other way round. A value in the entry is copied first. */
  retime(old: JointEntry, shape: EntryShape): JointEntry {
    const heap = this.#heap;
    const { value } = old;
    const { valueLength } = shape;
    const string =
      value === 0 ? heap.malloc(sdsBytes(heap.sds, valueLength), ContainerKind.hashValue) : value;
    const made = this.create(shape, string);
    heap.free(old.entry);
    return made;
  }

  free({ entry, value }: JointEntry): void {
    if (value !== 0) this.#heap.free(value);
    this.#heap.free(entry);
  }

  /** Returns the bytes that the entry requests, without a separate value. */
  entryBytes(shape: EntryShape): number {
    if (isJoint(this.#heap, shape)) return jointBytes(this.#heap, shape);
    const { fieldLength } = shape;
    const header = Math.max(MIN_HEADER, sdsHeader(this.#heap.sds, fieldLength));
    return timeBytes(shape) + POINTER_BYTES + header + fieldLength + 1;
  }

  #fits(entry: number, bytes: number): boolean {
    const usable = this.#heap.usableOf(entry);
    return bytes <= usable && bytes >= usable * MIN_FILL;
  }
}

function isJoint(heap: Heap, shape: EntryShape): boolean {
  return jointBytes(heap, shape) <= MOST_BYTES;
}

function jointBytes(heap: Heap, shape: EntryShape): number {
  const { fieldLength, valueLength } = shape;
  const header = sdsHeader(heap.sds, fieldLength);
  const marked = shape.expires ? Math.max(MIN_HEADER, header) : header;
  return timeBytes(shape) + marked + fieldLength + 1 + VALUE_FRAME + valueLength;
}

function timeBytes({ expires }: EntryShape): number {
  return expires ? EXPIRY_BYTES : 0;
}
