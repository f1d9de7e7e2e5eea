import { describe, expect, test } from 'vitest';
import { NOTHING, type Occupancy, since } from '#slablab/src/verify/class-occupancy.js';
import { compare, DEFAULT_THRESHOLDS, exceeded } from '#slablab/src/verify/server-comparison.js';

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
  test('measures are sums over classes, of what the server has', () => {
    const lab = occupancy({ 8: [90, 9], 16: [110, 11], 1024: [100, 30] }, 990);
    const server = occupancy({ 8: [100, 10], 16: [100, 10], 1024: [100, 30] });
    const { measures } = compare(lab, server);
    expect(measures).toEqual({ slabs: 2 / 50, regions: 20 / 300, usedMemory: 0.01 });
    expect(exceeded(measures, DEFAULT_THRESHOLDS)).toEqual(['slabs', 'regions', 'usedMemory']);
  });

  test('classes that only one side has are compared with none', () => {
    const { classes, measures } = compare(occupancy({ 8: [4, 1] }), occupancy({ 16: [4, 1] }));
    expect(classes.map(({ size, slabs }) => [size, slabs])).toEqual([
      [8, { lab: 1, server: 0 }],
      [16, { lab: 0, server: 1 }],
    ]);
    expect(measures.slabs).toBe(2);
  });

  test('alike: nothing apart, nothing exceeded, even where nothing is allowed', () => {
    const { measures } = compare(occupancy({ 8: [5, 1] }), occupancy({ 8: [5, 1] }));
    expect(exceeded(measures, { slabs: 0, regions: 0, usedMemory: 0 })).toEqual([]);
  });

  test('an empty server: all that the lab has is wrong', () => {
    expect(compare(NOTHING, NOTHING).measures).toEqual({ slabs: 0, regions: 0, usedMemory: 0 });
    expect(compare(occupancy({ 8: [5, 1] }), NOTHING).measures).toEqual({
      slabs: 1,
      regions: 1,
      usedMemory: 1,
    });
  });
});

describe('since', () => {
  test('what came, class by class; what went is no negative traffic', () => {
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

  test('since nothing: everything', () => {
    const after = occupancy({ 8: [110, 4] });
    expect(since(NOTHING, after)).toEqual(after);
  });
});
