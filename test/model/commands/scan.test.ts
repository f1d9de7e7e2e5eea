import { expect, test } from 'vitest';
import { latin1Bytes } from '#slablab/src/base/index.js';
import { keySlot, patternSlot, slotTag } from '#slablab/src/model/keyspace/index.js';
import { newServer } from '../../support/redis.js';

const slotOf = (name: string) => keySlot(latin1Bytes(name), 0, name.length);

test.each([
  ['{tag}*', slotOf('tag')],
  ['user:{tag}:[ab]', slotOf('tag')],
  ['whole', slotOf('whole')],
  ['{}whole', slotOf('{}whole')],
  ['{}*', undefined],
  ['*{tag}', undefined],
  ['{ta?g}', undefined],
  ['{tag\\}*', undefined],
])('all names of %s are in slot %s', (pattern, slot) => {
  expect(patternSlot(latin1Bytes(pattern))).toBe(slot);
});

test('a slot is named by the first of the shortest names in it, as a server has them', () => {
  expect([0, 1, 2, 9, 15_891].map(slotTag)).toEqual(['06S', 'Qi', '5L5', 'ru', 't']);
});

test.each(['redis-8.6', 'valkey-8.0', 'valkey-9.1'])('%s: a pattern with a tag scans one slot', (version) => {
  const { server, execute } = newServer(version, { isCluster: true });
  for (let key = 0; key < 300; key++) execute('SET', `{${key}}`, 'value');
  const keys = server.databases[0]!.keys;
  const first = slotOf('{tag}');
  execute('SET', '{tag}:1', 'value');
  const only = { first, last: first };
  const visited = (from: number) => {
    let count = 0;
    let cursor = from;
    do cursor = keys.scan(cursor, () => count++, undefined, only);
    while (cursor !== 0);
    return count;
  };
  expect(visited(0)).toBe(1);
  expect(visited(first + 1)).toBe(0);
});
