import type { HashTable, KeyTables } from '../keyspace/index.js';
import { ActiveExpiry, expiryBudget } from './active-expiry.js';
import { ActiveFieldExpiry } from './active-field-expiry.js';
import { type Round, skipVisits } from './client-round.js';
import { EbucketsCycle } from './ebuckets-cycle.js';
import type { RedisServer } from './redis-server.js';
import { expireRequests, firstRequestExpiryMs } from './request-expiry.js';

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
/** Ticks after which idle time is no longer written tick by tick. A stream that is written so has few operations. */
const WRITTEN_TICKS = 1024;
/** The least number of ticks without a change after which cron skips ticks. */
const QUIET_TICKS = 16;
/** Keys that a tick of active expiry samples. A skip looks at all of them, so it waits for as many ticks. */
const SAMPLED_PER_TICK = 20;

/** Models serverCron, which runs between commands, ten times a second by default. */
export class Cron {
  readonly #server: RedisServer;
  readonly #expiry: ActiveExpiry;
  readonly #fieldExpiry: ActiveFieldExpiry;
  readonly #ebuckets: EbucketsCycle;
  #startsWithFields = false;
  #nextMs: number;
  #nextClient = 0;
  #rehashing = 0;
  /** Ticks in this stretch of time that wrote nothing. */
  #quiet = 0;
  /** Ticks of this stretch of idle time that were written. */
  #written = 0;

  constructor(server: RedisServer) {
    this.#server = server;
    this.#expiry = new ActiveExpiry(server);
    this.#fieldExpiry = new ActiveFieldExpiry(server);
    this.#ebuckets = new EbucketsCycle(server);
    this.#nextMs = server.nowMs + this.#periodMs;
  }

  get #periodMs(): number {
    return Math.round(1000 / this.#server.settings.hz);
  }

  /** Advances virtual time to `timeMs`, with all ticks before it. Ticks that change nothing are skipped. */
  advanceTo(timeMs: number): void {
    this.#quiet = 0;
    this.#written = 0;
    while (this.#nextMs <= timeMs) {
      const skipped = this.#idleTicks(timeMs);
      if (skipped > 0) {
        this.#skip(skipped);
        continue;
      }
      this.#sleepUntil(this.#nextMs);
      const { position } = this.#server.heap;
      this.#tick();
      if (this.#server.heap.position === position) this.#quiet++;
      else this.#quiet = 0;
      this.#written = this.#quiet === 0 ? 0 : this.#written + 1;
      this.#nextMs += this.#periodMs;
    }
    this.#sleepUntil(timeMs);
  }

  /** Returns how many of the next ticks up to `timeMs` certainly change nothing but positions in rounds. */
  #idleTicks(timeMs: number): number {
    const ticks = Math.floor((timeMs - this.#nextMs) / this.#periodMs) + 1;
    if (this.#quiet < QUIET_TICKS || ticks < QUIET_TICKS) return 0;
    const { databases, connections, child, replication, nowMs } = this.#server;
    if (child.isExpected || replication !== undefined) return 0;
    if (this.#server.commandPool?.isAtRest === false) return 0;
    const expiring = databases.reduce(
      (sum, { expires, timedHashes }) => sum + expires.used + (timedHashes.table?.used ?? 0),
      0,
    );
    const round = Math.ceil(connections.byNumber.size / Math.max(1, this.#visits));
    const patience = Math.max(round, Math.ceil(expiring / SAMPLED_PER_TICK), this.#ticksOfResizing);
    if (this.#quiet <= patience || ticks <= patience) {
      return 0;
    }
    if (this.isRehashing) return 0;
    for (const client of connections.byNumber.values()) {
      const { queryBuffer, args, replyBuffer } = client;
      if (!queryBuffer.isAtRest || !args.isAtRest || !replyBuffer.isAtRest) return 0;
    }
    const keysUntil = this.#server.isExpiryActive ? this.#quietUntil(timeMs, expiring) : timeMs;
    const quietUntil = Math.min(keysUntil, firstRequestExpiryMs(this.#server));
    if (quietUntil < nowMs) return 0;
    return Math.max(0, Math.floor((quietUntil - this.#nextMs) / this.#periodMs) + 1);
  }

  /** Returns the time until which no key and no field expires, or `timeMs` if that is earlier. */
  #quietUntil(timeMs: number, expiring: number): number {
    const fields = this.#ebuckets.firstExpiryMs();
    if (expiring === 0) return Math.min(timeMs, fields);
    return Math.min(timeMs, fields, this.#expiry.firstExpiryMs(), this.#fieldExpiry.firstExpiryMs());
  }

  /** Ticks in which each table has been checked. Databases with a table for each slot check a few of them in each. */
  get #ticksOfResizing(): number {
    const { isCluster, version, databases } = this.#server;
    if (!isCluster || !version.dicts.shrinksOnDelete) return 0;
    return Math.max(...databases.map(({ keys }) => keys.checks / RESIZED_PER_TICK));
  }

  /** Does what so many ticks do that change nothing: rounds continue, and time passes. */
  #skip(ticks: number): void {
    const server = this.#server;
    const period = this.#periodMs;
    const round: Round = {
      firstMs: this.#nextMs,
      periodMs: period,
      ticks,
      visitsPerTick: this.#visits,
      nextVisit: this.#nextClient,
    };
    this.#nextClient = skipVisits([...server.connections.byNumber.values()], round);
    if (server.isExpiryActive) {
      this.#expiry.skip(ticks);
      this.#fieldExpiry.skip(ticks);
      if (ticks % 2 === 1) this.#startsWithFields = !this.#startsWithFields;
    }
    if (server.version.dicts.shrinksOnDelete) {
      for (const { keys, expires, timedHashes } of server.databases) {
        keys.skipResizing(RESIZED_PER_TICK * ticks);
        expires.skipResizing(RESIZED_PER_TICK * ticks);
        timedHashes.table?.skipResizing(RESIZED_PER_TICK * ticks);
      }
    }
    const written = Math.min(ticks, Math.max(0, WRITTEN_TICKS - this.#written));
    this.#written += written;
    for (let tick = 0; tick < written; tick++) this.#sleepUntil(this.#nextMs + tick * period);
    this.#sleepUntil(this.#nextMs + (ticks - 1) * period);
    this.#nextMs += ticks * period;
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
    if (this.#server.isExpiryActive) this.#expire();
    this.#server.defragger.tick(this.#periodMs);
    if (!this.#server.child.lives) this.#tables();
    if (this.#isNewSecond) expireRequests(this.#server);
    this.#server.commandPool?.cron(this.#server.nowMs);
    this.#server.replication?.tick(this.#server.nowMs);
    this.#server.child.tick(this.#server.nowMs, this.#server.heap.used);
  }

  /** Whether this tick does what is done once a second. */
  get #isNewSecond(): boolean {
    const second = Math.floor(this.#nextMs / 1000);
    return second !== Math.floor((this.#nextMs - this.#periodMs) / 1000);
  }

  /** Deletes expired keys and fields. They share the time, and take turns at being first. */
  #expire(): void {
    const budget = expiryBudget(this.#server.settings);
    this.#ebuckets.run();
    if (this.#startsWithFields) this.#expiry.run(budget - this.#fieldExpiry.run(budget));
    else this.#fieldExpiry.run(budget - this.#expiry.run(budget));
    this.#startsWithFields = !this.#startsWithFields;
  }

  #tables(): void {
    if (this.#server.version.dicts.shrinksOnDelete) this.#resize();
    else this.#shrink();
    if (this.#server.settings.activeRehashing) this.#rehash();
  }

  /** The number of clients that each tick visits. */
  get #visits(): number {
    const { size } = this.#server.connections.byNumber;
    return Math.max(Math.floor(size / this.#server.settings.hz), Math.min(MIN_CLIENTS, size));
  }

  #clients(): void {
    const {
      connections: { byNumber: clients },
      nowMs,
    } = this.#server;
    if (clients.size === 0) return;
    const count = this.#visits;
    const all = [...clients.values()];
    for (let index = 0; index < count; index++) {
      const client = all[this.#nextClient++ % all.length];
      if (client === undefined) return;
      const idleMs = wholeSeconds(nowMs) - wholeSeconds(client.lastCommandMs);
      client.queryBuffer.cron(idleMs);
      client.args.cron(idleMs);
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
    for (const { keys, expires, timedHashes } of this.#server.databases) {
      keys.resizeSome(RESIZED_PER_TICK);
      expires.resizeSome(RESIZED_PER_TICK);
      timedHashes.table?.resizeSome(RESIZED_PER_TICK);
    }
  }

  /** Whether ticks rehash a table of keys. */
  get isRehashing(): boolean {
    const { databases, settings } = this.#server;
    if (!settings.activeRehashing) return false;
    return databases.some(({ keys, expires }) => (keys.moving() ?? expires.moving()) !== undefined);
  }

  /** Rehashes tables of the first database that has one to rehash (incrementallyRehash). */
  #rehash(): void {
    const { databases } = this.#server;
    for (let count = 0; count < databases.length; count++) {
      const { keys, expires, timedHashes } = databases[this.#rehashing]!;
      const all = [keys, expires, ...(timedHashes.table === undefined ? [] : [timedHashes.table])];
      if (moveSome(all)) return;
      this.#rehashing = (this.#rehashing + 1) % databases.length;
    }
  }
}

/**
 * Rehashes buckets of the tables that have rehashed for longest, keys first. Returns false if no table is rehashing.
 */
function moveSome(all: readonly KeyTables[]): boolean {
  let left = MOVED_PER_TICK;
  let table = firstMoving(all);
  if (table === undefined) return false;
  while (table !== undefined && left > 0) {
    left -= MOVED_AT_ONCE;
    // A table that may not move now blocks the others as well.
    if (!table.rehash(MOVED_AT_ONCE)) {
      if (table.isRehashing) return true;
      table = firstMoving(all);
    }
  }
  return true;
}

function firstMoving(all: readonly KeyTables[]): HashTable | undefined {
  for (const tables of all) {
    const table = tables.moving();
    if (table !== undefined) return table;
  }
  return undefined;
}

// A clock of whole seconds counts idleness.
function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
