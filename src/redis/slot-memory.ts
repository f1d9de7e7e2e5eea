import { grown } from '../trace/index.js';
import { GrowingMemory } from './growing-memory.js';
import { SLOTS } from './key-slot.js';

/** Words of a key, by row: the slot in 14 bits and the high part of a size above it, then its low part. */
const WORDS = 2;
const SLOT_BITS = 14;
const HIGH = 2 ** 32;
/** No key: no size is as high. */
const NONE = 0xffffffff;

/**
 * Keys and logical bytes per cluster slot, kept up to date as commands are carried out. A key costs eight bytes: its
 * slot, and the size that it was last counted with.
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
  /** Rows to look at again when the command ends. */
  #noted = new Uint32Array(64);
  #notedCount = 0;
  readonly #sizeOf: (row: number) => number;

  constructor(sizeOf: (row: number) => number) {
    this.#sizeOf = sizeOf;
  }

  /** A key has come to be in that slot; its value is looked at when the command ends. */
  enter(row: number, slot: number): void {
    const at = row * WORDS;
    if (this.#memory.reach((at + WORDS) * 4)) this.#words = this.#memory.words;
    this.#words[at] = slot;
    this.#words[at + 1] = 0;
    this.keyCounts[slot] = (this.keyCounts[slot] as number) + 1;
    this.note(row);
  }

  /** The key is no more. */
  leave(row: number): void {
    const at = row * WORDS;
    const word = this.#words[at] as number;
    const slot = word & (SLOTS - 1);
    const keys = (this.keyCounts[slot] as number) - 1;
    this.keyCounts[slot] = keys;
    const counted = (word >>> SLOT_BITS) * HIGH + (this.#words[at + 1] as number);
    this.bytes[slot] = keys === 0 ? 0 : (this.bytes[slot] as number) - counted;
    this.#words[at] = NONE;
  }

  /** Looks at what noting the key will look at. Any number will do. See Foresight. */
  foresee(row: number): number {
    return this.#words[row * WORDS] as number;
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
    const words = this.#words;
    const at = row * WORDS;
    const word = words[at] as number;
    if (word === NONE) return;
    const size = this.#sizeOf(row);
    const counted = (word >>> SLOT_BITS) * HIGH + (words[at + 1] as number);
    if (size === counted) return;
    const slot = word & (SLOTS - 1);
    words[at] = size < HIGH ? slot : slot | (Math.floor(size / HIGH) << SLOT_BITS);
    words[at + 1] = size;
    this.bytes[slot] = (this.bytes[slot] as number) + size - counted;
  }
}
