import { GrowingMemory } from './growing-memory.js';
import { HELD, OF_KEY, WHOLE } from './held-owners.js';
import type { Births } from './moments.js';
import { ORIGIN_SHIFT, type Origins, OWNER_SHIFT, PATTERN_SHIFT, wholeCommand } from './origins.js';
import { CLASS_MASK, countCells, type NoteRegions, type RegionTable } from './region-table.js';
import { OWNERS } from './subjects.js';

/** Size class in bits 0-7 of a word, owner in bits 8-17, key pattern behind them if the region is some key's, else 0. */
const CELLS = OWNERS << OWNER_SHIFT;

/** By owner as it is given: its bits of a word; and the sign, if the region is some key's. One read tells both. */
const SIGN = 1 << 31;
const OWNER_BITS = Int32Array.from(WHOLE, (whole) => (whole << OWNER_SHIFT) | (OF_KEY.has(whole) ? SIGN : 0));

/** Who regions are for, and the command that each comes from: two words. */
export class OriginTable implements RegionTable, Births {
  readonly #origins: Origins;
  readonly #memory = new GrowingMemory('the origins of regions');
  #words = this.#memory.words;

  constructor(origins: Origins) {
    this.#origins = origins;
    origins.moments.serve(this);
  }

  entered(handle: number, owner: number, sizeClass: number): void {
    const origins = this.#origins;
    const at = handle << ORIGIN_SHIFT;
    if (at >= this.#words.length) this.#makeRoom(at);
    const words = this.#words;
    words[at] = wordOf(owner, origins.pattern) | sizeClass;
    words[at | 1] = origins.command;
  }

  resized(handle: number, sizeClass: number): void {
    const at = handle << ORIGIN_SHIFT;
    this.#words[at] = ((this.#words[at] as number) & ~CLASS_MASK) | sizeClass;
  }

  retag(handle: number, owner: number): void {
    const at = handle << ORIGIN_SHIFT;
    this.#words[at] = wordOf(owner, this.#origins.pattern) | ((this.#words[at] as number) & CLASS_MASK);
  }

  classOf(handle: number): number {
    return (this.#words[handle << ORIGIN_SHIFT] as number) & CLASS_MASK;
  }

  foresee(handle: number): number {
    const at = handle << ORIGIN_SHIFT;
    return at < this.#words.length ? (this.#words[at] as number) : 0;
  }

  ownerWord(handle: number): number {
    return (this.#words[handle << ORIGIN_SHIFT] as number) >>> OWNER_SHIFT;
  }

  count(end: number, free: Uint32Array, note: NoteRegions): void {
    const counts = countCells(this.#words, ORIGIN_SHIFT, CELLS, end, free);
    for (const owner of HELD) {
      const first = owner << OWNER_SHIFT;
      for (let cell = first; cell <= first + CLASS_MASK; cell++) {
        const regions = counts[cell] as number;
        if (regions > 0) note(owner, cell & CLASS_MASK, regions);
      }
    }
  }

  /** Regions that there is room for. */
  get room(): number {
    return this.#words.length >>> ORIGIN_SHIFT;
  }

  /** With those of regions that are gone and whose handles have not been used again. */
  eachBirth(note: (command: number) => void): void {
    const words = this.#words;
    const { command } = this.#origins;
    for (let at = 1; at < words.length; at += 1 << ORIGIN_SHIFT)
      note(wholeCommand(words[at] as number, command));
  }

  /** As they lie: whoever asks for a few of them takes those apart. `isLast`: nothing will be changed any more. */
  copy(end: number, isLast: boolean): Uint32Array<ArrayBuffer> {
    const words = this.#words.subarray(0, end << ORIGIN_SHIFT);
    return isLast ? words : words.slice();
  }

  #makeRoom(at: number): void {
    this.#memory.reach((at + (1 << ORIGIN_SHIFT)) * 4);
    this.#words = this.#memory.words;
  }
}

/** With the pattern of the key that is worked on, if the region is a key's. */
function wordOf(owner: number, pattern: number): number {
  const bits = OWNER_BITS[owner] as number;
  return (bits & ~SIGN) | ((pattern << (OWNER_SHIFT + PATTERN_SHIFT)) & (bits >> 31));
}
