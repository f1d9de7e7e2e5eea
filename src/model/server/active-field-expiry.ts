import type { Database, KeyTables } from '../keyspace/index.js';
import type { HashValue } from '../values/index.js';
import { iterated } from './active-expiry.js';
import { newNameObject } from './name-object.js';
import type { RedisServer } from './redis-server.js';

const HASHES_PER_LOOP = 20;
const BUCKETS_PER_HASH = 10;
/** Fields that are deleted of a hash at once, for each hash of a loop. */
const FIELDS_PER_HASH = 4;
const ACCEPTABLE_STALE_PERCENT = 10;

/** The progress of a cycle in one database. */
interface Scan {
  sampled: number;
  /** Hashes that lost fields. */
  expired: number;
  fields: number;
  /** Whether the last hash that lost fields probably has more to lose. */
  hasMore: boolean;
}

/**
 * Samples the hashes that have fields that expire, and deletes expired fields, as long as many of the hashes have some
 * (activeExpireCycleJob, dbReclaimExpiredFields).
 */
export class ActiveFieldExpiry {
  readonly #server: RedisServer;
  readonly #cursors = new Map<Database, number>();
  #nextDatabase = 0;

  constructor(server: RedisServer) {
    this.#server = server;
  }

  /** Runs one cycle, which deletes about so many fields at most. Returns how many it deleted. */
  run(most: number): number {
    const { databases } = this.#server;
    let left = most;
    for (let count = 0; count < databases.length && left > 0; count++) {
      const database = databases[this.#nextDatabase % databases.length]!;
      this.#nextDatabase++;
      left -= this.#expireIn(database, left);
    }
    return most - left;
  }

  /** Returns the earliest expiry of all fields in virtual time; Infinity if none expires. */
  firstExpiryMs(): number {
    const { databases, keyspace, epochMs } = this.#server;
    let first = Infinity;
    for (const { timedHashes } of databases) {
      for (const row of timedHashes.table?.rows() ?? [])
        first = Math.min(first, (keyspace.modelOf(row).firstExpiryMs ?? Infinity) - epochMs);
    }
    return first;
  }

  /** Continues the scans by so many cycles in which no field has expired. */
  skip(cycles: number): void {
    for (const database of this.#server.databases) {
      if ((database.timedHashes.table?.used ?? 0) === 0) continue;
      const step = (cursor: number) => {
        this.#cursors.set(database, cursor);
        this.#expireIn(database, 1);
        return this.#cursors.get(database) ?? 0;
      };
      this.#cursors.set(database, iterated(step, this.#cursors.get(database) ?? 0, cycles));
    }
  }

  #expireIn(database: Database, most: number): number {
    const { table } = database.timedHashes;
    if (table === undefined) return 0;
    const effort = this.#server.settings.activeExpireEffort - 1;
    const perLoop = HASHES_PER_LOOP + Math.floor(HASHES_PER_LOOP / 4) * effort;
    const scan: Scan = { sampled: 0, expired: 0, fields: 0, hasMore: false };
    while (table.used > 0 && scan.fields < most) {
      scan.sampled = 0;
      scan.expired = 0;
      const isDone = this.#sample(database, table, perLoop, scan);
      const { sampled, expired } = scan;
      const isClean = sampled > 0 && (expired * 100) / sampled <= ACCEPTABLE_STALE_PERCENT - effort;
      if (isDone || isClean) break;
    }
    return scan.fields;
  }

  /** Scans until enough hashes were sampled. Returns whether the scan has come to its end. */
  #sample(database: Database, hashes: KeyTables, perLoop: number, scan: Scan): boolean {
    const wanted = Math.min(hashes.used, perLoop);
    for (let bucket = 0; bucket < wanted * BUCKETS_PER_HASH && scan.sampled < wanted; bucket++) {
      const cursor = hashes.scan(
        this.#cursors.get(database) ?? 0,
        (row) => {
          scan.sampled++;
          const most = perLoop * FIELDS_PER_HASH;
          const fields = this.#expireFields(database, row, most);
          if (fields === 0) return;
          scan.hasMore = fields === most;
          scan.expired++;
          scan.fields += fields;
        },
        (table) => table.isThin,
      );
      if (scan.hasMore) continue;
      this.#cursors.set(database, cursor);
      if (cursor === 0) return true;
    }
    return false;
  }

  /** Deletes expired fields of a hash, and the hash with its last field. Objects hold the names until that is done. */
  #expireFields(database: Database, row: number, most: number): number {
    const { heap, keyspace, version, settings, unixMs } = this.#server;
    const hash = keyspace.modelOf(row) as HashValue;
    const names: number[] = [];
    keyspace.noteFound(row);
    const expired = hash.expire(unixMs, most, (length) => {
      names.push(...newNameObject(heap, version, length));
    });
    if (expired === 0) return 0;
    if (!hash.hasExpiries) database.timedHashes.remove(row);
    const length = keyspace.nameLength(row);
    const key = newNameObject(heap, version, length);
    const propagated = newNameObject(heap, version, length);
    for (const handle of [...propagated, ...names]) heap.free(handle);
    if (hash.size === 0) {
      database.delete(row, settings.lazyfreeLazyServerDel);
    }
    keyspace.slots?.settle();
    for (const handle of key) heap.free(handle);
    return expired;
  }
}
