import { expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { CommandLog } from '#slablab/src/commands/index.js';
import { printedSeed } from '../support/seed.js';

test('counts the commands complete at a position', () => {
  const log = new CommandLog();
  expect(log.countUpTo(0)).toBe(0);
  for (const position of [10, 20, 20, 35]) log.completed(position);
  expect([0, 9, 10, 19, 20, 34, 35, 1000].map((position) => log.countUpTo(position))).toEqual([
    0, 0, 1, 1, 3, 3, 4, 4,
  ]);
});

test('fuzz: agrees with counting all positions, with writer ahead of reader and beyond 32 bits', () => {
  const random = new Random(printedSeed('command log'));
  const log = new CommandLog();
  const ends: number[] = [];
  let written = 0;
  let read = 0;
  for (let round = 0; round < 20_000; round++) {
    for (let command = random.below(5); command > 0; command--) {
      written += random.below(1_000_000);
      ends.push(written);
      log.completed(written);
    }
    if (random.below(3) === 0) {
      read = Math.max(read, written - random.below(500_000_000));
      expect(log.countUpTo(read)).toBe(countNaively(ends, read));
    }
  }
  expect(written).toBeGreaterThan(2 ** 33);
});

// Positions ascend, so a binary search is as good as a count, and lets the fuzz be long.
function countNaively(ends: readonly number[], position: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ends[middle]! <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
