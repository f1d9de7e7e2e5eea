import { describe, expect, test } from 'vitest';
import { largestBelow, type Probe } from '#slablab/src/remedy/largest-below.js';

/** Searches where a size has the peak that `peakOf` returns. */
function search(peakOf: (size: number) => number, limitBytes: number, unit = 1) {
  const probed: number[] = [];
  const found = largestBelow<Probe>({
    above: { size: 10_000_000, peakBytes: peakOf(10_000_000) },
    emptyBytes: peakOf(0),
    limitBytes,
    unit,
    probe: (size) => {
      probed.push(size);
      return Promise.resolve({ size, peakBytes: peakOf(size) });
    },
  });
  return { found, probed };
}

describe('the largest size below a limit', () => {
  test.each([
    ['in proportion', (size: number) => 5000 + size * 1.07],
    ['in steps', (size: number) => 5000 + Math.ceil(size / 4096) * 4500],
    ['faster and faster', (size: number) => 5000 + size + size ** 2 / 1_000_000],
    ['with a jump', (size: number) => size + (size > 700_000 ? 400_000 : 0)],
  ])('is found where peaks grow %s', async (_, peakOf) => {
    for (const limit of [100_000, 900_000, 3_000_000]) {
      const { found, probed } = search(peakOf, limit);
      const best = await found;
      expect(peakOf(best!.size)).toBeLessThanOrEqual(limit);
      expect(peakOf(best!.size * 1.02)).toBeGreaterThan(limit);
      expect(probed.length).toBeLessThanOrEqual(12);
    }
  });

  test('is a multiple of the unit', async () => {
    expect((await search((size) => size, 1_000_000, 1024).found)!.size % 1024).toBe(0);
  });

  test('is undefined where nothing is below it', async () => {
    expect(await search((size) => 5000 + size, 4000).found).toBeUndefined();
  });
});
