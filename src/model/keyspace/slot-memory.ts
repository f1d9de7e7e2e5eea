import { GrowingMemory, grown } from '../../base/index.js';
import { SLOTS } from './key-slot.js';

/** A key's word, by row: its slot, and above it the size that its value was last counted with; of a string 0. */
const SLOT_BITS = 14;
const SLOT_MASK = SLOTS - 1;
/** The size is not in the word, since it has no room for it. */
const LARGE = 2 ** (32 - SLOT_BITS) - 2;
/** No key. */
const NONE = 0xffffffff;
/** What slots are counted from, by row. */
export interface SlotKeys {
  slotOf(row: number): number;
  /** Of a string; else 0. */
  stringBytesOf(row: number): number;
  /** Of a value that is not a string; else 0. */
  containerBytesOf(row: number): number;
}

/**
 * Keys and logical bytes per cluster slot, kept up to date as commands are carried out. A key costs four bytes: its
 * slot, and the size that it was last counted with; a container of more than 256 KB some hundred.
 *
 * A string's size follows from its record, which has to be written to change it: the difference is counted there and
 * then, and of a string that another of the same length takes the place of nothing is looked at here, so far from
 * everything else. Any other value changes where its model is, and every way to that leads through its row: it is made,
 * found or given back. A row that is made or found is noted, and when the command ends its size is compared with the one
 * it was counted with; a row that is given back is taken off at once. So writes, evictions, expiry, flushes and loads
 * need no hooks of their own, and a read that moves buckets of a hash table is seen like a write.
 */
export class SlotMemory {
  readonly #keys: SlotKeys;
  /** Keys by slot. */
  readonly keyCounts = new Uint32Array(SLOTS);
  /** Bytes by slot. After `reset` they may be wrong until the slot has no keys. */
  readonly bytes = new Float64Array(SLOTS);
  /** What rows without a key have here means nothing. */
  readonly #memory = new GrowingMemory('the slots of keys');
  #words = this.#memory.words;
  /** Sizes that are no less than LARGE, by row. */
  readonly #large = new Map<number, number>();
  /** Rows to look at again when the command ends. */
  #noted = new Uint32Array(64);
  #notedCount = 0;

  constructor(keys: SlotKeys) {
    this.#keys = keys;
  }

  /** There is a key of that row; it may have no value yet. */
  enter(row: number): void {
    if (this.#memory.reach((row + 1) * 4)) this.#words = this.#memory.words;
    const slot = this.#keys.slotOf(row);
    this.keyCounts[slot] = this.keyCounts[slot]! + 1;
    this.#words[row] = slot;
    this.#add(slot, this.#keys.stringBytesOf(row));
    this.#count(row, slot);
  }

  /** The key is no more, nor need its value be; `stringBytes` as it had them. */
  leave(row: number, stringBytes: number): void {
    const word = this.#words[row]!;
    this.#words[row] = NONE;
    const slot = word & SLOT_MASK;
    const keys = this.keyCounts[slot]! - 1;
    this.keyCounts[slot] = keys;
    const left = this.bytes[slot]! - stringBytes - this.#counted(row, word);
    this.bytes[slot] = keys === 0 ? 0 : left;
    if (word >>> SLOT_BITS === LARGE) this.#large.delete(row);
  }

  /** The key has another string, or a string where it had none, or none where it had one. */
  changeString(row: number, by: number): void {
    this.#add(this.#words[row]! & SLOT_MASK, by);
  }

  /** The key, whose value is or was no string, is about to be read or written, or has been. */
  note(row: number): void {
    const count = this.#notedCount;
    if (count > 0 && this.#noted[count - 1] === row) return;
    if (count === this.#noted.length) this.#noted = grown(this.#noted, count + 1);
    this.#noted[count] = row;
    this.#notedCount = count + 1;
  }

  /** The command is over. */
  settle(): void {
    for (let at = 0; at < this.#notedCount; at++) {
      const row = this.#noted[at]!;
      const word = this.#words[row]!;
      if (word !== NONE) this.#count(row, word);
    }
    this.#notedCount = 0;
  }

  /** CONFIG RESETSTAT: as in a server, what is counted is forgotten and the keys stay. */
  reset(): void {
    this.bytes.fill(0);
  }

  #count(row: number, word: number): void {
    const size = this.#keys.containerBytesOf(row);
    const counted = this.#counted(row, word);
    if (size === counted) return;
    const slot = word & SLOT_MASK;
    this.#words[row] = slot | (Math.min(size, LARGE) << SLOT_BITS);
    if (size >= LARGE) this.#large.set(row, size);
    else if (counted >= LARGE) this.#large.delete(row);
    this.#add(slot, size - counted);
  }

  #counted(row: number, word: number): number {
    const size = word >>> SLOT_BITS;
    return size < LARGE ? size : this.#large.get(row)!;
  }

  #add(slot: number, bytes: number): void {
    this.bytes[slot] = this.bytes[slot]! + bytes;
  }
}
