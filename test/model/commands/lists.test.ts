import { expect, test } from 'vitest';
import { newServer } from '../../support/redis.js';

/** What servers were seen to ask for: 9,000 bytes as they are, or a listpack of 9,014. */
test.each([
  ['redis-7.0', 9014],
  ['redis-7.2', 9014],
  ['redis-7.4', 9000],
  ['redis-8.0', 9000],
  ['redis-8.6', 9000],
  ['valkey-8.0', 9000],
  ['valkey-9.1', 9000],
])('%s: an element above the limit of a node is kept in %d bytes', (version, bytes) => {
  const { execute, operations } = newServer(version);
  execute('RPUSH', 'list', 'first');
  operations();
  execute('RPUSH', 'list', 'x'.repeat(9000));
  const sizes = operations().map((line) => Number(line.split(' ')[1]));
  expect(sizes).toContain(bytes);
  expect(sizes).not.toContain(bytes === 9000 ? 9014 : 9000);
});

test.each([
  ['redis-8.6', 'element, list'],
  ['valkey-8.0', 'element, list'],
  ['valkey-8.1', 'list, element'],
  ['valkey-9.1', 'list, element'],
])('%s: LPOP of the last element frees %s', (version, order) => {
  for (const pop of [
    ['LPOP', 'list'],
    ['BLPOP', 'list', '0'],
  ]) {
    const { execute, operations } = newServer(version);
    execute('RPUSH', 'list', 'x'.repeat(300));
    operations();
    execute(...pop);
    const frees = operations().filter((line) => line.startsWith('free'));
    const element = frees.findIndex((line) => line.startsWith('free 306 '));
    const list = frees.findIndex((line) => line.includes('(listpack)'));
    expect([element >= 0, list >= 0]).toEqual([true, true]);
    expect(element < list ? 'element, list' : 'list, element').toBe(order);
  }
});

test('a listpack obeys the limit that is set now, a quicklist the one when it was made', () => {
  const { execute, operations } = newServer('redis-8.0');
  const isQuicklistMade = (...words: readonly string[]) => {
    operations();
    execute(...words);
    return operations().includes('malloc 40 (quicklist)');
  };
  execute('RPUSH', 'list', 'a', 'b', 'c');
  execute('CONFIG', 'SET', 'list-max-listpack-size', '3');
  expect(isQuicklistMade('RPUSH', 'list', 'd')).toBe(true);
  execute('CONFIG', 'SET', 'list-max-listpack-size', '100');
  const grown: string[] = [];
  for (let count = 0; count < 6; count++) {
    execute('RPUSH', 'list', 'e');
    grown.push(...operations());
  }
  expect(grown.filter((operation) => operation === 'malloc 40 (quicklist node)')).toHaveLength(2);
  expect(isQuicklistMade('COPY', 'list', 'copy')).toBe(true);
});
