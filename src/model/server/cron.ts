import type { KeyTables } from '../keyspace/index.js';
import { ActiveExpiry } from './active-expiry.js';
import type { RedisServer } from './redis-server.js';

/** Clients that each tick visits, at least. */
const MIN_CLIENTS = 5;
/** A table with fewer elements than this in a hundred buckets is shrunk. */
const MIN_FILL_PERCENT = 10;
/**
 * Buckets that a tick rehashes within its limit of one millisecond. A server moves 100 at a time until the clock passes
 * that limit. Each takes about 100 ns, mostly memory latency.
 */
const MOVED_PER_TICK = 12_000;
const MOVED_AT_ONCE = 100;
/** Tables of each database that a tick checks, where there may be one for each slot. */
const RESIZED_PER_TICK = 16;

/** Models serverCron, which runs between commands, ten times a second by default. */
export class Cron {
  readonly #server: RedisServer;
  readonly #expiry: ActiveExpiry;
  #nextMs: number;
  #nextClient = 0;
  #rehashing = 0;

  constructor(server: RedisServer) {
    this.#server = server;
    this.#expiry = new ActiveExpiry(server);
    this.#nextMs = server.nowMs + this.#periodMs;
  }

  get #periodMs(): number {
    return Math.round(1000 / this.#server.settings.hz);
  }

  /** Advances virtual time to `timeMs`, with all ticks before it. */
  advanceTo(timeMs: number): void {
    while (this.#nextMs <= timeMs) {
      this.#sleepUntil(this.#nextMs);
      this.#tick();
      this.#nextMs += this.#periodMs;
    }
    this.#sleepUntil(timeMs);
  }

  /** Advances virtual time without ticks, for a server that is loading. */
  sleepWithoutTicks(timeMs: number): void {
    this.#sleepUntil(timeMs);
    this.#nextMs = timeMs + this.#periodMs;
  }

  #sleepUntil(timeMs: number): void {
    const server = this.#server;
    if (timeMs <= server.nowMs) return;
    server.heap.advance(timeMs - server.nowMs);
    server.nowMs = timeMs;
  }

  #tick(): void {
    this.#clients();
    this.#expiry.run();
    if (!this.#server.child.lives) this.#tables();
    this.#server.replication?.tick(this.#server.nowMs);
    this.#server.child.tick(this.#server.nowMs, this.#server.heap.used);
  }

  #tables(): void {
    if (this.#server.version.dicts.shrinksOnDelete) this.#resize();
    else this.#shrink();
    if (this.#server.settings.activeRehashing) this.#rehash();
  }

  #clients(): void {
    const {
      connections: { byNumber: clients },
      nowMs,
      settings,
    } = this.#server;
    if (clients.size === 0) return;
    const count = Math.max(Math.floor(clients.size / settings.hz), Math.min(MIN_CLIENTS, clients.size));
    const all = [...clients.values()];
    for (let index = 0; index < count; index++) {
      const client = all[this.#nextClient++ % all.length];
      if (client === undefined) return;
      client.queryBuffer.cron(wholeSeconds(nowMs) - wholeSeconds(client.lastCommandMs));
      client.replyBuffer.cron(nowMs);
    }
  }

  /** Shrinks the thin tables of all databases (tryResizeHashTables). */
  #shrink(): void {
    const { databases, version } = this.#server;
    for (const { keys, expires } of databases) {
      for (const table of [...keys.tables(), ...expires.tables()]) {
        const isThin = Math.floor((table.used * 100) / table.buckets) < MIN_FILL_PERCENT;
        if (table.buckets > version.dicts.initialBuckets && isThin) table.shrink();
      }
    }
  }

  /** Resizes tables that deletions could not shrink during a rehash (kvstoreTryResizeDicts). */
  #resize(): void {
    for (const { keys, expires } of this.#server.databases) {
      keys.resizeSome(RESIZED_PER_TICK);
      expires.resizeSome(RESIZED_PER_TICK);
    }
  }

  /** Rehashes tables of the first database that has one to rehash (incrementallyRehash). */
  #rehash(): void {
    const { databases } = this.#server;
    for (let count = 0; count < databases.length; count++) {
      const { keys, expires } = databases[this.#rehashing]!;
      if (moveSome(keys, expires)) return;
      this.#rehashing = (this.#rehashing + 1) % databases.length;
    }
  }
}

/**
 * Rehashes buckets of the tables that have rehashed for longest, keys first. Returns false if no table is rehashing.
 */
function moveSome(keys: KeyTables, expires: KeyTables): boolean {
  let left = MOVED_PER_TICK;
  let table = keys.moving() ?? expires.moving();
  if (table === undefined) return false;
  while (table !== undefined && left > 0) {
    left -= MOVED_AT_ONCE;
    // A table that may not move now blocks the others as well.
    if (!table.rehash(MOVED_AT_ONCE)) {
      if (table.isRehashing) return true;
      table = keys.moving() ?? expires.moving();
    }
  }
  return true;
}

// A clock of whole seconds counts idleness.
function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
