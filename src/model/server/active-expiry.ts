import { type Database, OneTable } from '../keyspace/index.js';
import type { Settings } from '../settings/index.js';
import { newNameObject } from './name-object.js';
import type { RedisServer } from './redis-server.js';

const KEYS_PER_LOOP = 20;
const BUCKETS_PER_KEY = 20;
const ACCEPTABLE_STALE_PERCENT = 10;
/** Keys that a server deletes in a millisecond, at about 2 microseconds each. It stops after a quarter of a tick. */
const DELETED_PER_MS = 500;
const TIME_SHARE = 0.25;

/**
 * Samples keys with an expiry, and deletes expired ones, as long as many of the samples are expired
 * (activeExpireCycle).
 */
export class ActiveExpiry {
  readonly #server: RedisServer;
  /** The scan cursor of each database's active expiry. */
  readonly #cursors = new Map<Database, number>();
  #nextDatabase = 0;

  constructor(server: RedisServer) {
    this.#server = server;
  }

  /** Runs one slow cycle, as each tick of cron does. Returns the number of deleted keys. */
  run(most: number): number {
    const { databases, settings } = this.#server;
    const effort = settings.activeExpireEffort - 1;
    let budget = most;
    for (let count = 0; count < databases.length && budget > 0; count++) {
      const database = databases[this.#nextDatabase % databases.length]!;
      this.#nextDatabase++;
      budget -= this.#expireIn(database, budget, effort);
    }
    return most - budget;
  }

  /** Returns the earliest expiry of all keys; Infinity if none expires. */
  firstExpiryMs(): number {
    const { databases, keyspace } = this.#server;
    let first = Infinity;
    for (const { expires } of databases) {
      for (const row of expires.rows()) first = Math.min(first, keyspace.expiryOf(row));
    }
    return first;
  }

  /**
   * Continues the scans by so many cycles in which no key has expired. Cursors of an unchanged table repeat
   * themselves, so the work depends on the size of the table only.
   */
  skip(cycles: number): void {
    const effort = this.#server.settings.activeExpireEffort - 1;
    for (const database of this.#server.databases) {
      if (database.expires.used === 0) continue;
      const start = this.#cursors.get(database) ?? 0;
      const step = (cursor: number) => {
        this.#cursors.set(database, cursor);
        this.#expireIn(database, 1, effort);
        return this.#cursors.get(database) ?? 0;
      };
      this.#cursors.set(database, iterated(step, start, cycles));
    }
  }

  #expireIn(database: Database, budget: number, effort: number): number {
    const { expires } = database;
    const perLoop = KEYS_PER_LOOP + Math.floor(KEYS_PER_LOOP / 4) * effort;
    let deleted = 0;
    let unsampled = 0;
    for (;;) {
      if (expires.used === 0) return deleted;
      if (expires instanceof OneTable && expires.only.isThin) return deleted;
      const wanted = Math.min(expires.used, perLoop);
      let sampled = 0;
      let expired = 0;
      let cursor = this.#cursors.get(database) ?? 0;
      for (let bucket = 0; bucket < wanted * BUCKETS_PER_KEY && sampled < wanted; bucket++) {
        cursor = expires.scan(
          cursor,
          (row) => {
            sampled++;
            if (this.#deleteIfExpired(database, row)) expired++;
          },
          (table) => table.isThin,
        );
      }
      this.#cursors.set(database, cursor);
      deleted += expired;
      // A server looks on until its time is over if all tables are too thin.
      unsampled = sampled > 0 ? 0 : unsampled + wanted * BUCKETS_PER_KEY;
      if (unsampled > expires.buckets + expires.checks) return deleted;
      if (deleted >= budget) return deleted;
      if (sampled > 0 && (expired * 100) / sampled <= ACCEPTABLE_STALE_PERCENT - effort) return deleted;
    }
  }

  /** Deletes a key if it has expired. A temporary object holds its name for the lookup. */
  #deleteIfExpired(database: Database, row: number): boolean {
    const { heap, keyspace, nowMs, settings, version, replication, databases } = this.#server;
    if (nowMs <= keyspace.expiryOf(row)) return false;
    const length = keyspace.nameLength(row);
    const name = newNameObject(heap, version, length);
    database.delete(row, settings.lazyfreeLazyExpire);
    replication?.deleted(databases.indexOf(database), length, settings.lazyfreeLazyExpire);
    replication?.send();
    for (const handle of name) heap.free(handle);
    return true;
  }
}

/** Returns how many keys and fields a tick of cron can delete in its time. */
export function expiryBudget({ hz, activeExpireEffort }: Settings): number {
  const share = TIME_SHARE + 0.02 * (activeExpireEffort - 1);
  return Math.round((1000 / hz) * share * DELETED_PER_MS);
}

/** Returns step(step(… start)) after `count` steps. It finds the cycle of the values (Brent), and leaves out rounds. */
export function iterated(step: (value: number) => number, start: number, count: number): number {
  let marked = start;
  let value = start;
  let power = 1;
  let length = 0;
  for (let done = 0; done < count; done++) {
    value = step(value);
    length++;
    if (value === marked) {
      for (let left = (count - done - 1) % length; left > 0; left--) value = step(value);
      return value;
    }
    if (length === power) {
      marked = value;
      power *= 2;
      length = 0;
    }
  }
  return value;
}
