/** The memory of a process that runs or resumes a large sweep, which has room for a small part of the result. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SweepResult } from '#slablab/src/sweep/sweep-result.js';
import { slablab } from '../support/cli.js';
import { withoutTiming } from '../support/without-timing.js';

/** The text of the result has 27 MB, and the values of it take more in memory. */
const SEEDS = Array.from({ length: 500 }, (_, seed) => seed).join(',');
const SWEEP = ['sweep', 'ttl-storm', '--set', 'keys=300', '--jobs', '1'];
const MANY = [...SWEEP, '--axis', `seed=${SEEDS}`, '--no-recordings', '--json', '--quiet'];
const SMALL_HEAP = { NODE_OPTIONS: '--max-old-space-size=44' };

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-sweep-memory-'));
});
afterAll(() => rm(directory, { recursive: true }));

test('does not grow with the cells, whether they are run or taken from a journal', async () => {
  const run = await slablab([...MANY, '--out', directory], SMALL_HEAP);
  expect(run.exitCode).toBe(0);
  const written = await readFile(join(directory, 'ttl-storm.sweep.json'), 'utf8');
  expect(run.stdout).toBe(written);
  const result = JSON.parse(written) as SweepResult;
  expect(written).toBe(`${JSON.stringify(result, null, 2)}\n`);
  expect(result.cells.every(({ run: one }) => one?.phases.length === 4)).toBe(true);
  const resumed = await slablab([...MANY, '--out', directory, '--resume'], SMALL_HEAP);
  expect(resumed.exitCode).toBe(0);
  expect(withoutTiming(JSON.parse(resumed.stdout))).toEqual(withoutTiming(result));
});
