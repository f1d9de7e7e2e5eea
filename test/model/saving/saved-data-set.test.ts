import { describe, expect, test } from 'vitest';
import { hashOf, latin1, latin1Bytes, Random } from '#slablab/src/base/index.js';
import {
  carryRegisters,
  Loading,
  type RedisServer,
  SERVERS,
  savedDataSet,
  TYPE_NAMES,
} from '#slablab/src/model/index.js';
import { encodingName } from '#slablab/src/model/keyspace/index.js';
import { type HashValue, LookupKey } from '#slablab/src/model/values/index.js';
import { containerCommands } from '../../support/container-commands.js';
import { newServer, type TestServer } from '../../support/redis.js';

/** Starts a server with the data set of another. */
function restarted(before: RedisServer, version = before.version.name): TestServer {
  const next = newServer(version, { epochMs: before.epochMs + before.nowMs });
  const refuse = (found: string) => new Error(found);
  const steps = new Loading(next.server, { isLog: false, refuse }).steps(savedDataSet(before));
  for (const _ of next.server.load(steps));
  carryRegisters(before, next.server);
  return next;
}

/**
 * The keys with type, size and expiry in Unix time, by name; with encoding and bytes, too, if `isExact`. The bytes of
 * hash tables and skiplists depend on the order of their elements.
 */
function contentOf(server: RedisServer, isExact = true): readonly unknown[] {
  const { keyspace, databases, epochMs } = server;
  const found: (readonly unknown[])[] = [];
  for (const [number, { keys }] of databases.entries()) {
    for (const row of keys.rows()) {
      const type = TYPE_NAMES[keyspace.typeOf(row)];
      const size = type === 'string' ? keyspace.detail(row) : keyspace.modelOf(row).size;
      const expiry = keyspace.expiryOf(row);
      const name = encodingName(keyspace, row);
      const isPacked = name !== 'hashtable' && name !== 'skiplist' && type !== 'string';
      const bytes = isPacked ? keyspace.modelOf(row).logicalBytes : 0;
      const encoding = isExact ? `${name} ${bytes}` : '';
      found.push([number, latin1(keyspace.nameOf(row)), type, encoding, size, expiry && expiry + epochMs]);
    }
  }
  return found.sort((left, right) => (`${left}` < `${right}` ? -1 : 1));
}

function filled(version: string, seed: number): TestServer {
  const random = new Random(seed);
  const test = newServer(version);
  const commands = containerCommands(random);
  for (let count = 0; count < 3000; count++) test.execute(...commands[random.below(commands.length)]!());
  test.execute('SET', 'text', 'a text');
  test.execute('SET', 'long', 'x'.repeat(5000), 'PX', '90000');
  test.execute('SET', 'small', '17');
  test.execute('SET', 'large', '-9007199254740993');
  test.execute('SET', 'fraction', '1.25');
  test.execute('PFADD', 'sketch', 'a', 'b', 'c');
  test.execute('SELECT', '3');
  test.execute('SET', 'third', 'database');
  test.execute('HSET', 'thirdhash', 'f', 'v'.repeat(200), `${'field'.repeat(20)}1`, '17');
  return test;
}

test.each(SERVERS.map(({ name }) => name))('%s: a data set is the same after a restart', (version) => {
  const { server } = filled(version, 5);
  const first = restarted(server);
  expect(contentOf(first.server, false)).toEqual(contentOf(server, false));
  // What was loaded once is loaded alike again.
  const second = restarted(first.server);
  expect(contentOf(second.server)).toEqual(contentOf(first.server));
  expect(second.liveBytes()).toBe(second.server.heap.used);
});

test('long members of which only the beginning is kept are found again', () => {
  const test = newServer();
  const member = (end: string) => `${'m'.repeat(70)}${end}`;
  for (let count = 0; count < 200; count++) test.execute('SADD', 's', member(`${count}`));
  const next = restarted(test.server);
  next.execute('SREM', 's', member('7'), member('8'), member('none'));
  expect(contentOf(next.server)).toEqual([[0, 's', 'set', expect.stringMatching(/^hashtable /), 198, 0]]);
});

test('numbers and HyperLogLogs can be changed after a restart', () => {
  const { server } = filled('redis-7.2', 6);
  const next = restarted(server);
  for (const words of [
    ['INCR', 'large'],
    ['INCRBYFLOAT', 'fraction', '1'],
    ['PFADD', 'sketch', 'd'],
  ]) {
    next.execute(...words);
  }
  expect(next.server.gaps.count).toBe(0);
  const name = latin1Bytes('large');
  const row = next.server.databases[0]!.peek(hashOf(name, 0, name.length), name, 0, name.length);
  const { keyspace } = next.server;
  const value = (BigInt.asIntN(32, BigInt(keyspace.detail(row))) << 32n) | BigInt(keyspace.payload(row));
  expect(value).toBe(-9007199254740992n);
  expect(keyspace.hyperLogLogs.size).toBe(1);
});

test('keys that have expired are left out', () => {
  const test = newServer();
  test.execute('SET', 'gone', 'v', 'PX', '100');
  test.execute('SET', 'stays', 'v', 'PX', '90000');
  test.server.isExpiryActive = false;
  test.executeAs(0, 5000, 'PING');
  const next = restarted(test.server);
  expect(contentOf(next.server).map((key) => (key as unknown[])[1])).toEqual(['stays']);
});

test('a newer server takes the data set of an older one in its own encodings', () => {
  const { server } = newServer('redis-7.0');
  const old = newServer('redis-7.0');
  old.execute('SADD', 's', 'a', 'b');
  old.execute('RPUSH', 'l', 'a', 'b');
  expect(server.keyspace).toBeDefined();
  const next = restarted(old.server, 'redis-7.2');
  expect(contentOf(next.server)).toEqual([
    [0, 'l', 'list', expect.stringMatching(/^listpack /), 2, 0],
    [0, 's', 'set', expect.stringMatching(/^listpack /), 2, 0],
  ]);
});

describe.each(SERVERS.filter(({ containers }) => containers.fieldExpiry !== 'none').map(({ name }) => name))(
  '%s: fields that expire',
  (version) => {
    const expiries = (server: RedisServer, hash: string, fields: readonly string[]) => {
      const name = latin1Bytes(hash);
      const row = server.databases[0]!.peek(hashOf(name, 0, name.length), name, 0, name.length);
      const model = server.keyspace.modelOf(row) as HashValue;
      const found = fields.map((field) => model.expiryOf(new LookupKey().setText(field)));
      return [model.encoding, model.firstExpiryMs, ...found];
    };

    test('keep their times after a restart, and expire', () => {
      const test = newServer(version);
      const now = test.server.epochMs;
      const large = Array.from({ length: 600 }, (_, field) => [`f${field}`, 'v']).flat();
      test.execute('HSET', 'small', 'a', '1', 'b', '2', 'c', '3');
      test.execute('HPEXPIRE', 'small', '5000', 'FIELDS', '1', 'b');
      test.execute('HPEXPIRE', 'small', '90000', 'FIELDS', '1', 'c');
      test.execute('HSET', 'large', ...large);
      test.execute('HPEXPIRE', 'large', '7000', 'FIELDS', '2', 'f3', 'f5');
      const next = restarted(test.server);
      const isVset = next.server.version.containers.fieldExpiry === 'vset';
      expect(expiries(next.server, 'small', ['a', 'b', 'c'])).toEqual([
        isVset ? 'hashtable' : 'listpackex',
        now + 5000,
        0,
        now + 5000,
        now + 90_000,
      ]);
      expect(expiries(next.server, 'large', ['f3', 'f4'])).toEqual(['hashtable', now + 7000, now + 7000, 0]);
      expect(next.liveBytes()).toBe(next.server.heap.used);
      for (let time = 1000; time <= 20_000; time += 100) next.executeAs(0, time, 'PING');
      expect(contentOf(next.server, false).map((key) => (key as unknown[])[4])).toEqual([598, 2]);
    });
  },
);
