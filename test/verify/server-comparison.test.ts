import { describe, expect, test } from 'vitest';
import { EMPTY_OCCUPANCY, type Occupancy, since } from '#slablab/src/verify/class-occupancy.js';
import {
  compare,
  DEFAULT_THRESHOLDS,
  exceeded,
  LEAST_AMOUNTS,
  tooFar,
} from '#slablab/src/verify/server-comparison.js';

function occupancy(classes: Record<number, [regions: number, slabs: number]>, usedMemory = 1000): Occupancy {
  return {
    classes: Object.entries(classes).map(([size, [regions, slabs]]) => {
      return { size: Number(size), regs: 4, pages: 1, regions, slabs };
    }),
    large: [],
    usedMemory,
    active: 4096,
    allocated: 2048,
  };
}

describe('compare', () => {
  test('measures are sums over classes, as shares of the server', () => {
    const lab = occupancy({ 8: [90, 9], 16: [110, 11], 1024: [100, 30] }, 990);
    const server = occupancy({ 8: [100, 10], 16: [100, 10], 1024: [100, 30] });
    const { measures } = compare(lab, server);
    expect(measures).toEqual({ slabs: 2 / 50, regions: 20 / 300, usedMemory: 0.01 });
    expect(exceeded(measures, DEFAULT_THRESHOLDS)).toEqual(['slabs', 'regions', 'usedMemory']);
  });

  test('amounts are the same sums in numbers and bytes', () => {
    const lab = occupancy({ 8: [90, 9], 16: [110, 11] }, 990);
    expect(compare(lab, occupancy({ 8: [100, 10], 16: [100, 10] })).amounts).toEqual({
      slabs: 2,
      regions: 20,
      usedMemory: 10,
    });
  });

  test('too far is what exceeds both its share and its least amount', () => {
    const small = { slabs: LEAST_AMOUNTS.slabs, regions: LEAST_AMOUNTS.regions + 1, usedMemory: 1 };
    const shares = { slabs: 0.5, regions: 0.5, usedMemory: 0.5 };
    expect(tooFar({ measures: shares, amounts: small }, DEFAULT_THRESHOLDS)).toEqual(['regions']);
    const tiny = { slabs: 0.001, regions: 0.001, usedMemory: 0.001 };
    const large = { slabs: 1000, regions: 1000, usedMemory: 1e6 };
    expect(tooFar({ measures: tiny, amounts: large }, DEFAULT_THRESHOLDS)).toEqual([]);
    expect(tooFar({ measures: shares, amounts: large }, DEFAULT_THRESHOLDS, large)).toEqual([]);
  });

  test('a class that one side lacks counts as 0 there', () => {
    const { classes, measures } = compare(occupancy({ 8: [4, 1] }), occupancy({ 16: [4, 1] }));
    expect(classes.map(({ size, slabs }) => [size, slabs])).toEqual([
      [8, { lab: 1, server: 0 }],
      [16, { lab: 0, server: 1 }],
    ]);
    expect(measures.slabs).toBe(2);
  });

  test('equal sides do not exceed thresholds of 0', () => {
    const { measures } = compare(occupancy({ 8: [5, 1] }), occupancy({ 8: [5, 1] }));
    expect(exceeded(measures, { slabs: 0, regions: 0, usedMemory: 0 })).toEqual([]);
  });

  test('an empty server: the difference is 100%', () => {
    expect(compare(EMPTY_OCCUPANCY, EMPTY_OCCUPANCY).measures).toEqual({
      slabs: 0,
      regions: 0,
      usedMemory: 0,
    });
    expect(compare(occupancy({ 8: [5, 1] }), EMPTY_OCCUPANCY).measures).toEqual({
      slabs: 1,
      regions: 1,
      usedMemory: 1,
    });
  });
});

describe('since', () => {
  test('returns the growth of each class, and 0 for a class that shrank', () => {
    const idle = occupancy({ 8: [10, 1], 4096: [9, 9] }, 500);
    const after = occupancy({ 8: [110, 4], 64: [2, 1], 4096: [1, 1] }, 1500);
    const { classes, usedMemory } = since(idle, after);
    expect(classes.map(({ size, regions, slabs }) => [size, regions, slabs])).toEqual([
      [8, 100, 3],
      [64, 2, 1],
      [4096, 0, 0],
    ]);
    expect(usedMemory).toBe(1000);
  });

  test('returns everything since an empty occupancy', () => {
    const after = occupancy({ 8: [110, 4] });
    expect(since(EMPTY_OCCUPANCY, after)).toEqual(after);
  });
});
