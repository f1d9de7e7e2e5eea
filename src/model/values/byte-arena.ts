import { GrowingMemory, sameBytes } from '../../base/index.js';
import { LONGEST_WHOLE, LookupKey } from './lookup-key.js';

/** Bytes that are kept of a longer string, for its place in lexicographic order. */
const PREFIX = 32;
const UNIT = 8;
const UNIT_SHIFT = 3;
const HEADER = 4;
/** Bytes of a long string's two hashes. */
const FINGERPRINT = 8;
const SLOT_KINDS = (HEADER + LONGEST_WHOLE) / UNIT + 1;
/** Units of a line of the cache. */
const LINE = 8;
const LINE_SHIFT = 3;
/** A line's words. */
const LINE_WORDS = 16;

/**
 * Keeps the members, fields and elements of all containers in one growing block of bytes.
 *
 * A model compares strings and needs their lengths, but hardly ever the bytes of a kilobyte of value. So short
 * strings are kept whole, and long ones as length, first bytes and a 63-bit fingerprint. Two different long strings
 * of equal length count as equal with a chance of 1 in 2^63.
 *
 * A string is named by the unit (8 bytes) where its slot begins; never 0. Records of a cache line lie between the
 * slots, and a slot may be part of a record. Reading such a record brings the string into the cache too (see
 * Members).
 */
export class ByteArena {
  readonly #memory = new GrowingMemory('the contents of containers', 4096);
  #bytes = this.#memory.bytes;
  #words = this.#memory.words;
  /** The first line is reserved, since 0 names neither slot nor record. */
  #end = LINE;
  /** The first free slot by size in units; each free slot names the next. */
  readonly #free = new Uint32Array(SLOT_KINDS);
  #freeLine = 0;
  readonly #onMove: ((memory: GrowingMemory) => void)[] = [];

  /** Calls `use` with the memory now and after each change of its views. */
  onMove(use: (memory: GrowingMemory) => void): void {
    this.#onMove.push(use);
    use(this.#memory);
  }

  /** Copies the string of a key into a slot and returns the slot. */
  keep(needle: LookupKey): number {
    const isOwn = needle.bytes === this.#bytes;
    const slot = this.#take(slotUnits(needle.length));
    if (isOwn) needle.bytes = this.#bytes;
    this.keepAt(slot, needle);
    return slot;
  }

  /** Copies the string of a key into a slot that is part of a record. */
  keepAt(slot: number, needle: LookupKey): void {
    const { length, bytes, start } = needle;
    this.#words[slot << 1] = length;
    let at = placeOf(slot);
    if (length > LONGEST_WHOLE) {
      this.#words[(slot << 1) | 1] = needle.hash;
      this.#words[(slot << 1) + 2] = needle.secondHash;
      at += FINGERPRINT;
    }
    const own = this.#bytes;
    const count = kept(length);
    for (let index = 0; index < count; index++) {
      own[(at + index) >>> 0] = bytes[(start + index) >>> 0]!;
    }
  }

  /** Moves a string that is kept whole into a slot that is part of a record, and frees its old slot. */
  moveTo(slot: number, from: number): void {
    const units = slotUnits(this.#words[from << 1]!);
    this.#words.copyWithin(slot << 1, from << 1, (from + units) << 1);
    this.release(from);
  }

  /** Returns the line of a free record of 16 words, whose contents are undefined. */
  takeLine(needle?: LookupKey): number {
    const line = this.#freeLine;
    if (line !== 0) {
      this.#freeLine = this.#words[line * LINE_WORDS]!;
      return line;
    }
    const gap = -this.#end & (LINE - 1);
    if (gap > 0) this.#give(this.#end, gap);
    const unit = this.#end + gap;
    const isOwn = needle?.bytes === this.#bytes;
    this.#extendTo(unit + LINE);
    if (needle !== undefined && isOwn) needle.bytes = this.#bytes;
    return unit >>> LINE_SHIFT;
  }

  giveLine(line: number): void {
    this.#words[line * LINE_WORDS] = this.#freeLine;
    this.#freeLine = line;
  }

  release(slot: number): void {
    this.#give(slot, slotUnits(this.#words[slot << 1]!));
  }

  length(slot: number): number {
    return this.#words[slot << 1]! | 0;
  }

  equals(slot: number, needle: LookupKey): boolean {
    const length = needle.length;
    if (this.#words[slot << 1] !== length) return false;
    if (length > LONGEST_WHOLE) {
      return (
        this.#words[(slot << 1) | 1] === needle.hash && this.#words[(slot << 1) + 2] === needle.secondHash
      );
    }
    return sameBytes(this.#bytes, placeOf(slot), needle.bytes, needle.start, length);
  }

  /** Points `needle` at a kept string; valid until the next `keep`. */
  point(slot: number, needle: LookupKey): LookupKey {
    const length = this.#words[slot << 1]!;
    if (length <= LONGEST_WHOLE) return needle.set(this.#bytes, placeOf(slot), length);
    const hash = this.#words[(slot << 1) | 1]!;
    const secondHash = this.#words[(slot << 1) + 2]!;
    return needle.setHashed(this.#bytes, this.#start(slot, length), length, hash, secondHash);
  }

  /** Returns the known bytes of a string: all, or the first of a long one. They are valid until the next `keep`. */
  known(slot: number): Uint8Array {
    const length = this.#words[slot << 1]!;
    const start = this.#start(slot, length);
    return this.#bytes.subarray(start, start + kept(length));
  }

  copy(slot: number): number {
    return this.keep(this.point(slot, new LookupKey()));
  }

  /**
   * Compares two strings like memcmp. Long strings with the same first bytes are ordered by length, then by
   * fingerprint, which may differ from the order of their other bytes.
   */
  compare(left: number, right: number): number {
    const leftLength = this.#words[left << 1]!;
    const rightLength = this.#words[right << 1]!;
    const own = this.#bytes;
    const leftStart = this.#start(left, leftLength);
    const rightStart = this.#start(right, rightLength);
    const shared = Math.min(kept(leftLength), kept(rightLength));
    for (let at = 0; at < shared; at++) {
      const difference = own[leftStart + at]! - own[rightStart + at]!;
      if (difference !== 0) return difference;
    }
    const order = leftLength - rightLength;
    if (order !== 0 || leftLength <= LONGEST_WHOLE) return order;
    return (
      this.#words[(left << 1) | 1]! - this.#words[(right << 1) | 1]! ||
      this.#words[(left << 1) + 2]! - this.#words[(right << 1) + 2]!
    );
  }

  /** Compares a kept string with the string of a key, like `compare`. */
  compareWith(left: number, right: LookupKey): number {
    const leftLength = this.#words[left << 1]!;
    const own = this.#bytes;
    const { bytes, start, length } = right;
    const leftStart = this.#start(left, leftLength);
    const shared = Math.min(kept(leftLength), kept(length));
    for (let at = 0; at < shared; at++) {
      const difference = own[leftStart + at]! - bytes[start + at]!;
      if (difference !== 0) return difference;
    }
    const order = leftLength - length;
    if (order !== 0 || length <= LONGEST_WHOLE) return order;
    return this.#words[(left << 1) | 1]! - right.hash || this.#words[(left << 1) + 2]! - right.secondHash;
  }

  #start(slot: number, length: number): number {
    return placeOf(slot) + (length > LONGEST_WHOLE ? FINGERPRINT : 0);
  }

  #take(units: number): number {
    const free = this.#free[units]!;
    if (free !== 0) {
      this.#free[units] = this.#words[free * 2]!;
      return free;
    }
    const slot = this.#end;
    this.#extendTo(slot + units);
    return slot;
  }

  #give(slot: number, units: number): void {
    this.#words[slot << 1] = this.#free[units]!;
    this.#free[units] = slot;
  }

  #extendTo(end: number): void {
    this.#end = end;
    if (!this.#memory.reach(end * UNIT)) return;
    this.#bytes = this.#memory.bytes;
    this.#words = this.#memory.words;
    for (const use of this.#onMove) use(this.#memory);
  }
}

/**
 * Returns where the text or fingerprint of a slot begins. A shift is used because engines would multiply in floating
 * point.
 */
function placeOf(slot: number): number {
  return ((slot << UNIT_SHIFT) + HEADER) >>> 0;
}

function slotUnits(length: number): number {
  const bytes = HEADER + (length > LONGEST_WHOLE ? FINGERPRINT + PREFIX : length);
  return (bytes + UNIT - 1) >>> 3;
}

/** Returns the number of bytes that are kept of a string. */
function kept(length: number): number {
  return length > LONGEST_WHOLE ? PREFIX : length;
}
