/**
 * What a sweep of very many slabs takes, from the request to the snapshot, in milliseconds. In WebAssembly of as many as
 * there are addresses for, in the native twin of more than a million. Laps take turns, each in a process of its own.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Runtime } from '#slablab/src/engine/index.js';
import type { Leg } from './leg.js';
import { median } from './measured.js';
import type { SweepLap } from './sweep-lap.js';

/** Slabs of a page each, of which every twentieth is given back: 3.56 GiB have room for no more. */
const SLABS: Readonly<Record<Runtime, number>> = { wasm: 900_000, native: 1_060_000 };
const LAPS = 3;
const SWEEPS = 11;
/** The goal of a survey, in copies of the bytes that it returns. */
const GOAL_COPIES = 2;

interface SweepCost {
  readonly runtime: Runtime;
  readonly slabs: number;
  readonly extents: number;
  /** The first of each lap: nothing is compiled for good yet, and all memory is fresh. Median. */
  readonly firstMs: number;
  /** Each of the others, whose columns go where those of the one before were: lap by lap, and the median of all. */
  readonly laps: readonly (readonly number[])[];
  readonly medianMs: number;
  /** Of the bytes of its columns, in the same process. */
  readonly copyMs: number;
  readonly bytes: number;
}

const run = promisify(execFile);
const program = fileURLToPath(new URL('sweep-lap.js', import.meta.url));

export const costOfSweeps: Leg = {
  title: 'Surveys of very many slabs',
  about:
    'A survey of all slabs, from the request to the snapshot, beside a copy of the bytes of its columns in the same process.',
  async measure() {
    const costs = await measureLaps();
    const rows = costs.map(({ runtime, slabs, extents, firstMs, medianMs, copyMs, bytes }) => [
      runtime,
      `${slabs}`,
      `${extents}`,
      firstMs.toFixed(1),
      medianMs.toFixed(1),
      copyMs.toFixed(1),
      (bytes / 1e6).toFixed(1),
    ]);
    const caption = `ms, median of ${LAPS} times ${SWEEPS - 1}`;
    return {
      tables: [{ caption, columns: ['', 'slabs', 'extents', 'first', 'others', 'copy', 'MB'], rows }],
      goals: costs.map(({ runtime, slabs, medianMs, copyMs }) => ({
        what: `a survey of ${slabs} slabs / a copy of its bytes, ${runtime}`,
        measured: medianMs / copyMs,
        is: 'at most' as const,
        goal: GOAL_COPIES,
        unit: '',
        bound:
          "77% of the time is the walk, which compares each slab with jemalloc's own record of it. In a profile of the " +
          'native twin, 47% of the samples of its main function, replay included, wait for two loads of that record. ' +
          'Loading 64 records ahead in a pass of their own took longer: 44 ms of processor time instead of 40.',
      })),
      figures: costs,
    };
  },
};

async function measureLaps(): Promise<readonly SweepCost[]> {
  const laps: Record<Runtime, SweepLap[]> = { wasm: [], native: [] };
  for (let round = 0; round < LAPS; round++) {
    laps.wasm.push(await lap('wasm'));
    laps.native.push(await lap('native'));
  }
  return [costOf('wasm', laps.wasm), costOf('native', laps.native)];
}

async function lap(runtime: Runtime): Promise<SweepLap> {
  const { stdout } = await run(process.execPath, [program, runtime, `${SLABS[runtime]}`, `${SWEEPS}`]);
  return JSON.parse(stdout) as SweepLap;
}

function costOf(runtime: Runtime, laps: readonly SweepLap[]): SweepCost {
  const { slabs, extents } = laps[0]!;
  const others = laps.map(({ sweepMs }) => sweepMs.slice(1));
  const firstMs = median(laps.map(({ sweepMs }) => sweepMs[0]!));
  const medianMs = median(others.flat());
  const copyMs = median(laps.flatMap((each) => each.copyMs.slice(1)));
  return { runtime, slabs, extents, firstMs, laps: others, medianMs, copyMs, bytes: laps[0]!.bytes };
}
