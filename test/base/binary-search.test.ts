import { expect, test } from 'vitest';
import { firstIndexWhere, indexInAscending, Random } from '#slablab/src/base/index.js';
import { printedSeed } from '../support/seed.js';

test('the first index is that of a search from the front', () => {
  const random = new Random(printedSeed('binary search'));
  for (let round = 0; round < 2000; round++) {
    const column = Uint32Array.from({ length: random.below(20) }, () => random.below(30)).sort();
    const from = random.below(column.length + 1);
    const end = from + random.below(column.length - from + 1);
    const wanted = random.below(31);
    const expected = column.subarray(from, end).findIndex((value) => value >= wanted);
    expect(firstIndexWhere(from, end, (at) => column[at]! >= wanted)).toBe(
      expected < 0 ? end : from + expected,
    );
    expect(indexInAscending(column, end, wanted)).toBe(column.subarray(0, end).indexOf(wanted));
  }
});

test('the condition is asked of no index outside', () => {
  expect(firstIndexWhere(3, 3, () => expect.unreachable())).toBe(3);
});
