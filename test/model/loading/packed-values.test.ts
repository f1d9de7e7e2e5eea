import { expect, test } from 'vitest';
import { hashOf, latin1Bytes, MemorySource } from '#slablab/src/base/index.js';
import { inputOf } from '#slablab/src/input/open-input.js';
import { Loading, type RedisServer, SERVERS } from '#slablab/src/model/index.js';
import { encodingName } from '#slablab/src/model/keyspace/index.js';
import { image, key, len, listpack, str } from '../../input/support/rdb.js';
import { bytes } from '../../input/support/resp.js';
import { newServer } from '../../support/redis.js';

const LISTPACK_NODE = '\x02';
const node = (entries: readonly (string | number)[]) => LISTPACK_NODE + str(listpack(entries));
const fieldsOf = (count: number) => Array.from({ length: count }, (_, at) => [`field${at}`, at]).flat();

const SMALL = [
  key(16, 'hash', str(listpack(['a', 1, 'b', 'text', 'c', -70_000]))),
  key(17, 'zset', str(listpack(['m', 1, 'n', '2.5', 'o', 'inf']))),
  key(18, 'list', len(1) + node(['x', 7, 'y'])),
];
const SET = key(20, 'set', str(listpack(['p', 12, 'q'])));
const LARGE = [
  key(16, 'fields', str(listpack(fieldsOf(600)))),
  key(16, 'long', str(listpack(['f', 'v'.repeat(3000)]))),
  key(18, 'nodes', len(2) + node(['x']) + node(['y'])),
];
const REMOVALS = [
  ['HDEL', 'hash', 'a', 'b', 'c'],
  ['ZREM', 'zset', 'o', 'm', 'n'],
  ['LREM', 'list', '0', '7'],
  ['LREM', 'list', '0', 'x'],
  ['LREM', 'list', '0', 'y'],
  ['SREM', 'set', '12', 'p', 'q'],
];
const CHANGES = [
  ['HSET', 'hash', 'b', 'longer text', 'd', 'new'],
  ['ZADD', 'zset', '3', 'm', '9', 'new'],
  ['RPUSH', 'list', 'z'],
  ['SADD', 'set', 'r', '13'],
  ['COPY', 'hash', 'hash2'],
  ['RENAME', 'zset', 'zset2'],
  ['LPOP', 'list'],
  ['DEL', 'set'],
  ['FLUSHALL'],
];

function loaded(version: string, keys: readonly string[]) {
  const test = newServer(version);
  const refuse = (found: string) => new Error(found);
  const events = inputOf('image.rdb', new MemorySource(bytes(image(keys.join('')))), 'rdb').events();
  const loading = new Loading(test.server, { isLog: false, refuse });
  for (const _ of test.server.load(loading.steps(events)));
  return test;
}

function rowOf({ databases }: RedisServer, name: string): number {
  const text = latin1Bytes(name);
  return databases[0]!.peek(hashOf(text, 0, text.length), text, 0, text.length);
}

function isClosed(server: RedisServer, name: string): boolean {
  const { keyspace } = server;
  return keyspace.models.isClosed(keyspace.payload(rowOf(server, name)));
}

const VERSIONS = SERVERS.map(({ name }) => name);

test.each(VERSIONS)('%s: small listpacks are kept closed until a command needs them', (version) => {
  const { server, execute } = loaded(version, [...SMALL, ...LARGE]);
  expect(['hash', 'zset', 'list'].map((name) => isClosed(server, name))).toEqual([true, true, true]);
  expect(['fields', 'long', 'nodes'].map((name) => isClosed(server, name))).toEqual([false, false, false]);
  execute('TYPE', 'hash');
  expect(isClosed(server, 'hash')).toBe(true);
  execute('HGET', 'hash', 'a');
  expect(isClosed(server, 'hash')).toBe(false);
  expect(encodingName(server.keyspace, rowOf(server, 'hash'))).toBe('listpack');
  expect(encodingName(server.keyspace, rowOf(server, 'list'))).toBe(
    server.version.containers.listpackLists ? 'listpack' : 'quicklist',
  );
});

test.each(VERSIONS)('%s: an opened value has the elements of the file', (version) => {
  const { server, execute, liveBytes } = loaded(version, [...SMALL, SET]);
  for (const words of REMOVALS) execute(...words);
  expect(['hash', 'zset', 'list', 'set'].map((name) => rowOf(server, name))).toEqual([0, 0, 0, 0]);
  expect(server.gaps.count).toBe(0);
  expect(liveBytes()).toBe(server.heap.used);
});

test.each(VERSIONS)('%s: opening a value changes no operation', (version) => {
  const closed = loaded(version, [...SMALL, SET]);
  const open = loaded(version, [...SMALL, SET]);
  const { keyspace } = open.server;
  for (const name of ['hash', 'zset', 'list', 'set']) keyspace.modelOf(rowOf(open.server, name));
  expect(isClosed(open.server, 'hash')).toBe(false);
  for (const words of CHANGES) {
    closed.execute(...words);
    open.execute(...words);
  }
  expect(closed.operations()).toEqual(open.operations());
});

test('lists keep the limit of nodes that they were loaded with', () => {
  const change = (version: string, isOpenedBefore: boolean) => {
    const test = loaded(version, SMALL);
    if (isOpenedBefore) test.server.keyspace.modelOf(rowOf(test.server, 'list'));
    test.execute('CONFIG', 'SET', 'list-max-listpack-size', '2');
    for (let count = 0; count < 5; count++) test.execute('RPUSH', 'list', 'v');
    return test.operations();
  };
  for (const version of VERSIONS) expect(change(version, false)).toEqual(change(version, true));
});
