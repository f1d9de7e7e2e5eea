import { grown } from '../trace/index.js';
import { SLOTS } from './key-slot.js';

/**
 * Keys and logical bytes per cluster slot, kept up to date as commands are carried out. A key costs ten bytes: its slot,
 * and the size that it was last counted with.
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
  /** By row; what rows without a key have here means nothing. */
  #slots = new Uint16Array(0);
  #counted = new Float64Array(0);
  /** Rows to look at again when the command ends. */
  #noted = new Uint32Array(64);
  #notedCount = 0;
  readonly #sizeOf: (row: number) => number;

  constructor(sizeOf: (row: number) => number) {
    this.#sizeOf = sizeOf;
  }

  /** A key has come to be in that slot; its value is looked at when the command ends. */
  enter(row: number, slot: number): void {
    if (row >= this.#slots.length) {
      this.#slots = grown(this.#slots, row + 1);
      this.#counted = grown(this.#counted, row + 1);
    }
    this.#slots[row] = slot;
    this.#counted[row] = 0;
    this.keyCounts[slot] = (this.keyCounts[slot] as number) + 1;
    this.note(row);
  }

  /** The key is no more. */
  leave(row: number): void {
    const slot = this.#slots[row] as number;
    const keys = (this.keyCounts[slot] as number) - 1;
    this.keyCounts[slot] = keys;
    this.bytes[slot] = keys === 0 ? 0 : (this.bytes[slot] as number) - (this.#counted[row] as number);
    this.#slots[row] = NO_SLOT;
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
    const slot = this.#slots[row] as number;
    if (slot === NO_SLOT) return;
    const size = this.#sizeOf(row);
    const counted = this.#counted[row] as number;
    if (size === counted) return;
    this.#counted[row] = size;
    this.bytes[slot] = (this.bytes[slot] as number) + size - counted;
  }
}

const NO_SLOT = 0xffff;
