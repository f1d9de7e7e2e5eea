import { GrowingMemory, sameBytes } from '../../base/index.js';
/**
 * Long names as bytes in one growing buffer, because an object or a string each would cost several times as much. A name
 * is known by where it lies, in units of 8 bytes; the place of a removed name is the next to be used for one of its
 * length, to the nearest unit.
 */
export class NameArena {
  readonly #memory = new GrowingMemory('long names');
  /** Unit 0 is never handed out, so that 0 can end the lists of free places. */
  #units = 1;
  /** First free place by units; the next one is the place's first word. */
  #free: number[] = [];

  /** The place of a copy of the name. */
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

  /** The name as bytes, not copied: good until the next name is added. */
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
