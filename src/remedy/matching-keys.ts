import { globMatcher, latin1, latin1Bytes } from '../base/index.js';
import type { RedisServer } from '../model/index.js';

/** SCAN without COUNT. */
const KEYS_PER_SCAN = 10;
const MOST_ROUNDS = KEYS_PER_SCAN * 10;

/** One call of SCAN: its cursor, the cursor that it replies, and the names of the matching keys. */
export interface ScanCall {
  readonly cursor: number;
  readonly next: number;
  readonly names: readonly string[];
}

/**
 * Yields the calls of SCAN that walk a database, which the caller then sends. The table may change between the calls, as
 * with a real client. Names have one character for each byte.
 */
export function* scanCalls(server: RedisServer, database: number, pattern: string): Generator<ScanCall> {
  const { keyspace, databases } = server;
  const matches = globMatcher(latin1Bytes(pattern));
  let cursor = 0;
  do {
    const names: string[] = [];
    let next = cursor;
    let sampled = 0;
    let rounds = MOST_ROUNDS;
    do {
      next = databases[database]!.keys.scan(next, (row) => {
        sampled++;
        const name = keyspace.nameOf(row);
        const expiry = keyspace.expiryOf(row);
        if (matches(name) && (expiry === 0 || expiry >= server.nowMs)) names.push(latin1(name));
      });
    } while (next !== 0 && rounds-- > 0 && sampled < KEYS_PER_SCAN);
    yield { cursor, next, names };
    cursor = next;
  } while (cursor !== 0);
}
