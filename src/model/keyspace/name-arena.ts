import { GrowingMemory, sameBytes } from '../../base/index.js';
/**
 * Keeps long names as bytes in one growing buffer, because an object or a string each would cost several times as much.
 * The place of a name is its offset in units of 8 bytes. The next name of the same length in units reuses the place of
 * a removed one.
 */
export class NameArena {
  readonly #memory = new GrowingMemory('long names');
  /** Unit 0 is never used, so that 0 can end the lists of free places. */
  #units = 1;
  /** The first free place by units; the first word of each place is the next one. */
  #free: number[] = [];

  /** Copies the name and returns its place. */
  add(source: Uint8Array, from: number, length: number): number {
    const units = unitsOf(length);
    const free = this.#free[units] ?? 0;
    const place = free === 0 ? this.#extend(units) : free;
    if (free !== 0) this.#free[units] = this.#memory.words[place * 2]!;
    const { bytes } = this.#memory;
    const start = place * UNIT;
    // Names are short: this loop beats a subarray and a set.
    for (let at = 0; at < length; at++) bytes[start + at] = source[from + at]!;
    return place;
  }

  remove(place: number, length: number): void {
    const units = unitsOf(length);
    this.#memory.words[place * 2] = this.#free[units] ?? 0;
    this.#free[units] = place;
  }

  equals(place: number, source: Uint8Array, from: number, length: number): boolean {
    return sameBytes(this.#memory.bytes, place * UNIT, source, from, length);
  }

  /** Returns a view of the name's bytes, which is valid until the next name is added. */
  view(place: number, length: number): Uint8Array {
    return this.#memory.bytes.subarray(place * UNIT, place * UNIT + length);
  }

  #extend(units: number): number {
    const place = this.#units;
    this.#units += units;
    this.#memory.reach(this.#units * UNIT);
    return place;
  }
}

const UNIT = 8;

function unitsOf(length: number): number {
  return length === 0 ? 1 : (length + UNIT - 1) >>> 3;
}
