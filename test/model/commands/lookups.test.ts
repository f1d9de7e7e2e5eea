/** How often commands look into the table of keys: each look moves a bucket of a table that rehashes. */
import { expect, test } from 'vitest';
import { OneTable } from '#slablab/src/model/keyspace/key-tables.js';
import { newServer } from '../../support/redis.js';

/** With so many keys the table of 256 buckets begins to rehash into 512. */
const KEYS = 1793;

function afterGrowth(name: string): (words: readonly string[]) => number {
  const { server, execute } = newServer(name);
  execute('XADD', 'stream', '1-1', 'field', 'value');
  for (let key = 1; key < KEYS; key++) execute('SET', `key:${key}`, 'value');
  const { keys } = server.databases[0]!;
  if (!(keys instanceof OneTable)) throw new Error('the keys are in several tables');
  // The table keeps to itself how far it has come.
  const moved = () => Number(Reflect.get(keys.only, 'moveFrom'));
  return (words) => {
    const before = moved();
    execute(...words);
    return moved() - before;
  };
}

test.each(['valkey-8.1', 'valkey-9.1'])('%s looks for keys as often as the server', (name) => {
  const looks = afterGrowth(name);
  const counts = [
    ['GET', 'key:1'],
    ['DEL', 'none'],
    ['DEL', 'key:2'],
    ['GETDEL', 'none'],
    ['SINTERSTORE', 'key:3', 'none', 'none:2'],
    ['ZDIFFSTORE', 'none', '1', 'none:2'],
    ['MSETNX', 'new:1', 'a', 'new:2', 'b'],
    ['XADD', 'none', 'NOMKSTREAM', '1-1', 'field', 'value'],
    ['XREAD', 'STREAMS', 'stream', '0'],
  ].map((words) => [words.join(' '), looks(words)]);
  expect(Object.fromEntries(counts)).toEqual({
    'GET key:1': 1,
    'DEL none': 1,
    'DEL key:2': 1,
    'GETDEL none': 2,
    'SINTERSTORE key:3 none none:2': 3,
    'ZDIFFSTORE none 1 none:2': 2,
    'MSETNX new:1 a new:2 b': 4,
    'XADD none NOMKSTREAM 1-1 field value': 1,
    'XREAD STREAMS stream 0': 2,
  });
});
