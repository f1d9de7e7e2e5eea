/** The topics of a published test suite for memory by slot, in its order, and what it leaves out. */

import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { hashOf } from '#slablab/src/base/murmur-hash.js';
import { findServer } from '#slablab/src/model/index.js';
import { resp } from '../../input/support/resp.js';
import { newServer } from '../../support/redis.js';
import { type SlotServer, slotOf, slotServer } from '../../support/slot-server.js';

const VERSIONS = ['redis-7.0', 'redis-7.2', 'valkey-8.0', 'valkey-8.1', 'valkey-9.1'];

/** A skiplist with one member of 80 bytes, without the levels of its node, where the table is no dict. */
const SKIPLIST_OF_ONE: Readonly<Record<string, number>> = {
  'valkey-8.1': 16 + 32 + 536 + 72 + 64 + 84 + 24,
  'valkey-9.1': 16 + 528 + 80 + 64 + 84 + 17,
};

/** Members, fields, … that are too long for what small values are packed in, one after the other. */
const long = (index: number) => `${index}`.padStart(80, 'x');
const many = (count: number, of: (index: number) => string) =>
  Array.from({ length: count }, (_, at) => of(at));

describe.each(VERSIONS)('%s', (version) => {
  let redis: SlotServer;
  let execute: SlotServer['execute'];
  beforeEach(() => {
    redis = slotServer(version);
    ({ execute } = redis);
  });

  function expectRight(...names: readonly string[]): void {
    expect(redis.verify(...names)).toEqual([]);
  }

  function expectBytes(name: string, bytes: number): void {
    expect(redis.slot(name)).toMatchObject({ keyCount: 1, memoryLogicalBytes: bytes });
    expectRight(name);
  }

  /** Deleted, it leaves nothing, and the next of that name is counted from nothing. */
  function expectGone(name: string): void {
    execute('DEL', name);
    expect(redis.slot(name)).toMatchObject({ keyCount: 0, memoryLogicalBytes: 0 });
    execute('SET', name, 'short');
    expectBytes(name, 3 + 5 + 1);
  }

  test('keys that nobody asks about: they come and go, change, change type, and have long names', () => {
    const name = (index: number) => (index % 7 === 0 ? long(index) : `k${index}`);
    for (let index = 0; index < 1000; index++) {
      if (index % 3 === 0) execute('SET', name(index), 'x'.repeat(index));
      else if (index % 3 === 1) execute('RPUSH', name(index), ...many(index % 40, long), 'x');
      else execute('MSET', name(index), 'x', `other${index}`, 'y'.repeat(index));
      if (index % 5 === 0) execute('DEL', name(index));
      if (index % 11 === 0) execute('DEL', name(index - (index % 100)));
      if (index % 13 === 0) execute('SET', name(index), 'z'.repeat(20));
      if (index % 17 === 0) execute('RPUSH', name(index), long(index));
    }
    expect(redis.verifyAll()).toEqual([]);
    expect(redis.server.keyspace.slots?.keyCounts.some((count) => count > 0)).toBe(true);
  });

  describe('lists of more than 256 KB', () => {
    test('one that grows past it, and beyond, shrinks, and goes', () => {
      const edge = 2 ** 18 - 2;
      execute('RPUSH', 'l', 'x'.repeat(edge));
      const more = redis.memory('l') - edge;
      expect(more).toBeGreaterThan(0);
      for (const size of [edge - 1, edge, edge + 1, 2_000_000, edge, 90_000, edge + 9, edge - 1, edge]) {
        execute('LSET', 'l', '0', 'x'.repeat(size - more));
        expectBytes('l', size);
      }
      expectGone('l');
    });
  });

  describe('strings', () => {
    test('SET: header, text and end mark', () => {
      execute('SET', 'k', 'x'.repeat(100));
      expect(redis.slot('k')).toMatchObject({ keyCount: 1, memoryLogicalBytes: 104 });
      expectRight('k');
    });

    test('overwriting one counts the new text alone', () => {
      execute('SET', 'k', 'x'.repeat(100));
      execute('SET', 'k', 'x'.repeat(1000));
      expect(redis.memory('k')).toBe(5 + 1000 + 1);
      execute('SET', 'k', 'short');
      expect(redis.memory('k')).toBe(3 + 5 + 1);
      expectRight('k');
    });

    test('one that grows past 256 KB, and beyond, shrinks, and goes', () => {
      const edge = 2 ** 18 - 2;
      for (const size of [edge - 1, edge, edge + 1, 5_000_000, edge, 7, edge + 9, edge - 1, edge]) {
        const header = size > 255 ? (size > 65_535 ? 9 : 5) : 3;
        execute('SET', 'k', 'x'.repeat(size - header - 1));
        expectBytes('k', size);
      }
      expectGone('k');
    });

    test('one gives way to a list, and the list to one', () => {
      execute('SET', 'k', 'x'.repeat(100));
      execute('RPUSH', 'l', 'x'.repeat(30));
      const list = redis.memory('l');
      execute('RENAME', 'l', 'k');
      expect(redis.memory('k')).toBe(list);
      execute('SET', 'k', 'x'.repeat(50));
      expect(redis.memory('k')).toBe(3 + 50 + 1);
      expectRight('k', 'l');
    });

    test('an integer lies in its object', () => {
      execute('SET', 'k', '123456789');
      expect(redis.slot('k')).toMatchObject({ keyCount: 1, memoryLogicalBytes: 0 });
      execute('APPEND', 'k', '0');
      expect(redis.memory('k')).toBeGreaterThan(10);
      expectRight('k');
    });

    test('DEL leaves nothing', () => {
      execute('SET', 'k', 'x'.repeat(100));
      execute('DEL', 'k');
      expect(redis.slot('k')).toMatchObject({ keyCount: 0, memoryLogicalBytes: 0 });
      expectRight('k');
    });
  });

  test('a hash that grows in place, verified after each of 50 fields', () => {
    for (let index = 0; index < 50; index++) {
      execute('HSET', 'h', `field${index}`, long(index));
      expectRight('h');
    }
    expect(redis.memory('h')).toBeGreaterThan(50 * 80);
  });

  test('a set of 200 shrinks by 100', () => {
    execute('SADD', 's', ...many(200, long));
    const full = redis.memory('s');
    execute('SREM', 's', ...many(100, long));
    expect(redis.memory('s')).toBeLessThan(full);
    expectRight('s');
  });

  test('a list of 100 gives up 50', () => {
    execute('RPUSH', 'l', ...many(100, long));
    const full = redis.memory('l');
    for (let left = 50; left > 0; left--) execute('LPOP', 'l');
    expect(redis.memory('l')).toBeLessThan(full);
    expectRight('l');
  });

  test('a stream of 50 entries in several listpacks is trimmed', () => {
    execute('CONFIG', 'SET', 'stream-node-max-entries', '10');
    for (let index = 1; index <= 50; index++) execute('XADD', 'x', `${index}-0`, 'field', long(index));
    expectRight('x');
    const full = redis.memory('x');
    execute('XTRIM', 'x', 'MAXLEN', '10');
    expect(redis.memory('x')).toBeLessThan(full / 2);
    expectRight('x');
  });

  test('slots do not concern each other', () => {
    execute('SET', 'a', 'x'.repeat(100));
    execute('SET', 'b', 'x'.repeat(200));
    const { memoryLogicalBytes } = redis.slot('b');
    execute('DEL', 'a');
    expect(redis.memory('a')).toBe(0);
    expect(redis.memory('b')).toBe(memoryLogicalBytes);
    expectRight('a', 'b');
  });

  test('keys of one slot add up', () => {
    execute('SET', '{t}1', 'x'.repeat(100));
    execute('SET', '{t}2', 'x'.repeat(200));
    expect(redis.slot('t')).toMatchObject({ keyCount: 2, memoryLogicalBytes: 104 + 204 });
    expectRight('t');
  });

  test('types mix in one slot', () => {
    execute('SET', '{t}k', 'x'.repeat(100));
    const string = redis.memory('t');
    execute('HSET', '{t}h', ...many(100, long));
    const hash = redis.memory('t');
    execute('SADD', '{t}s', ...many(100, long));
    expect([string < hash, hash < redis.memory('t')]).toEqual([true, true]);
    expectRight('t');
  });

  test('FLUSHALL: nothing is left in any slot', () => {
    for (const name of many(100, (index) => `k${index}`)) execute('SET', name, 'x'.repeat(50));
    execute('FLUSHALL');
    expect(redis.server.keyspace.slots?.bytes.some((bytes) => bytes !== 0)).toBe(false);
    expect(redis.verifyAll()).toEqual([]);
  });

  test.each(['SYNC', 'ASYNC'])('FLUSHDB %s: what comes after it is counted anew', (how) => {
    execute('SET', 'k', 'x'.repeat(100));
    execute('FLUSHDB', how);
    expect(redis.memory('k')).toBe(0);
    execute('SET', 'k', 'x'.repeat(20));
    execute('SADD', 's', 'member');
    expect(redis.memory('k')).toBe(3 + 20 + 1);
    expectRight('k', 's');
  });

  test('a key that cron finds expired is taken off', () => {
    redis.executeAs(0, 0, 'SET', 'k', 'x'.repeat(100), 'PX', '100');
    expect(redis.memory('k')).toBe(104);
    redis.server.advanceTo(2000);
    expect(redis.slot('k')).toMatchObject({ keyCount: 0, memoryLogicalBytes: 0 });
    expectRight('k');
  });

  test('an expired key that a write finds is not counted twice', () => {
    // Too few ticks for cron to find it first.
    execute('CONFIG', 'SET', 'hz', '1');
    redis.executeAs(0, 0, 'SET', 'k', 'x'.repeat(100), 'PX', '100');
    redis.executeAs(0, 150, 'APPEND', 'k', 'x'.repeat(50));
    expect(redis.slot('k').keyCount).toBe(1);
    expect(redis.memory('k')).toBe(3 + 50 + 1);
    expectRight('k');
  });

  test('a transaction of all that there is', () => {
    execute('MULTI');
    execute('SET', '{t}k', 'x'.repeat(100));
    for (let index = 0; index < 50; index++) execute('HSET', '{t}h', `f${index}`, long(index));
    execute('SADD', '{t}s', ...many(50, long));
    execute('RPUSH', '{t}l', ...many(50, long));
    expect(redis.slot('t')).toMatchObject({ keyCount: 0, memoryLogicalBytes: 0 });
    execute('EXEC');
    expect(redis.slot('t').keyCount).toBe(4);
    expectRight('t');
  });

  test('eviction takes off what it takes', () => {
    for (const name of many(300, (index) => `{t}${index}`)) execute('SET', name, 'x'.repeat(1000));
    const full = redis.memory('t');
    execute('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    execute('CONFIG', 'SET', 'maxmemory', `${redis.server.heap.used - 100_000}`);
    execute('SET', '{t}0', 'x');
    expect(redis.memory('t')).toBeLessThan(full - 50_000);
    expect(redis.slot('t').keyCount).toBeLessThan(250);
    expectRight('t');
  });

  // Fields that expire came with redis-7.4 and valkey-9.0; the other servers have no command for them.
  const hasFieldExpiry = findServer(version)!.containers.fieldExpiry !== 'none';

  test.skipIf(hasFieldExpiry).each([
    ['partly', ['HEXPIRE', 'h', '10', 'FIELDS', '1', 'f']],
    ['all of them', ['HSETEX', 'h', 'EX', '10', 'FIELDS', '1', 'f', 'v']],
  ])('fields that expire, %s: a command that is unknown here and changes nothing', (_, words) => {
    execute('HSET', 'h', 'f', 'v');
    const before = redis.slot('h');
    execute(...words);
    expect([...redis.server.unknown.counts]).toEqual([[words[0], 1]]);
    redis.server.advanceTo(20_000);
    expect(redis.slot('h')).toEqual(before);
    expectRight('h');
  });

  test.skipIf(!hasFieldExpiry)('fields that expire, partly: the rest stays counted', () => {
    for (let field = 0; field < 50; field++) execute('HSET', 'h', `stays${field}`, 'v');
    const before = redis.memory('h');
    for (let field = 0; field < 50; field++) {
      execute('HSETEX', 'h', 'EX', '10', 'FIELDS', '1', `goes${field}`, 'v'.repeat(30));
    }
    const full = redis.memory('h');
    expect(full).toBeGreaterThan(before + 50 * 30);
    expectRight('h');
    redis.server.advanceTo(20_000);
    execute('HLEN', 'h');
    expect(redis.memory('h')).toBeLessThan(full - 50 * 30);
    expect(redis.slot('h').keyCount).toBe(1);
    expectRight('h');
  });

  test.skipIf(!hasFieldExpiry)('fields that expire, all of them: the hash is gone with the last one', () => {
    for (let field = 0; field < 200; field++) {
      execute('HSETEX', 'h', 'EX', '10', 'FIELDS', '1', `f${field}`, 'v');
    }
    expectRight('h');
    redis.server.advanceTo(20_000);
    expect(redis.slot('h')).toMatchObject({ keyCount: 0, memoryLogicalBytes: 0 });
  });

  test('an append-only file, with commands after it', () => {
    const log = [
      resp('SET', 'k', 'x'.repeat(100)),
      resp('HSET', 'h', ...many(200, long)),
      resp('MULTI'),
      resp('SADD', 's', ...many(200, long)),
      resp('DEL', 'k'),
      resp('EXEC'),
    ].join('');
    redis.load(Buffer.from(log, 'latin1'), 'aof');
    expect(redis.slot('k').keyCount).toBe(0);
    expect(redis.memory('s')).toBeGreaterThan(200 * 80);
    expectRight('k', 'h', 's');
    execute('HSET', 'h', 'more', long(1));
    expectRight('h');
  });

  test('an appendonlydir whose base is an image', () => {
    const path = fileURLToPath(new URL('../../input/fixtures/appendonlydir', import.meta.url));
    const loaded = slotServer('valkey-8.0', false);
    loaded.load(path);
    expect(loaded.server.databases[0]?.size).toBeGreaterThan(0);
    expect(loaded.verifyAll()).toEqual([]);
  });

  test('figures that are wrong are found: CONFIG RESETSTAT forgets them', () => {
    execute('SET', 'k', 'x'.repeat(100));
    expectRight('k');
    execute('CONFIG', 'RESETSTAT');
    expect(redis.verify('k')).toEqual([
      `ERR slot ${slotOf('k')}: memory-logical-bytes is 0, a walk finds 104 (104 more); key-count is 1, a walk finds 1`,
    ]);
  });

  test('a hash that is moved to other buckets as it grows, shrinks and grows, verified after each command', () => {
    for (let index = 0; index < 100; index++) {
      execute('HSET', 'h', `f${index}`, long(index));
      expectRight('h');
    }
    for (let index = 0; index < 50; index++) {
      execute('HDEL', 'h', `f${index}`);
      expectRight('h');
    }
    for (let index = 100; index < 200; index++) {
      execute('HSET', 'h', `f${index}`, long(index));
      expectRight('h');
    }
  });

  test.each([
    ['HGET', 'h', (index: number) => ['HSET', 'h', long(index), 'v']],
    ['SISMEMBER', 's', (index: number) => ['SADD', 's', long(index)]],
    ['ZSCORE', 'z', (index: number) => ['ZADD', 'z', `${index}`, long(index)]],
  ] as const)('%s moves buckets, and the old array goes', (read, name, write) => {
    let index = 0;
    const table = () => {
      const row = redis.server.databases[0]!.peek(...placeOf(name))!;
      const model = redis.server.keyspace.modelOf(row) as unknown as {
        readonly table: { isRehashing: boolean };
      };
      return model.table;
    };
    while (index < 130 || !table().isRehashing) execute(...write(index++));
    const before = redis.memory(name);
    for (let reads = 0; table().isRehashing && reads < 10_000; reads++) {
      execute(read, name, 'nobody');
      expectRight(name);
    }
    expect(table().isRehashing).toBe(false);
    expect(redis.memory(name)).toBeLessThan(before);
  });

  test('a hash and a set by turns, 300 rounds, verified after each command', () => {
    for (let round = 0; round < 300; round++) {
      execute('HSET', '{t}h', `f${round}`, long(round));
      expectRight('t');
      execute('SADD', '{t}s', long(round));
      expectRight('t');
      if (round % 3 === 2) {
        execute('HDEL', '{t}h', `f${round - 2}`);
        execute('SREM', '{t}s', long(round - 1));
        expectRight('t');
      }
    }
  });

  test('a sorted set with a skiplist is counted: structs, head, nodes of any level, strings, table', () => {
    execute('ZADD', 'z', '1', 'x'.repeat(80));
    const { memoryLogicalBytes } = redis.slot('z');
    const level =
      (memoryLogicalBytes! - (SKIPLIST_OF_ONE[version] ?? 16 + 32 + 536 + 56 + 4 * 8 + 24 + 84 + 24)) / 16;
    expect(level).toBeGreaterThanOrEqual(1);
    expect(Number.isInteger(level)).toBe(true);
    for (let index = 0; index < 300; index++) execute('ZADD', 'z', `${index}`, long(index));
    for (let index = 0; index < 300; index += 2) execute('ZADD', 'z', `${1000 - index}`, long(index));
    expectRight('z');
    execute('ZREMRANGEBYRANK', 'z', '0', '250');
    expectRight('z');
  });

  test('keys that go elsewhere: RENAME, COPY, SWAPDB, MOVE', () => {
    redis = slotServer(version, false);
    ({ execute } = redis);
    execute('SADD', 'a', ...many(200, long));
    const set = redis.memory('a');
    execute('RENAME', 'a', 'b');
    expect([redis.memory('a'), redis.memory('b')]).toEqual([0, set]);
    execute('COPY', 'b', 'c');
    expectRight('a', 'b', 'c');
    execute('COPY', 'b', 'b', 'DB', '3');
    expect(redis.slot('b').keyCount).toBe(2);
    expectRight('b');
    const both = redis.memory('b');
    execute('SWAPDB', '0', '3');
    expect(redis.memory('b')).toBe(both);
    execute('DEL', 'b');
    expect(redis.slot('b').keyCount).toBe(1);
    execute('MOVE', 'b', '5');
    execute('SELECT', '3');
    execute('MOVE', 'b', '7');
    execute('SELECT', '7');
    execute('SREM', 'b', long(1));
    expect(redis.verifyAll()).toEqual([]);
    execute('FLUSHALL');
    expect(redis.memory('b')).toBe(0);
  });

  test('what is there when accounting begins is counted', () => {
    const plain = newServer(version);
    plain.execute('SET', 'k', 'x'.repeat(100));
    expect(plain.server.keyspace.slots).toBeUndefined();
    plain.execute('CONFIG', 'SET', 'cluster-slot-stats-enabled', 'yes');
    expect(plain.server.keyspace.slots?.bytes[slotOf('k')]).toBe(104);
  });
});

/** The newest image that the version loads; for one of them the oldest as well, whose packed values are converted. */
function placeOf(name: string): [number, Uint8Array, number, number] {
  const bytes = Buffer.from(name, 'latin1');
  return [hashOf(bytes, 0, bytes.length), bytes, 0, bytes.length];
}
