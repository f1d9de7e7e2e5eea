import type { Random } from '../../base/index.js';
import type { HashTable } from './hash-table.js';
import { ALL_SLOTS, keySlot, SLOTS, type SlotRange } from './key-slot.js';

/**
 * The keys of a database, or those of them that expire. They are in one table, or in one for each slot in versions
 * whose cluster mode has a table per slot.
 */
export interface KeyTables {
  readonly used: number;
  readonly buckets: number;
  /** Returns the table that a name belongs to, if it exists. */
  at(bytes: Uint8Array, from: number, length: number): HashTable | undefined;
  /** Returns the table that a name belongs to, and makes it if it does not exist. */
  for(bytes: Uint8Array, from: number, length: number): HashTable;
  /** Counts an insertion into a table of `for` or a removal from one of `at`, which may leave the table empty. */
  changed(table: HashTable, by: number): void;
  /** Makes room for so many keys in the existing tables. */
  presize(count: number): void;
  /** Returns all keys, in no guaranteed order. */
  rows(): Iterable<number>;
  /** Returns the keys of a slot; all keys where slots have no tables of their own. */
  rowsAround(slot: number): Iterable<number>;
  /** Returns the tables that have keys, in the order of their slots. */
  tables(): Iterable<HashTable>;
  /** Returns the table that has been rehashing for longest. */
  moving(): HashTable | undefined;
  /** Returns a table at random, with a chance proportional to its keys. */
  random(random: Random): HashTable | undefined;
  /** Scans all tables except those for which `skips` holds; where slots have tables of their own, those of `slots`. */
  scan(
    cursor: number,
    visit: (row: number) => void,
    skips?: (table: HashTable) => boolean,
    slots?: SlotRange,
  ): number;
  /** Grows or shrinks those of the next `count` tables that need it. */
  resizeSome(count: number): void;
  /** The number of checks after which `resizeSome` has checked each table. */
  readonly checks: number;
  /** Does what `resizeSome` does if no table needs it. */
  skipResizing(count: number): void;
  empty(release: (row: number) => void): void;
  free(release: (row: number) => void): void;
}

/** Keeps all keys in one table. */
export class OneTable implements KeyTables {
  constructor(readonly only: HashTable) {}

  get used(): number {
    return this.only.used;
  }

  get buckets(): number {
    return this.only.buckets;
  }

  at(): HashTable {
    return this.only;
  }

  for(): HashTable {
    return this.only;
  }

  changed(): void {}

  presize(count: number): void {
    this.only.presize(count);
  }

  rows(): Iterable<number> {
    return this.only.elements();
  }

  rowsAround(): Iterable<number> {
    return this.only.elements();
  }

  tables(): Iterable<HashTable> {
    return [this.only];
  }

  moving(): HashTable | undefined {
    return this.only.isRehashing ? this.only : undefined;
  }

  random(): HashTable {
    return this.only;
  }

  scan(cursor: number, visit: (row: number) => void, skips?: (table: HashTable) => boolean): number {
    return skips?.(this.only) === true ? 0 : this.only.scan(cursor >>> 0, visit);
  }

  resizeSome(): void {
    this.only.resizeIfNeeded();
  }

  readonly checks = 1;

  skipResizing(): void {}

  empty(release: (row: number) => void): void {
    this.only.empty(release);
  }

  free(release: (row: number) => void): void {
    this.only.free(release);
  }
}

/** Keeps a table for each slot that has keys: made for its first key, freed after its last. */
export class SlotTables implements KeyTables {
  used = 0;
  /** Rehashing tables, in the order in which they began. */
  readonly #moving = new Set<HashTable>();
  readonly #tables: (HashTable | undefined)[] = new Array(SLOTS);
  readonly #slots = new Map<HashTable, number>();
  readonly #make: (moving: Set<HashTable>) => HashTable;
  #resized = 0;

  constructor(make: (moving: Set<HashTable>) => HashTable) {
    this.#make = make;
  }

  get buckets(): number {
    let buckets = 0;
    for (const table of this.#slots.keys()) buckets += table.buckets;
    return buckets;
  }

  at(bytes: Uint8Array, from: number, length: number): HashTable | undefined {
    return this.#tables[keySlot(bytes, from, length)];
  }

  for(bytes: Uint8Array, from: number, length: number): HashTable {
    const slot = keySlot(bytes, from, length);
    const found = this.#tables[slot];
    if (found !== undefined) return found;
    const table = this.#make(this.#moving);
    this.#tables[slot] = table;
    this.#slots.set(table, slot);
    return table;
  }

  changed(table: HashTable, by: number): void {
    this.used += by;
    if (by < 0) this.#freeIfEmpty(table);
  }

  /** Makes room in each table for its share of so many keys. */
  presize(count: number): void {
    for (const table of this.tables()) table.presize(Math.floor(count / SLOTS));
  }

  *rows(): Generator<number> {
    for (const table of this.tables()) yield* table.elements();
  }

  rowsAround(slot: number): Iterable<number> {
    return this.#tables[slot]?.elements() ?? [];
  }

  *tables(): Generator<HashTable> {
    for (let slot = this.#next(-1); slot >= 0; slot = this.#next(slot)) yield this.#tables[slot]!;
  }

  moving(): HashTable | undefined {
    for (const table of this.#moving) return table;
    return undefined;
  }

  random(random: Random): HashTable | undefined {
    if (this.used === 0) return undefined;
    let left = random.below(this.used);
    for (const table of this.tables()) {
      if (left < table.used) return table;
      left -= table.used;
    }
    return undefined;
  }

  /** The cursor is the table's own cursor times the number of slots, plus the slot. One below the slots starts at the first. */
  scan(
    cursor: number,
    visit: (row: number) => void,
    skips?: (table: HashTable) => boolean,
    { first, last } = ALL_SLOTS,
  ): number {
    let slot = cursor % SLOTS;
    if (slot > last) return 0;
    if (slot < first) return this.scan(first, visit, skips, { first, last });
    let inner = 0;
    const table = this.#tables[slot];
    if (table !== undefined && skips?.(table) !== true) {
      inner = table.scan(Math.floor(cursor / SLOTS) >>> 0, visit);
      this.#freeIfEmpty(table);
    }
    if (inner === 0) slot = this.#next(slot);
    return slot < 0 || slot > last ? 0 : inner * SLOTS + slot;
  }

  resizeSome(count: number): void {
    for (let left = count; left > 0; left--) {
      this.#tables[this.#resized]?.resizeIfNeeded();
      this.#resized = (this.#resized + 1) % SLOTS;
    }
  }

  readonly checks = SLOTS;

  skipResizing(count: number): void {
    this.#resized = (this.#resized + count) % SLOTS;
  }

  empty(release: (row: number) => void): void {
    for (const [table, slot] of this.#slots) {
      table.free(release);
      this.#tables[slot] = undefined;
    }
    this.#slots.clear();
    this.#moving.clear();
    this.used = 0;
  }

  free(release: (row: number) => void): void {
    this.empty(release);
  }

  #next(after: number): number {
    for (let slot = after + 1; slot < SLOTS; slot++) {
      const table = this.#tables[slot];
      if (table !== undefined && table.used > 0) return slot;
    }
    return -1;
  }

  #freeIfEmpty(table: HashTable): void {
    if (table.used > 0 || table.paused > 0) return;
    const slot = this.#slots.get(table);
    if (slot === undefined) return;
    table.free(() => {});
    this.#slots.delete(table);
    this.#moving.delete(table);
    this.#tables[slot] = undefined;
  }
}
