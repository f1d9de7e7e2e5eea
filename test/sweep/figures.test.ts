import { expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { commonObjectives, compareCosts, costsOf, paretoFront } from '#slablab/src/sweep/figures.js';
import { printedSeed } from '../support/seed.js';

test.each([
  ['nothing', [], []],
  ['one row', [[5, 5]], [0]],
  [
    'one row that beats all',
    [
      [2, 2],
      [1, 1],
      [1, 2],
    ],
    [1],
  ],
  [
    'a trade-off',
    [
      [1, 3],
      [2, 2],
      [3, 1],
      [3, 3],
    ],
    [0, 1, 2],
  ],
  [
    'equal rows stay together',
    [
      [1, 1],
      [1, 1],
      [2, 1],
    ],
    [0, 1],
  ],
  ['no columns: nothing beats anything', [[], []], [0, 1]],
])('the front of %s', (_, costs, front) => {
  expect(paretoFront(costs)).toEqual(front);
});

test('the front is what its definition says, row by row', () => {
  const random = new Random(printedSeed('pareto'));
  for (let round = 0; round < 200; round++) {
    const columns = 1 + random.below(4);
    const costs = Array.from({ length: random.below(30) }, () =>
      Array.from({ length: columns }, () => random.below(5)),
    );
    const isBeaten = (row: number[]) =>
      costs.some(
        (other) => other.every((cost, c) => cost <= row[c]!) && other.some((cost, c) => cost < row[c]!),
      );
    const expected = costs.flatMap((row, index) => (isBeaten(row) ? [] : [index]));
    expect(paretoFront(costs)).toEqual(expected);
  }
});

test('an objective counts only where every cell has a figure', () => {
  const figures = { steadyResident: 1, peakResident: 2, purgeWork: 3 };
  expect(
    commonObjectives([
      { ...figures, cohortDsr: 0.5 },
      { ...figures, cohortDsr: null },
    ]),
  ).toEqual(['steadyResident', 'peakResident', 'purgeWork']);
});

test('drainability is the only one to be high', () => {
  const figures = { steadyResident: 1, peakResident: 2, purgeWork: 3, cohortDsr: 0.25 };
  expect(costsOf(figures, ['cohortDsr', 'purgeWork'])).toEqual([-0.25, 3]);
  expect(compareCosts([1, 2], [1, 3])).toBeLessThan(0);
  expect(compareCosts([1, 2], [1, 2])).toBe(0);
});
