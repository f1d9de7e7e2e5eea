import { GrowingMemory, grown, ReturningMap } from '../../base/index.js';
import { SLOTS } from './key-slot.js';

/** The word of a key has its slot and, in the bits above, the last counted size of its value; 0 for a string. */
const SLOT_BITS = 14;
const SLOT_MASK = SLOTS - 1;
/** Marks a size that does not fit in the word. */
const LARGE = 2 ** (32 - SLOT_BITS) - 2;
/** Marks a row without a key. */
const NONE = 0xffffffff;
/** The rows from which slots are counted. */
export interface SlotKeys {
  slotOf(row: number): number;
  /** Returns the bytes of a string; 0 for any other value. */
  stringBytesOf(row: number): number;
  /** Returns the bytes of a value that is not a string; 0 for a string. */
  containerBytesOf(row: number): number;
}

/**
 * Keeps keys and logical bytes per cluster slot up to date as commands run. A key costs four bytes, for its slot and
 * its last counted size. A container of more than 256 KB costs some hundred.
 *
 * The size of a string follows from its record, so a write to the record counts the difference at once. A string that
 * replaces another of the same length reads no memory here. Any other value changes in its model, which commands reach
 * only through its row. A row that is made or found is noted, and its size is compared with the counted one when the
 * command ends. A row that is given back is subtracted at once. Writes, evictions, expiry, flushes and loads therefore
 * need no hooks of their own. A read that moves buckets of a hash table counts like a write.
 */
export class SlotMemory {
  readonly #keys: SlotKeys;
  /** The number of keys by slot. */
  readonly keyCounts = new Uint32Array(SLOTS);
  /** Bytes by slot. After `reset` they may be wrong until the slot has no keys. */
  readonly bytes = new Float64Array(SLOTS);
  /** The words of all rows; those of rows without a key mean nothing. */
  readonly #memory = new GrowingMemory('the slots of keys');
  #words = this.#memory.words;
  /** Sizes of at least LARGE, by row. */
  readonly #large = new ReturningMap<number, number>();
  /** Rows whose sizes are compared when the command ends. */
  #noted = new Uint32Array(64);
  #notedCount = 0;

  constructor(keys: SlotKeys) {
    this.#keys = keys;
  }

  /** Counts the key of a row, which may have no value yet. */
  enter(row: number): void {
    if (this.#memory.reach((row + 1) * 4)) this.#words = this.#memory.words;
    const slot = this.#keys.slotOf(row);
    this.keyCounts[slot] = this.keyCounts[slot]! + 1;
    this.#words[row] = slot;
    this.#add(slot, this.#keys.stringBytesOf(row));
    this.#count(row, slot);
  }

  /** Subtracts a removed key, whose value may be freed already; `stringBytes` are those that it had. */
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

  /** Counts the change when a key gets a string, loses one, or has its string replaced. */
  changeString(row: number, by: number): void {
    this.#add(this.#words[row]! & SLOT_MASK, by);
  }

  /** Notes a key whose value is or was no string, and which a command reads or writes. */
  note(row: number): void {
    const count = this.#notedCount;
    if (count > 0 && this.#noted[count - 1] === row) return;
    if (count === this.#noted.length) this.#noted = grown(this.#noted, count + 1);
    this.#noted[count] = row;
    this.#notedCount = count + 1;
  }

  /** Counts the sizes of all noted rows when the command ends. */
  settle(): void {
    for (let at = 0; at < this.#notedCount; at++) {
      const row = this.#noted[at]!;
      const word = this.#words[row]!;
      if (word !== NONE) this.#count(row, word);
    }
    this.#notedCount = 0;
  }

  /** CONFIG RESETSTAT: resets the bytes to 0 and keeps the keys, as a server does. */
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
