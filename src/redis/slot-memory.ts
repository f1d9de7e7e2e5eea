import { grown } from '../trace/index.js';
import { GrowingMemory } from './growing-memory.js';
import { SLOTS } from './key-slot.js';

/** A key's word, by row: its slot, and above it the size that it was last counted with. */
const SLOT_BITS = 14;
const SLOT_MASK = SLOTS - 1;
/** The size is not in the word, since it has no room for it. */
const LARGE = 2 ** (32 - SLOT_BITS) - 2;
/** No key. */
const NONE = 0xffffffff;

/**
 * Keys and logical bytes per cluster slot, kept up to date as commands are carried out. A key costs four bytes: its
 * slot, and the size that it was last counted with; one of more than 256 KB some hundred.
 *
 * Every way to a value leads through its row: it is made, found or given back. A row that is made or found is noted, and
 * when the command ends its size is compared with the one it was counted with; a row that is given back is taken off at
 * once. So writes, evictions, expiry, flushes and loads need no hooks of their own, and a read that moves buckets of a
 * hash table is seen like a write.
 */
export class SlotMemory {
  readonly keyCounts = new Uint32Array(SLOTS);
  /** May be wrong after `reset`, until a slot has no keys. */
  readonly bytes = new Float64Array(SLOTS);
  /** What rows without a key have here means nothing. */
  readonly #memory = new GrowingMemory('the slots of keys');
  #words = this.#memory.words;
  /** Sizes that are no less than LARGE, by row. */
  readonly #large = new Map<number, number>();
  /** Rows to look at again when the command ends. */
  #noted = new Uint32Array(64);
  #notedCount = 0;
  readonly #sizeOf: (row: number) => number;

  constructor(sizeOf: (row: number) => number) {
    this.#sizeOf = sizeOf;
  }

  /** A key has come to be in that slot; its value is looked at when the command ends. */
  enter(row: number, slot: number): void {
    if (this.#memory.reach((row + 1) * 4)) this.#words = this.#memory.words;
    this.#words[row] = slot;
    this.keyCounts[slot] = (this.keyCounts[slot] as number) + 1;
    this.note(row);
  }

  /** The key is no more. */
  leave(row: number): void {
    const word = this.#words[row] as number;
    const slot = word & SLOT_MASK;
    const keys = (this.keyCounts[slot] as number) - 1;
    this.keyCounts[slot] = keys;
    this.bytes[slot] = keys === 0 ? 0 : (this.bytes[slot] as number) - this.#counted(row, word);
    if (word >>> SLOT_BITS === LARGE) this.#large.delete(row);
    this.#words[row] = NONE;
  }

  /** Looks at what noting the key will look at. Any number will do. See Foresight. */
  foresee(row: number): number {
    return this.#words[row] as number;
  }

  /** The key is about to be read or written. */
  note(row: number): void {
    const count = this.#notedCount;
    if (count > 0 && this.#noted[count - 1] === row) return;
    if (count === this.#noted.length) this.#noted = grown(this.#noted, count + 1);
    this.#noted[count] = row;
    this.#notedCount = count + 1;
  }

  /** The command is over. */
  settle(): void {
    for (let at = 0; at < this.#notedCount; at++) this.#count(this.#noted[at] as number);
    this.#notedCount = 0;
  }

  /** CONFIG RESETSTAT: as in a server, what is counted is forgotten and the keys stay. */
  reset(): void {
    this.bytes.fill(0);
  }

  #count(row: number): void {
    const word = this.#words[row] as number;
    if (word === NONE) return;
    const size = this.#sizeOf(row);
    const counted = this.#counted(row, word);
    if (size === counted) return;
    const slot = word & SLOT_MASK;
    this.#words[row] = slot | (Math.min(size, LARGE) << SLOT_BITS);
    if (size >= LARGE) this.#large.set(row, size);
    else if (counted >= LARGE) this.#large.delete(row);
    this.bytes[slot] = (this.bytes[slot] as number) + size - counted;
  }

  #counted(row: number, word: number): number {
    const size = word >>> SLOT_BITS;
    return size < LARGE ? size : (this.#large.get(row) as number);
  }
}
