import { describe, expect, test } from 'vitest';
import { openEngine } from '#slablab/src/engine/node.js';
import { classParts, residentParts } from '#slablab/src/map/index.js';
import { run } from '#slablab/src/run/run.js';
import { workloadSource } from '#slablab/src/run/workload-source.js';
import { parseSettings, WORKLOADS } from '#slablab/workloads/index.js';
import { MAP_INFO, mapSource } from '../support/map-source.js';
import { SMALL } from '../support/small-workloads.js';

test('each kind of memory is in one part', () => {
  const source = mapSource(
    [
      { page: 0, live: 1, parked: 1, free: 2 },
      { page: 1, live: 4 },
      { page: 2, live: 0, parked: 4 },
      { page: 3, pages: 4, sizeClass: 4, live: 1 },
      { page: 7, pages: 4, sizeClass: 4, live: 0, parked: 1 },
    ],
    [
      [11, 3, 'dirty'],
      [14, 2, 'muzzy'],
      [16, 9, 'retained'],
    ],
    5,
  );
  const page = MAP_INFO.pageSize;
  expect(residentParts(source, MAP_INFO)).toEqual({
    use: 1024 + page + 4 * page,
    pinned: 3 * 1024,
    parked: 1024,
    dirty: 3 * page,
    empty: page + 4 * page,
    records: 5 * page,
    resident: (11 + 3 + 5) * page,
    muzzy: 2 * page,
    slabs: { all: 3, pinned: 1, empty: 1 },
  });
  expect(classParts(source, MAP_INFO)).toEqual([
    { size: 1024, slabs: 3, full: 1, empty: 1, bytes: 3 * page, live: 1024 + page, pinned: 3 * 1024 },
    { size: null, slabs: 2, full: 1, empty: 1, bytes: 8 * page, live: 4 * page, pinned: 0 },
  ]);
});

/** The allocator's large extent for itself, which is active and metadata; it counts once, as in use. */
const COUNTED_TWICE = 32_768;

describe.each(WORKLOADS)('$name', (workload) => {
  test('in every phase and sweep the parts add up to resident', async () => {
    const source = workloadSource(workload, parseSettings(workload.parameters, SMALL[workload.name] ?? []));
    const engine = await openEngine({ build: 'q3', conf: '', hooks: 'complete', runtime: 'wasm' });
    let seen = 0;
    try {
      const { failure } = await run(source, engine, {
        conf: '',
        hooks: 'complete',
        sweepEvery: 5000,
        onExtraSweep: check,
        onSnapshot: check,
      });
      expect(failure).toBeNull();
      expect(seen).toBeGreaterThan(1);
    } finally {
      await engine.close();
    }

    function check(
      phase: string,
      snapshot: Parameters<typeof residentParts>[0] & { memory: { metadata: number } },
    ) {
      const parts = residentParts(snapshot, engine.info);
      const { use, pinned, dirty, empty, records, resident } = parts;
      expect(use + pinned + dirty + empty + records, phase).toBe(resident);
      expect(records, phase).toBe(snapshot.memory.metadata - COUNTED_TWICE);
      expect(Math.min(use, pinned, dirty, empty, records), phase).toBeGreaterThanOrEqual(0);
      const byClass = classParts(snapshot, engine.info);
      const sum = (of: (each: (typeof byClass)[number]) => number) =>
        byClass.reduce((all, each) => all + of(each), 0);
      expect(
        sum(({ pinned: of }) => of),
        phase,
      ).toBe(pinned);
      expect(
        sum(({ live }) => live),
        phase,
      ).toBe(use);
      seen++;
    }
  });
});
