import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { formatBytes, KIB, MIB } from '#slablab/src/base/index.js';
import { openEngine } from '#slablab/src/engine/node.js';
import { openInput } from '#slablab/src/input/node.js';
import { classParts, residentParts } from '#slablab/src/map/index.js';
import { residentAnswer } from '#slablab/src/report/index.js';
import { inputSource, type RunSource } from '#slablab/src/run/index.js';
import { opsFileSource } from '#slablab/src/run/node.js';
import { run } from '#slablab/src/run/run.js';
import { workloadSource } from '#slablab/src/run/workload-source.js';
import { parseSettings, WORKLOADS } from '#slablab/workloads/index.js';
import { MAP_INFO, mapSource } from '../support/map-source.js';
import { writeBurst } from '../support/program-trace.js';
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

type Seen = Parameters<typeof residentParts>[0] & {
  readonly memory: { readonly metadata: number; readonly peakResident: number };
};

/** Runs a source, and checks the parts of every phase and sweep, in bytes and as they are printed. */
async function checkRun(source: RunSource): Promise<void> {
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
    expect(seen).toBeGreaterThan(0);
  } finally {
    await source.close();
    await engine.close();
  }

  function check(phase: string, snapshot: Seen) {
    const parts = residentParts(snapshot, engine.info);
    const { use, pinned, dirty, empty, records, resident } = parts;
    expect(use + pinned + dirty + empty + records, phase).toBe(resident);
    expect(records, phase).toBe(snapshot.memory.metadata - COUNTED_TWICE);
    expect(Math.min(use, pinned, dirty, empty, records), phase).toBeGreaterThanOrEqual(0);
    const classes = classParts(snapshot, engine.info);
    const sum = (of: (each: (typeof classes)[number]) => number) =>
      classes.reduce((all, each) => all + of(each), 0);
    expect(
      sum(({ pinned: of }) => of),
      phase,
    ).toBe(pinned);
    expect(
      sum(({ live }) => live),
      phase,
    ).toBe(use);
    const peak = Math.max(snapshot.memory.peakResident, resident);
    const { amounts } = residentAnswer({ parts, classes, peak, owners: null, options: undefined });
    expectPrintedSum(Object.values(amounts), resident, phase);
    seen++;
  }
}

/** Amounts in the unit of the sum add up to it as printed; a smaller one is exact, and has no tenths of that unit. */
function expectPrintedSum(amounts: readonly string[], resident: number, phase: string): void {
  const total = formatBytes(resident);
  const unit = unitOf(total);
  const small = amounts.filter((amount) => unitOf(amount) < unit).length;
  const sum = amounts.reduce((all, amount) => all + bytesOf(amount), 0);
  const difference = Math.abs(sum - bytesOf(total)) / unit;
  expect(difference, `${phase}: ${amounts.join(' + ')} = ${total}`).toBeLessThanOrEqual(0.1 * small + 1e-9);
}

function unitOf(amount: string): number {
  return { B: 1, KiB: KIB, MiB: MIB }[amount.split(' ')[1]!]!;
}

function bytesOf(amount: string): number {
  return Number(amount.split(' ')[0]!.replaceAll(',', '')) * unitOf(amount);
}

describe('in every phase and sweep the parts add up to resident, and as printed', () => {
  test.each(WORKLOADS)('$name', (workload) =>
    checkRun(workloadSource(workload, parseSettings(workload.parameters, SMALL[workload.name] ?? []))),
  );

  test.each(['types.rdb', 'appendonlydir', 'monitor.txt', 'hostile/xreadgroup-mutated.resp'])('%s', (name) =>
    checkRun(inputSource(openInput(fileURLToPath(new URL(`../input/fixtures/${name}`, import.meta.url))))),
  );

  test('the trace of a program', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'slablab-parts-'));
    try {
      const path = join(directory, 'burst.ops');
      await writeBurst(path, 5000);
      await checkRun(await opsFileSource(path));
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
