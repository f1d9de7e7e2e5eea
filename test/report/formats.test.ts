import { expect, test } from 'vitest';
import { formatBytes, formatCount, formatShare, plural, wrap } from '#slablab/src/base/index.js';

test.each([
  [0, '0 B'],
  [1, '1 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1536, '1.5 KiB'],
  [1_048_524, '1023.9 KiB'],
  [1_048_525, '1.0 MiB'],
  [1_048_576, '1.0 MiB'],
  [102_400_000, '97.7 MiB'],
  [3 * 2 ** 30, '3.0 GiB'],
  [2 ** 40, '1.0 TiB'],
  [2 ** 50, '1024.0 TiB'],
  [-2048, '-2.0 KiB'],
])('%i bytes: %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, '0.0%'],
  [0.0001, '<0.1%'],
  [0.0625, '6.3%'],
  [0.5, '50.0%'],
  [0.9999, '>99.9%'],
  [1, '100.0%'],
])('share %d: %s', (share, text) => {
  expect(formatShare(share)).toBe(text);
});

test('counts', () => {
  expect(formatCount(26_164)).toBe('26,164');
  expect(formatCount(-1000)).toBe('-1,000');
  expect([0, 1, 2, 1000].map((count) => plural(count, 'slab'))).toEqual([
    '0 slabs',
    '1 slab',
    '2 slabs',
    '1,000 slabs',
  ]);
});

test('wrap', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('one two three', 100)).toEqual(['one two three']);
  expect(wrap('unbreakably long', 4)).toEqual(['unbreakably', 'long']);
  expect(wrap('', 10)).toEqual([]);
});
