import { expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { TYPE_NAMES } from '#slablab/src/model/index.js';
import { KEYS, randomCommands } from '../../support/accounted-server.js';
import { printedSeed } from '../../support/seed.js';
import { slotOf, slotServer } from '../../support/slot-server.js';

const VERSIONS = [
  'redis-7.0',
  'redis-7.2',
  'redis-8.0',
  'redis-8.6',
  'valkey-8.0',
  'valkey-8.1',
  'valkey-9.1',
];
const TAGS = ['{a}', '{b}'];

/** Strings, hashes, sets and lists that grow, shrink and go; short texts and long ones. */
function fourTypes(random: Random): readonly string[] {
  const tag = TAGS[random.below(TAGS.length)]!;
  const key = (type: string) => `${tag}${type}${random.below(3)}`;
  const member = () => `m${random.below(150)}`.padEnd(random.below(3) === 0 ? 70 : 1, '.');
  const length = () => random.below(random.below(20) === 0 ? 600_000 : 200);
  const text = () => (random.below(4) === 0 ? `${random.below(1e6)}` : 'x'.repeat(length()));
  const choices: readonly (() => string[])[] = [
    () => ['SET', key('k'), text()],
    () => ['APPEND', key('k'), text()],
    () => ['INCR', key('k')],
    () => ['DEL', key('khsl'[random.below(4)]!)],
    () => ['HSET', key('h'), member(), text(), member(), text()],
    () => ['HDEL', key('h'), member(), member()],
    () => ['HGET', key('h'), member()],
    () => ['HINCRBY', key('h'), member(), '7'],
    () => ['SADD', key('s'), member(), member()],
    () => ['SADD', key('s'), `${random.below(1e6)}`],
    () => ['SREM', key('s'), member(), member()],
    () => ['SISMEMBER', key('s'), member()],
    () => ['SPOP', key('s'), `${random.below(3)}`],
    () => ['SMOVE', key('s'), key('s'), member()],
    () => ['RPUSH', key('l'), text(), text()],
    () => ['LPUSH', key('l'), 'x'.repeat(random.below(9) === 0 ? 9000 : 20)],
    () => ['LPOP', key('l'), `${random.below(4)}`],
    () => ['LSET', key('l'), '0', text()],
    () => ['LINSERT', key('l'), 'BEFORE', text(), text()],
  ];
  return choices[random.below(choices.length)]!();
}

test.each(VERSIONS)(
  '%s: 300 rounds of 200 operations, four types, two slots, verified after each',
  (version) => {
    const random = new Random(printedSeed(version));
    const redis = slotServer(version);
    for (let round = 0; round < 300; round++) {
      for (let left = 200; left > 0; left--) {
        const words = fourTypes(random);
        redis.execute(...words);
        const wrong = redis.verify(...TAGS);
        if (wrong.length > 0) expect(wrong, `round ${round}: ${words.join(' ')}`).toEqual([]);
      }
    }
    expect(redis.slot('a').keyCount).toBeGreaterThan(5);
  },
);

test.each(VERSIONS)(
  '%s: all six types, in several databases, with expiry, eviction, transactions and flushes',
  (version) => {
    const random = new Random(printedSeed(version));
    const redis = slotServer(version, false);
    const { server } = redis;
    const next = randomCommands(random);
    const types = new Set<string>();
    let nowMs = 0;
    let evicted = 0;
    redis.execute('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-random');
    for (let round = 0; round < 400; round++) {
      for (let left = 100; left > 0; left--) {
        nowMs += random.below(8);
        redis.executeAs(random.below(2), nowMs, ...otherwise(random, next));
      }
      if (round % 20 === 19) {
        const keys = keysOf(server.databases);
        redis.execute('CONFIG', 'SET', 'maxmemory', `${server.heap.used - 30_000}`);
        redis.execute('GET', 'k0');
        redis.execute('CONFIG', 'SET', 'maxmemory', '0');
        evicted += Math.max(0, keys - keysOf(server.databases));
      }
      expect(redis.verifyAll(), `round ${round}`).toEqual([]);
      for (const { keys } of server.databases) {
        for (const row of keys.rows()) types.add(TYPE_NAMES[server.keyspace.typeOf(row)]);
      }
    }
    expect([...types].sort()).toEqual(['hash', 'list', 'set', 'stream', 'string', 'zset']);
    expect(evicted).toBeGreaterThan(20);
    for (const client of [0, 1]) redis.executeAs(client, nowMs, 'DISCARD');
    redis.execute('FLUSHALL');
    expect(server.keyspace.slots?.keyCounts.some((count) => count > 0)).toBe(false);
    expect(redis.memory(KEYS[0]!)).toBe(0);
    expect(slotOf('{a}1')).toBe(slotOf('a'));
  },
);

/** Now and then something that concerns databases. */
function otherwise(random: Random, next: () => readonly string[]): readonly string[] {
  const key = () => KEYS[random.below(KEYS.length)]!;
  const database = () => `${random.below(3)}`;
  switch (random.below(40)) {
    case 0:
      return ['SELECT', database()];
    case 1:
      return ['SWAPDB', database(), database()];
    case 2:
      return ['MOVE', key(), database()];
    case 3:
      return ['RENAME', key(), key()];
    case 4:
      return ['COPY', key(), key(), 'DB', database(), 'REPLACE'];
    default:
      return next();
  }
}

function keysOf(databases: readonly { readonly size: number }[]): number {
  return databases.reduce((sum, { size }) => sum + size, 0);
}
