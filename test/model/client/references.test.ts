/** Replies that refer to a string in place of a copy of it. */
import { expect, test } from 'vitest';
import { newServer } from '../../support/redis.js';

function blocksOf(version: string, bytes: number, ...before: string[][]): string[] {
  const lab = newServer(version);
  lab.execute('SET', 'long', 'x'.repeat(bytes));
  lab.server.settle();
  for (const words of before) lab.execute(...words);
  lab.operations();
  lab.execute('GET', 'long');
  return lab.operations().filter((line) => /^malloc .*reply block/.test(line));
}

test.each([
  ['redis-8.0', 20_000, 1],
  ['redis-8.6', 16_383, 1],
  ['redis-8.6', 20_000, 0],
  ['redis-8.6', 200_000, 0],
])('%s: a string of %d bytes takes %d blocks', (version, bytes, blocks) => {
  expect(blocksOf(version, bytes)).toHaveLength(blocks);
});

test('a reference behind another reply has a block of its own, whatever the length of the string', () => {
  expect(blocksOf('redis-8.6', 200_000, ['PING'])).toEqual(['malloc 16408 (reply block)']);
});
