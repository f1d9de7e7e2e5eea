/** Counts the keys of each pattern with their expiry, and finds the biggest keys, at one moment of a modelled server. */
import { latin1 } from '../base/index.js';
import { type Attribution, memoryUsage, type RedisServer, TYPE_NAMES } from '../model/index.js';
import { sizeOfValue } from './key-census.js';
import { readableName } from './readable-name.js';

/** The keys of one pattern. */
export interface KeyCounts {
  readonly count: number;
  /** Keys that have a time to live. */
  readonly expiring: number;
  /** The shortest and the longest time to live among them; null if there are none. */
  readonly soonestMs: number | null;
  readonly latestMs: number | null;
}

/** One of the biggest keys. */
export interface BigKey {
  readonly name: string;
  readonly type: string;
  /** Bytes of a string, elements of any other value. */
  readonly size: number;
  /** The answer of MEMORY USAGE. */
  readonly memoryUsage: number;
  /** Its time to live; null if it has none. */
  readonly ttlMs: number | null;
}

export interface KeyTally {
  /** Counts by the number of the pattern. */
  readonly byPattern: ReadonlyMap<number, KeyCounts>;
  /** The biggest keys by MEMORY USAGE, the biggest first. */
  readonly biggest: readonly BigKey[];
}

const MOST_BIGGEST = 10;

/** Counts the keys in all databases. */
export function tallyKeys(server: RedisServer, { patterns }: Pick<Attribution, 'patterns'>): KeyTally {
  const { keyspace, nowMs } = server;
  const counts = new Map<number, Count>();
  const biggest: { row: number; usage: number }[] = [];
  for (const { keys } of server.databases) {
    for (const row of keys.rows()) {
      const name = keyspace.nameOf(row);
      const pattern = patterns.of(name, 0, name.length);
      const count = counts.get(pattern) ?? new Count();
      counts.set(pattern, count);
      count.add(ttlOf(keyspace.expiryOf(row), nowMs));
      keepBiggest(biggest, row, memoryUsage(server, row));
    }
  }
  return {
    byPattern: counts,
    biggest: biggest.map(({ row, usage }) => ({
      name: readableName(latin1(keyspace.nameOf(row))),
      type: TYPE_NAMES[keyspace.typeOf(row)],
      size: sizeOfValue(server, row),
      memoryUsage: usage,
      ttlMs: ttlOf(keyspace.expiryOf(row), nowMs),
    })),
  };
}

/** Returns the time that a key has left, which is 0 for one that is due; null for one without an expiry. */
function ttlOf(expiryMs: number, nowMs: number): number | null {
  return expiryMs === 0 ? null : Math.max(0, expiryMs - nowMs);
}

class Count implements KeyCounts {
  count = 0;
  expiring = 0;
  soonestMs: number | null = null;
  latestMs: number | null = null;

  add(ttlMs: number | null): void {
    this.count++;
    if (ttlMs === null) return;
    this.expiring++;
    this.soonestMs = Math.min(this.soonestMs ?? ttlMs, ttlMs);
    this.latestMs = Math.max(this.latestMs ?? ttlMs, ttlMs);
  }
}

function keepBiggest(biggest: { row: number; usage: number }[], row: number, usage: number): void {
  const last = biggest[MOST_BIGGEST - 1];
  if (last !== undefined && last.usage >= usage) return;
  const at = biggest.findIndex((other) => other.usage < usage);
  biggest.splice(at < 0 ? biggest.length : at, 0, { row, usage });
  biggest.length = Math.min(biggest.length, MOST_BIGGEST);
}
