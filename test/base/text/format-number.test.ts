import { expect, test } from 'vitest';
import { formatCount, formatShare, plural } from '#slablab/src/base/index.js';

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [26_164, '26,164'],
  [-1_234_567, '-1,234,567'],
  [-100, '-100'],
  [Number.MAX_SAFE_INTEGER, '9,007,199,254,740,991'],
  [1234.5, '1,234.5'],
])('%d is %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test('a share is never rounded to a claim', () => {
  expect([0, 0.0001, 0.5, 0.9999, 1].map(formatShare)).toEqual([
    '0.0%',
    '<0.1%',
    '50.0%',
    '>99.9%',
    '100.0%',
  ]);
});

test('one thing has no plural', () => {
  expect([plural(1, 'slab'), plural(2000, 'slab')]).toEqual(['1 slab', '2,000 slabs']);
});
