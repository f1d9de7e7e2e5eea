/**
 * How much sooner a sweep of 64 cells is done with two workers than with one: seconds from the command to its result,
 * which cells share a stream in the one, and make their own in the other. Laps take turns.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fastQuartileOfTimes, row } from './measured.js';

const ROUNDS = 3;
/** two workers / one */
const TARGET = 1.7;

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

export interface SweepWorkers {
  readonly sweep: string;
  readonly oneSeconds: number;
  readonly twoSeconds: number;
  readonly ratio: number;
}

const run = promisify(execFile);
const slablab = fileURLToPath(new URL('../../bin/slablab.js', import.meta.url));

export async function speedOfWorkers(): Promise<readonly SweepWorkers[]> {
  console.log(`\nsweeps of 64 cells, seconds (fast quartile of ${ROUNDS} laps)`);
  console.log(row(['', 'one worker', 'two', 'ratio', 'target']));
  const results: SweepWorkers[] = [];
  for (const [sweep, workload, axes] of SWEEPS) {
    const args = ['sweep', ...workload, ...axes.flatMap((axis) => ['--axis', axis]), '--json', '--quiet'];
    const seconds: Record<1 | 2, number[]> = { 1: [], 2: [] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const jobs of [1, 2] as const) seconds[jobs].push(await lap([...args, '--jobs', `${jobs}`]));
    }
    const [oneSeconds, twoSeconds] = [fastQuartileOfTimes(seconds[1]), fastQuartileOfTimes(seconds[2])];
    const ratio = oneSeconds / twoSeconds;
    const cells = [oneSeconds, twoSeconds, ratio, TARGET].map((figure) => figure.toFixed(2));
    console.log(row([sweep, ...cells]));
    results.push({ sweep, oneSeconds, twoSeconds, ratio });
  }
  return results;
}

async function lap(args: readonly string[]): Promise<number> {
  const started = performance.now();
  await run(process.execPath, [slablab, ...args], { maxBuffer: 1 << 28 });
  return (performance.now() - started) / 1000;
}
