/**
 * How much sooner a sweep of 64 cells is done with two workers than with one: seconds from the command to its result,
 * which cells share a stream in the one, and make their own in the other. Laps take turns.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Leg } from './leg.js';
import { fastQuartileOfTimes } from './measured.js';

const ROUNDS = 3;
/** The goal of one worker's time / that of two. */
const GOAL = 1.7;

const SHARED = [
  'dirty_decay_ms=0,100,1000,10000',
  'muzzy_decay_ms=0,100,1000,10000',
  'tcache_max=1024,4096,8192,32768',
];
const SEEDS = [`seed=${Array.from({ length: 64 }, (_, seed) => seed + 1).join()}`];

/** Of 100,000 keys and more. */
const SWEEPS: readonly (readonly [name: string, workload: readonly string[], axes: readonly string[]])[] = [
  ['scattered-delete', ['scattered-delete'], SHARED],
  ['scattered-delete, 64 seeds', ['scattered-delete', '--set', 'order=random'], SEEDS],
  ['value-drift, 500,000 keys', ['value-drift'], SHARED],
  ['value-drift, 64 seeds', ['value-drift', '--set', 'keys=100000'], SEEDS],
];

interface SweepWorkers {
  readonly sweep: string;
  readonly oneSeconds: number;
  readonly twoSeconds: number;
  readonly ratio: number;
}

const run = promisify(execFile);
const slablab = fileURLToPath(new URL('../../bin/slablab.js', import.meta.url));

export const speedOfWorkers: Leg = {
  title: 'Sweeps on two workers',
  about:
    'A sweep of 64 cells on one worker and on two, from the command to its result. Cells share a stream, or, with ' +
    'different seeds, make their own.',
  async measure() {
    const results = await measureSweeps();
    const rows = results.map(({ sweep, oneSeconds, twoSeconds, ratio }) => [
      sweep,
      ...[oneSeconds, twoSeconds, ratio].map((figure) => figure.toFixed(2)),
    ]);
    const caption = `Seconds, fast quartile of ${ROUNDS} laps`;
    return {
      tables: [{ caption, columns: ['', 'one worker', 'two', 'ratio'], rows }],
      goals: results.map(({ sweep, ratio }) => ({
        what: `${sweep}: 64 cells, two workers / one`,
        measured: ratio,
        is: 'at least' as const,
        goal: GOAL,
        unit: '',
      })),
      figures: results,
    };
  },
};

async function measureSweeps(): Promise<readonly SweepWorkers[]> {
  const results: SweepWorkers[] = [];
  for (const [sweep, workload, axes] of SWEEPS) {
    const args = ['sweep', ...workload, ...axes.flatMap((axis) => ['--axis', axis]), '--json', '--quiet'];
    const seconds: Record<1 | 2, number[]> = { 1: [], 2: [] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const jobs of [1, 2] as const) seconds[jobs].push(await lap([...args, '--jobs', `${jobs}`]));
    }
    const [oneSeconds, twoSeconds] = [fastQuartileOfTimes(seconds[1]), fastQuartileOfTimes(seconds[2])];
    const ratio = oneSeconds / twoSeconds;
    results.push({ sweep, oneSeconds, twoSeconds, ratio });
  }
  return results;
}

async function lap(args: readonly string[]): Promise<number> {
  const started = performance.now();
  await run(process.execPath, [slablab, ...args], { maxBuffer: 1 << 28 });
  return (performance.now() - started) / 1000;
}
