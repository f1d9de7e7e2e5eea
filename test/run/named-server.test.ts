import { expect, test } from 'vitest';
import { MemorySource } from '#slablab/src/base/index.js';
import { inputOf } from '#slablab/src/input/open-input.js';
import { SERVERS } from '#slablab/src/model/index.js';
import { inputSource } from '#slablab/src/run/index.js';
import * as rdb from '../input/support/rdb.js';
import { bytes, resp } from '../input/support/resp.js';

function sourceOf(kind: 'rdb' | 'aof' | 'resp', body: string, server?: string) {
  return inputSource(inputOf('dump', new MemorySource(bytes(body)), kind), { server });
}

test.each([
  ['redis-ver', '7.2.4', 'redis-7.2', 'saved by redis 7.2.4, and modelled as redis-7.2'],
  [
    'redis-ver',
    '7.9.1',
    'redis-7.4',
    'saved by redis 7.9.1, and modelled as redis-7.4, the nearest model at or below it',
  ],
  [
    'redis-ver',
    '6.2.14',
    'redis-7.0',
    'saved by redis 6.2.14, and modelled as redis-7.0, the oldest model there is',
  ],
  ['valkey-ver', '8.0.1', 'valkey-8.0', 'saved by valkey 8.0.1, and modelled as valkey-8.0'],
  [
    'redis-ver',
    '\u001b[31m7',
    'valkey-9.1',
    'it names no server version: modelled as valkey-9.1; --server chooses another',
  ],
  [
    'ctime',
    '1700000000',
    'valkey-9.1',
    'it names no server version: modelled as valkey-9.1; --server chooses another',
  ],
])('%s %j chooses %s', (name, value, server, note) => {
  const image = rdb.image(rdb.aux(name, value) + rdb.key(0, 'k', rdb.str('v')));
  for (const source of [sourceOf('rdb', image), sourceOf('aof', image + resp('PING'))]) {
    expect(source.metadata.server).toBe(server);
    expect(source.notes?.()[0]).toBe(`dump: ${note}`);
  }
});

test('an option overrides what the file names, and the output says so', () => {
  const image = rdb.image(rdb.aux('valkey-ver', '8.0.1'));
  const source = sourceOf('rdb', image, 'redis-7.2');
  expect(source.metadata.server).toBe('redis-7.2');
  expect(source.notes?.()[0]).toBe(
    'dump: saved by valkey 8.0.1, and modelled as redis-7.2, as the option says; valkey-8.0 is the model that stands for it',
  );
});

test('commands of clients name no server', () => {
  const source = sourceOf('resp', resp('PING'));
  expect(source.metadata.server).toBe('valkey-9.1');
  expect(source.notes?.()).toEqual([
    'dump: it names no server version: modelled as valkey-9.1; --server chooses another',
  ]);
});

test.each(['redis', 'valkey'])(
  'a release of %s above all models takes the newest of the family',
  (product) => {
    const orderOf = (name: string) => Number(name.replace(`${product}-`, ''));
    const family = SERVERS.map(({ name }) => name).filter((name) => name.startsWith(product));
    const newest = [...family].sort((left, right) => orderOf(left) - orderOf(right)).at(-1);
    const source = sourceOf('rdb', rdb.image(rdb.aux(`${product}-ver`, '255.255.255')));
    expect(source.metadata.server).toBe(newest);
    expect(source.notes?.()[0]).toBe(
      `dump: saved by ${product} 255.255.255, and modelled as ${newest}, the nearest model at or below it`,
    );
  },
);
