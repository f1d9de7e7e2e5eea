/** Which commands count as the use of a key, for policies that evict by the last use or the last change. */

import { expect, test } from 'vitest';
import { hashOf } from '#slablab/src/base/index.js';
import { setSetting } from '#slablab/src/model/settings/index.js';
import { newServer } from '../../support/redis.js';

/** Returns the seconds for which a key counts as idle after each command, a minute after it was made. */
function idleAfter(version: string, policy: string, ...commands: readonly (readonly string[])[]): number[] {
  return commands.map((words) => {
    const { server, executeAs } = newServer(version);
    expect(setSetting(server.settings, 'maxmemory-policy', policy)).toBe(true);
    executeAs(0, 0, 'SET', 'key', 'value');
    executeAs(0, 60_000, ...words);
    const name = Buffer.from('key');
    const row = server.databases[0]!.peek(hashOf(name, 0, name.length), name, 0, name.length);
    return Math.round(server.keyspace.idleMs(row, 60_000) / 1000);
  });
}

const LOOKS = [
  ['EXISTS', 'key'],
  ['TYPE', 'key'],
  ['TTL', 'key'],
  ['PTTL', 'key'],
  ['EXPIRETIME', 'key'],
  ['OBJECT', 'ENCODING', 'key'],
  ['OBJECT', 'IDLETIME', 'key'],
];
const READS = [
  ['GET', 'key'],
  ['STRLEN', 'key'],
  ['TOUCH', 'key'],
];
const CHANGES = [
  ['APPEND', 'key', 'x'],
  ['SET', 'key', 'y'],
  ['EXPIRE', 'key', '1000'],
];

test.each(['redis-7.0', 'redis-8.6', 'valkey-9.1'])('%s: looking at a key is no use of it', (version) => {
  expect(idleAfter(version, 'allkeys-lru', ...LOOKS)).toEqual(LOOKS.map(() => 60));
  expect(idleAfter(version, 'allkeys-lru', ...READS, ...CHANGES)).toEqual([0, 0, 0, 0, 0, 0]);
});

test('redis-8.6 can record changes, and then reading is none', () => {
  expect(idleAfter('redis-8.6', 'volatile-lrm', ...LOOKS)).toEqual(LOOKS.map(() => 60));
  expect(idleAfter('redis-8.6', 'volatile-lrm', ...READS)).toEqual(READS.map(() => 60));
  expect(idleAfter('redis-8.6', 'allkeys-lrm', ...CHANGES)).toEqual(CHANGES.map(() => 0));
});

test.each(['redis-7.2', 'redis-8.0', 'valkey-9.1'])('%s has no policy by changes', (version) => {
  expect(setSetting(newServer(version).server.settings, 'maxmemory-policy', 'allkeys-lrm')).toBe(false);
});
