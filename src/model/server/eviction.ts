import { embeddedStringBytes, StructKind, sdsBytes } from '../heap/index.js';
import { type Database, type KeyTables, OneTable } from '../keyspace/index.js';
import type { RedisServer } from './redis-server.js';

/** Candidates that are kept from one sampling to the next. */
const POOL = 16;
/** Longest name in bytes for which an entry of the pool has room. Longer names are copied. */
const NAME_IN_POOL = 255;
/** Evicted keys after which a server checks whether the background thread has freed enough. */
const KEYS_BETWEEN_CHECKS = 16;

interface Candidate {
  readonly database: Database;
  readonly row: number;
  /** The priority in eviction: the highest score is evicted first. */
  readonly score: number;
  /** The handle of the key's name, which distinguishes it from a later key in the same row. */
  readonly place: number;
  readonly copy: number;
}

/** Evicts keys until used_memory is within maxmemory, by the configured policy (performEvictions). */
export class Eviction {
  readonly #server: RedisServer;
  /** The candidates, ascending by score. */
  readonly #pool: Candidate[] = [];
  readonly #samples: number[] = [];
  #nextDatabase = 0;

  constructor(server: RedisServer) {
    this.#server = server;
  }

  /** Evicts keys if memory is full. Returns false if it is full and no key can be evicted. */
  run(): boolean {
    const { settings } = this.#server;
    const { maxmemory, maxmemoryPolicy } = settings;
    if (maxmemory === 0 || this.#counted <= maxmemory) return true;
    if (maxmemoryPolicy === 'noeviction') return false;
    const toFree = this.#counted - maxmemory;
    let freed = 0;
    for (let keys = 1; freed < toFree; keys++) {
      const victim = maxmemoryPolicy.endsWith('random') ? this.#random() : this.#worst();
      if (victim === undefined) return false;
      freed += this.#evict(victim.database, victim.row);
      const isChecked = settings.lazyfreeLazyEviction && keys % KEYS_BETWEEN_CHECKS === 0;
      if (isChecked && this.#counted <= maxmemory) return true;
    }
    return true;
  }

  /** used_memory without the blocks of replication that eviction does not count. */
  get #counted(): number {
    const { heap, replication } = this.#server;
    return heap.used - (replication?.notCounted ?? 0);
  }

  /** Evicts a key. Returns the bytes by which used_memory fell. */
  #evict(database: Database, row: number): number {
    const { heap, keyspace, settings, version, replication, databases } = this.#server;
    const length = keyspace.nameLength(row);
    const isShort = length <= version.strings.embeddedLimit;
    const sds = isShort ? 0 : heap.malloc(sdsBytes(heap.sds, length), StructKind.temporary);
    const bytes = isShort
      ? embeddedStringBytes(version.sizes.embeddedObjectHead, length)
      : version.sizes.object;
    const object = heap.malloc(bytes, StructKind.temporary);
    const before = heap.used;
    this.#server.decisions?.evicted.push({
      database: databases.indexOf(database),
      name: keyspace.nameOf(row).slice(),
    });
    this.#server.touchWatched(database, row);
    database.delete(row, settings.lazyfreeLazyEviction);
    const freed = before - heap.used;
    replication?.deleted(databases.indexOf(database), length, settings.lazyfreeLazyEviction);
    replication?.send();
    if (sds !== 0) heap.free(sds);
    heap.free(object);
    return freed;
  }

  #random(): { database: Database; row: number } | undefined {
    const { databases, random } = this.#server;
    for (let count = 0; count < databases.length; count++) {
      this.#nextDatabase = (this.#nextDatabase + 1) % databases.length;
      const database = databases[this.#nextDatabase]!;
      const table = this.#tablesOf(database).random(random);
      const row = table === undefined ? 0 : table.random(random);
      if (row !== 0) return { database, row };
    }
    return undefined;
  }

  #worst(): { database: Database; row: number } | undefined {
    const { databases } = this.#server;
    for (;;) {
      let total = 0;
      for (const database of databases) {
        const { used } = this.#tablesOf(database);
        if (used > 0) this.#sample(database, used);
        total += used;
      }
      if (total === 0) return undefined;
      for (let candidate = this.#pool.pop(); candidate !== undefined; candidate = this.#pool.pop()) {
        if (candidate.copy !== 0) this.#server.heap.free(candidate.copy);
        if (this.#isThere(candidate)) return candidate;
      }
    }
  }

  /** Samples one table after another, until there are enough samples. A database with few keys is sampled once. */
  #sample(database: Database, used: number): void {
    const { maxmemorySamples } = this.#server.settings;
    const tables = this.#tablesOf(database);
    let left = tables instanceof OneTable ? 1 : used;
    for (let sampled = 0; left > 0 && sampled < maxmemorySamples; left--) {
      sampled += this.#populate(database);
      if (used < maxmemorySamples * 10) break;
    }
  }

  /** Samples a table into the pool, each candidate at the place of its score (evictionPoolPopulate). */
  #populate(database: Database): number {
    const { heap, keyspace, random, settings } = this.#server;
    const samples = this.#samples;
    const table = this.#tablesOf(database).random(random);
    if (table === undefined) return 0;
    table.some(settings.maxmemorySamples, random, samples);
    for (const row of samples) {
      const score = this.#score(row);
      let at = this.#pool.findIndex((candidate) => candidate.score >= score);
      if (at < 0) at = this.#pool.length;
      if (this.#pool.length === POOL) {
        if (at === 0) continue;
        const dropped = this.#pool.shift()!;
        if (dropped.copy !== 0) heap.free(dropped.copy);
        at--;
      }
      const length = keyspace.nameLength(row);
      const copy = length > NAME_IN_POOL ? heap.malloc(sdsBytes(heap.sds, length), StructKind.temporary) : 0;
      const place = keyspace.nameHandle(row);
      this.#pool.splice(at, 0, { database, row, score, place, copy });
    }
    return samples.length;
  }

  #score(row: number): number {
    const { keyspace, settings, nowMs } = this.#server;
    if (settings.maxmemoryPolicy === 'volatile-ttl') return -keyspace.expiryOf(row);
    return settings.usesFrequency ? 255 - keyspace.frequency(row, nowMs) : keyspace.idleMs(row, nowMs);
  }

  #isThere({ database, row, place }: Candidate): boolean {
    const { keyspace, settings } = this.#server;
    if (!database.holds(row) || keyspace.nameHandle(row) !== place) return false;
    return settings.maxmemoryPolicy.startsWith('allkeys') || keyspace.expiryOf(row) !== 0;
  }

  #tablesOf(database: Database): KeyTables {
    return this.#server.settings.maxmemoryPolicy.startsWith('allkeys') ? database.keys : database.expires;
  }
}
