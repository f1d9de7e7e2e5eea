import { ReturningMap } from '../../base/index.js';
import type { Keyspace } from './keyspace.js';

/** A time of fields that is this close to the noted one of their hash is not noted (HASH_NEW_EXPIRE_DIFF_THRESHOLD). */
const NOTED_APART_MS = 4000;
/** Stands for no time where times are compared: one more than 48 bits hold. */
const NO_TIME = 2 ** 48;

/** Orders hashes by the time of their first field. */
export interface TimedRows {
  add(row: number): void;
  remove(row: number, time: number): void;
  expire(nowMs: number, act: (row: number) => number): void;
  firstMs(): number;
  free(): void;
}

/** Makes an order of rows, whose times `timeOf` returns. */
export type NewTimedRows = (timeOf: (row: number) => number) => TimedRows;

/**
 * The hashes of one database that have fields that expire, by the time of the first field (db.hexpires, estore). A slot
 * may have an order of its own.
 */
export class FieldExpiries {
  readonly #keyspace: Keyspace;
  readonly #isPerSlot: boolean;
  readonly #make: NewTimedRows;
  readonly #orders = new Map<number, TimedRows>();
  /** The noted time of each hash, which may be earlier or later than that of its first field. */
  readonly #times = new ReturningMap<number, number>();

  constructor(keyspace: Keyspace, isPerSlot: boolean, make: NewTimedRows) {
    this.#keyspace = keyspace;
    this.#isPerSlot = isPerSlot;
    this.#make = make;
  }

  get isEmpty(): boolean {
    return this.#times.size === 0;
  }

  /** Returns the noted time of a hash; undefined if it is not among them. */
  timeOf(row: number): number | undefined {
    return this.#times.get(row);
  }

  add(row: number, time: number): void {
    this.#times.set(row, time);
    this.#orderOf(row).add(row);
  }

  /** Removes a hash, if it is there, and returns its noted time. */
  remove(row: number): number | undefined {
    const time = this.#times.get(row);
    if (time === undefined) return undefined;
    this.#orderOf(row).remove(row, time);
    this.#times.delete(row);
    return time;
  }

  /** Notes the time of the first field, if fields of `firstChangedMs` and later changed (hashTypeSetExDone). */
  fieldsSet(row: number, firstChangedMs: number, firstMs: number): void {
    const before = this.#times.get(row) ?? NO_TIME;
    if (before < Math.min(firstChangedMs, NO_TIME)) return;
    const now = Math.min(firstMs, NO_TIME);
    if (Math.abs(before - now) < NOTED_APART_MS) return;
    this.remove(row);
    if (now < NO_TIME) this.add(row, now);
  }

  /** Passes hashes whose noted time is over to `act`, which returns their next time, or another result of an order. */
  expire(nowMs: number, act: (row: number) => number): void {
    for (const order of this.#orders.values()) {
      order.expire(nowMs, (row) => {
        const time = this.#times.get(row) ?? NO_TIME;
        // The deletion of a hash must not find it here again.
        this.#times.delete(row);
        const next = act(row);
        if (next >= 0) this.#times.set(row, next);
        else if (next === STOP) this.#times.set(row, time);
        return next;
      });
    }
  }

  firstMs(): number {
    let first = Infinity;
    for (const order of this.#orders.values()) first = Math.min(first, order.firstMs());
    return first;
  }

  free(): void {
    for (const order of this.#orders.values()) order.free();
    this.#orders.clear();
    this.#times.clear();
  }

  #orderOf(row: number): TimedRows {
    const slot = this.#isPerSlot ? this.#keyspace.slotOf(row) : 0;
    const known = this.#orders.get(slot);
    if (known !== undefined) return known;
    const made = this.#make((item) => this.#times.get(item) ?? NO_TIME);
    this.#orders.set(slot, made);
    return made;
  }
}

/** The result by which a row stays, and the cycle ends (see Ebuckets). */
const STOP = -2;
