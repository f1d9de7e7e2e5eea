import { hashOf, latin1, latin1Bytes } from '../../base/index.js';
import { type RdbEvent, Slice } from '../../input/index.js';
import type { RedisServer } from '../server/index.js';
import { ownBytes, SavedStrings } from './saved-strings.js';
import { savedValue } from './saved-values.js';

/** A server of today is that of a 64-bit system, which its files say. */
const BITS = '64';
/** The file name of an RDB file is no base of an append-only file. */
const IS_AOF_BASE = '0';

/**
 * Yields the data set of a server as the RDB file that it would save (rdbSaveRio). Aux fields come first, then each
 * database in the order of its hash table. Strings are not compressed, and function libraries are not kept.
 */
export function* savedDataSet(server: RedisServer): Generator<RdbEvent> {
  const { version, epochMs, nowMs, heap, keyspace } = server;
  yield { kind: 'rdb-start', version: version.rdbVersion, flavour: version.product };
  const aux: readonly (readonly [string, string])[] = [
    [`${version.product}-ver`, version.release],
    [`${version.product}-bits`, BITS],
    ['ctime', `${Math.floor((epochMs + nowMs) / 1000)}`],
    ['used-mem', `${heap.used}`],
    ['aof-base', IS_AOF_BASE],
  ];
  for (const [name, value] of aux) yield { kind: 'rdb-aux', name, value };
  const strings = new SavedStrings(server.values);
  const key = new Slice();
  let count = 0;
  for (const [number, { keys, expires }] of server.databases.entries()) {
    if (keys.used === 0) continue;
    yield { kind: 'rdb-resize', database: number, keys: keys.used, expires: expires.used };
    for (const row of keys.rows()) {
      ownBytes(keyspace.nameOf(row), key);
      const expiry = keyspace.expiryOf(row);
      count++;
      yield {
        kind: 'rdb-entry',
        database: number,
        key,
        expireAtMs: expiry === 0 ? undefined : expiry + epochMs,
        idleSeconds: undefined,
        frequency: undefined,
        value: savedValue(keyspace, strings, row, epochMs),
      };
    }
  }
  yield { kind: 'rdb-end', keys: count };
}

/** Gives a loaded server the registers of HyperLogLogs, which their strings hold and the model keeps apart. */
export function carryRegisters(from: RedisServer, to: RedisServer): void {
  for (const [row, registers] of from.keyspace.hyperLogLogs) {
    const name = latin1Bytes(latin1(from.keyspace.nameOf(row)));
    const hash = hashOf(name, 0, name.length);
    for (const [number, database] of from.databases.entries()) {
      if (database.peek(hash, name, 0, name.length) !== row) continue;
      const found = to.databases[number]?.peek(hash, name, 0, name.length) ?? 0;
      if (found !== 0) to.keyspace.hyperLogLogs.set(found, registers.copy());
    }
  }
}
