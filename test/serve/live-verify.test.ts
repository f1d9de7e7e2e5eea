/** How far a server and its lab may be apart, by what only the history of a process decides. */
import { expect, test } from 'vitest';
import { compareLive, type Sides, slabsKeptByTcaches } from '#slablab/src/serve/live-verify.js';
import { DEFAULT_THRESHOLDS, type Occupancy } from '#slablab/src/verify/index.js';

function occupancy(slabs: number): Occupancy {
  const classes = [{ size: 32, regs: 128, pages: 1, regions: 1000, slabs }];
  return { classes, large: [], usedMemory: 1_000_000, active: 0, allocated: 0 };
}

function exceeded(kept: ReadonlyMap<number, number>): readonly string[] {
  const none: Occupancy = { ...occupancy(0), classes: [], usedMemory: 0 };
  const status = { snapshot: { drainprof: { parked: 0 } } } as unknown as Sides['status'];
  const sides = {
    labBefore: none,
    serverBefore: none,
    lab: occupancy(42),
    server: occupancy(36),
    status,
    kept,
  };
  return compareLive('redis://upstream', sides, [], DEFAULT_THRESHOLDS).exceeded;
}

test('slabs may be apart by those that the tcaches of the lab alone keep, and by no others', () => {
  expect(exceeded(new Map([[32, 12]]))).toEqual([]);
  expect(exceeded(new Map())).toEqual(['slabs']);
  expect(exceeded(new Map([[48, 12]]))).toEqual(['slabs']);
});

test('a tcache alone keeps a slab without a live region', () => {
  const column = (...values: number[]) => Uint32Array.from(values);
  const granules = { count: 4, sizeClass: column(1, 1, 0, 2), live: column(0, 3, 0, 0) };
  const snapshot = { granules, bins: [{ size: 16 }, { size: 32 }] };
  expect(slabsKeptByTcaches(snapshot as unknown as Parameters<typeof slabsKeptByTcaches>[0])).toEqual(
    new Map([
      [32, 1],
      [16, 1],
    ]),
  );
});
