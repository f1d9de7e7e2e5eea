import type { Database } from '../keyspace/index.js';
import { ExpiredItem, type HashValue } from '../values/index.js';
import { newNameObject } from './name-object.js';
import type { RedisServer } from './redis-server.js';

/** Fields that a server deletes in a second, in each of its databases. */
const FIELDS_PER_SECOND = 10_000;

/**
 * Deletes expired fields where ebuckets order them (activeExpireHashFieldCycle). Each round of a tick takes up one database,
 * and stays with it until all of its expired fields are deleted.
 */
export class EbucketsCycle {
  readonly #server: RedisServer;
  #database = 0;

  constructor(server: RedisServer) {
    this.#server = server;
  }

  run(): void {
    const { databases, settings } = this.#server;
    const most = Math.floor(FIELDS_PER_SECOND / settings.hz);
    for (let round = 0; round < databases.length; round++) {
      const database = databases[this.#database]!;
      if (database.timedHashes.order?.isEmpty !== false || this.#expireIn(database, most) < most) {
        this.#database = (this.#database + 1) % databases.length;
      }
    }
  }

  /** Returns the earliest noted time of all hashes in virtual time; Infinity if there is none. */
  firstExpiryMs(): number {
    const { databases, epochMs } = this.#server;
    const first = databases.map(({ timedHashes }) => timedHashes.order?.firstMs() ?? Infinity);
    return Math.min(...first) - epochMs;
  }

  /** Deletes up to so many fields of a database, and returns how many it were (hashTypeDbActiveExpire). */
  #expireIn(database: Database, most: number): number {
    const { unixMs } = this.#server;
    let left = most;
    database.timedHashes.order?.expire(unixMs, (row) => {
      if (left === 0) return ExpiredItem.stop;
      const { expired, nextMs } = this.#expireHash(database, row, left);
      left -= expired;
      return nextMs;
    });
    return most - left;
  }

  /** Deletes expired fields of a hash, and the hash with its last one. Returns the hash's next time (hashTypeExpire). */
  #expireHash(
    database: Database,
    row: number,
    most: number,
  ): { readonly expired: number; readonly nextMs: number } {
    const { heap, keyspace, version, settings, unixMs } = this.#server;
    const hash = keyspace.modelOf(row) as HashValue;
    const keyLength = keyspace.nameLength(row);
    const freeAll = (handles: readonly number[]) => {
      for (const handle of handles) heap.free(handle);
    };
    keyspace.noteFound(row);
    const expired = hash.expire(unixMs, most, (length) => {
      const names = [...newNameObject(heap, version, keyLength), ...newNameObject(heap, version, length)];
      freeAll(names);
    });
    const next = hash.firstExpiryMs;
    const nextMs = next === Infinity ? ExpiredItem.removed : next;
    if (expired === 0) return { expired, nextMs };
    const key = newNameObject(heap, version, keyLength);
    if (hash.size === 0) database.delete(row, settings.lazyfreeLazyServerDel);
    keyspace.slots?.settle();
    freeAll(key);
    return { expired, nextMs };
  }
}
