import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openEngine } from '#slablab/src/engine/node.js';
import { run } from '#slablab/src/run/run.js';
import type { RunResult } from '#slablab/src/run/run-result.js';
import { openStream } from '#slablab/src/run/stream-plan.js';
import type { Subject } from '#slablab/src/run/subject.js';
import { DEFAULT_CHUNK_CAPACITY } from '#slablab/src/stream/op-writer.js';
import { type Grid, type GridBase, makeGrid } from '#slablab/src/sweep/grid/grid.js';
import { parseAxes } from '#slablab/src/sweep/grid/sweep-axis.js';
import { runGrid, type SweepOptions } from '#slablab/src/sweep/sweep.js';
import type { SweepCell, SweepResult } from '#slablab/src/sweep/sweep-result.js';
import { findWorkload } from '#slablab/workloads/index.js';
import { expectValid } from '../support/schemas.js';
import { withoutTiming } from '../support/without-timing.js';

const WORKLOAD: Subject = { kind: 'workload', name: 'scattered-delete' };

let directory: string;
let spillDirectory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-sweep-test-'));
  spillDirectory = await mkdtemp(join(directory, 'spill-'));
});
afterAll(() => rm(directory, { recursive: true }));

function gridOf(axes: readonly string[], base: Partial<GridBase> = {}): Grid {
  const subject = base.subject ?? WORKLOAD;
  const workload = subject.kind === 'workload' ? findWorkload(subject.name) : undefined;
  const whole: GridBase = {
    subject,
    workload,
    parameters: workload === undefined ? [] : ['keys=2000'],
    server: undefined,
    build: undefined,
    conf: '',
    hooks: 'complete',
    runtime: 'wasm',
    ...base,
  };
  return makeGrid(whole, parseAxes(axes, whole));
}

function sweep(grid: Grid, options: Partial<SweepOptions> = {}): Promise<SweepResult> {
  return runGrid(grid, { jobs: 2, spillDirectory, ...options });
}

/** What `slablab run` makes of a cell. */
async function runAlone({ cells }: Grid, number: number): Promise<RunResult> {
  const cell = cells[number];
  if (cell === undefined) throw new Error(`no cell ${number}`);
  const engine = await openEngine(cell.allocator);
  const source = await openStream(cell.stream);
  const { result } = await run(source, engine, {
    ...cell.allocator,
    settings: cell.stream.settings,
    sweepEvery: 0,
    ...(cell.restMs === undefined ? {} : { restMs: cell.restMs }),
  });
  await engine.close();
  await source.close();
  return result;
}

async function expectSameAsAlone(grid: Grid, { cells }: SweepResult): Promise<void> {
  for (const { cell, run: inSweep } of cells) {
    expect(withoutTiming(inSweep)).toEqual(withoutTiming(await runAlone(grid, cell)));
  }
}

describe('a sweep', () => {
  test('gives every cell what a run of its own would, whether it shares its stream or not', async () => {
    const grid = gridOf(['build=q3,q3-p14,q4', 'dirty_decay_ms=0,10000', 'order=sequential'], {
      restMs: 500,
    });
    const result = await sweep(grid);
    await expectValid(result);
    expect(result.isComplete).toBe(true);
    expect(result.cells.map(({ cell }) => cell)).toEqual([0, 1, 2, 3, 4, 5]);
    await expectSameAsAlone(grid, result);
    expect(await readdir(spillDirectory)).toEqual([]);
  });

  test('is the same for any number of workers', async () => {
    const axes = [
      'dirty_decay_ms=0,10',
      'tcache_max=1024,4096',
      'order=random',
      'seed=1,2',
      'conf=',
      'conf=narenas:0',
    ];
    const [one, three] = [await sweep(gridOf(axes), { jobs: 1 }), await sweep(gridOf(axes), { jobs: 3 })];
    expect(one.cells).toHaveLength(16);
    expect(withoutTiming(three)).toEqual(withoutTiming(one));
    expect(three.timing.jobs).toBe(3);
  });

  test.each([0, 3])(
    'a stream that is too long for memory goes on in a file, from chunk %i on',
    async (chunks) => {
      const grid = gridOf(['dirty_decay_ms=0,10', 'order=random'], { parameters: ['keys=20000'] });
      const whole = await sweep(grid);
      expect(whole.cells[0]?.run?.phases.at(-1)?.position).toBeGreaterThan(3 * DEFAULT_CHUNK_CAPACITY);
      const parted = await sweep(grid, { streamMemoryBytes: chunks * DEFAULT_CHUNK_CAPACITY * 12 });
      expect(withoutTiming(parted)).toEqual(withoutTiming(whole));
      expect(await readdir(spillDirectory)).toEqual([]);
    },
  );

  test('settings of the server reach it', async () => {
    const path = join(directory, 'hash.resp');
    const fields = Array.from({ length: 100 }, (_, field) => `f${field} v`).join(' ');
    await writeFile(path, `HSET h ${fields}\r\n`.repeat(1));
    const grid = gridOf(['hash-max-listpack-entries=50,200'], { subject: { kind: 'commands', path } });
    const { cells } = await sweep(grid);
    const [table, listpack] = cells.map(({ run: result }) => result?.phases.at(-1)?.drainprof.live ?? 0);
    // A table has an entry for each field, which holds its name and value.
    expect((table ?? 0) - (listpack ?? 0)).toBeGreaterThan(90);
    expect(cells[0]?.run?.settings).toEqual({ 'hash-max-listpack-entries': '50' });
    await expectValid(cells[0]?.run);
  });

  test('finds the front and the best cell, which are the same without looking at speed', async () => {
    const grid = gridOf(['dirty_decay_ms=0,-1', 'order=sequential']);
    const result = await sweep(grid);
    expect(result.objectives).toEqual(['steadyResident', 'peakResident', 'cohortDsr', 'purgeWork']);
    expect(result.pareto).toEqual([0, 1]);
    expect(result.best).toMatchObject({ cell: 0, conf: 'dirty_decay_ms:0', variable: 'JE_MALLOC_CONF' });
    const byWork = await sweep(grid, { bestBy: 'purgeWork' });
    expect(byWork.best).toMatchObject({
      cell: 1,
      objectives: ['purgeWork', 'steadyResident', 'peakResident', 'cohortDsr'],
    });
  });

  test('a workload that drives the allocator itself sees all of it, so its cells share nothing', async () => {
    const subject: Subject = { kind: 'workload', name: 'violation-sweep' };
    const grid = gridOf(['conf=', 'conf=slab_sizes:128-128:16'], { subject, parameters: ['epochs=100'] });
    await expectSameAsAlone(grid, await sweep(grid));
  });

  test("a distribution's build is configured by another variable", async () => {
    const { best } = await sweep(gridOf(['build=q4']));
    expect(best?.variable).toBe('MALLOC_CONF');
  });

  test('notes are said once', async () => {
    const path = join(directory, 'unknown.resp');
    await writeFile(path, 'SET a b\r\nFROBNICATE a\r\n');
    const notes: string[] = [];
    const grid = gridOf(['dirty_decay_ms=0,1', 'seed=1,2'], { subject: { kind: 'commands', path } });
    await sweep(grid, { onNote: (note) => notes.push(note) });
    expect(notes).toEqual([
      expect.stringContaining('it names no server version'),
      expect.stringMatching(/^command FROBNICATE, 1 times/i),
    ]);
  });
});

describe('a cell that fails', () => {
  const errors = ({ cells }: SweepResult) => cells.map(({ error }) => error?.name ?? null);

  test('by a configuration that jemalloc does not take, or values that do not go together', async () => {
    const grid = gridOf(['conf=dirty_decay:5', 'conf=thp:always', 'conf=', 'order=odd', 'drop=0.5,0.1']);
    const result = await sweep(grid);
    await expectValid(result);
    expect(errors(result)).toEqual(['BootError', 'BootError', 'BootError', 'BootError', null, 'InputError']);
    expect(result.cells[0]?.error?.message).toContain("did you mean 'dirty_decay_ms'?");
    expect(result.pareto).toEqual([4]);
  });

  test('out of memory: with what it measured, as a run of its own has it', async () => {
    const grid = gridOf(['dirty_decay_ms=0,10000', 'valueBytes=1000,400000000'], { parameters: ['keys=20'] });
    const result = await sweep(grid);
    await expectValid(result);
    expect(errors(result)).toEqual([null, 'OutOfMemoryError', null, 'OutOfMemoryError']);
    await expectSameAsAlone(grid, result);
  });

  test('input that breaks off', async () => {
    const path = join(directory, 'cut.resp');
    await writeFile(path, `${'SET a b\r\n'.repeat(10)}*1\r\n$5\r\nPI`);
    const grid = gridOf(['dirty_decay_ms=0,1,2'], { subject: { kind: 'commands', path } });
    const result = await sweep(grid);
    expect(errors(result)).toEqual(['InputError', 'InputError', 'InputError']);
    await expectSameAsAlone(grid, result);
    expect(result.best).toBeNull();
  });

  test.each(['wasm', 'native'] as const)(
    'not in time, in %s: its worker is replaced, and it is not kept',
    async (runtime) => {
      const grid = gridOf(['keys=20000000,10'], { parameters: ['valueBytes=0'], runtime });
      // As long as the small cell takes on this machine.
      for (let cellTimeoutMs = 2000, isEnough = false; !isEnough; cellTimeoutMs *= 8) {
        const kept: number[] = [];
        const keep = async ({ cell }: SweepCell) => void kept.push(cell);
        const [large, small] = errors(await sweep(grid, { jobs: 1, cellTimeoutMs, keep }));
        isEnough = small === null;
        expect(large).toBe('CellTimeoutError');
        expect(kept).toEqual(isEnough ? [1] : []);
      }
    },
  );
});

describe('a worker that is killed', () => {
  /** Each worker that starts, in this order. */
  const workers: Worker[] = [];
  const onWorker = (worker: Worker) => workers.push(worker);
  beforeEach(() => {
    workers.splice(0);
    process.on('worker', onWorker);
  });
  afterEach(() => void process.off('worker', onWorker));

  const grid = () =>
    gridOf(['dirty_decay_ms=0,10,100', 'tcache_max=1024,4096'], { parameters: ['keys=20000'] });

  /** One cell is lost, and says so; the others are what they would have been, and only they are worth keeping. */
  async function expectOneLost(jobs: number, kill: (done: number) => void): Promise<void> {
    const kept: number[] = [];
    const { cells } = await sweep(grid(), {
      jobs,
      onCell: kill,
      keep: async ({ cell }) => void kept.push(cell),
    });
    const lost = cells.filter(({ error }) => error !== null);
    expect(lost).toMatchObject([
      {
        run: null,
        figures: null,
        error: { name: 'LostWorkerError', message: expect.stringContaining('the worker ended') },
      },
    ]);
    const others = cells.filter(({ error }) => error === null);
    expect(kept.sort()).toEqual(others.map(({ cell }) => cell));
    const whole = await sweep(grid());
    expect(withoutTiming(others)).toEqual(
      withoutTiming(whole.cells.filter(({ cell }) => kept.includes(cell))),
    );
  }

  test.each([1, 2])('while it produces the stream, of %i workers', (jobs) =>
    expectOneLost(jobs, (done) => {
      if (done === 0) setTimeout(() => void workers[0]?.terminate(), 150);
    }),
  );

  test('before it was asked anything: another takes its place', async () => {
    const onCell = (done: number) => {
      if (done === 0) setImmediate(() => void workers[1]?.terminate());
    };
    const { cells } = await sweep(grid(), { jobs: 2, onCell });
    expect(cells.map(({ error }) => error)).toEqual(Array(6).fill(null));
    expect(workers).toHaveLength(3);
  });

  test.each([1, 2])('in the middle of the sweep, of %i workers', (jobs) =>
    expectOneLost(jobs, (done) => {
      if (done === 2) setImmediate(() => void workers[0]?.terminate());
    }),
  );
});

describe('an interrupted sweep', () => {
  test('has the cells that are done, and goes on with the others', async () => {
    const grid = gridOf(['dirty_decay_ms=0,1,2,3,4,5']);
    const controller = new AbortController();
    const kept = new Map<number, SweepCell>();
    const part = await sweep(grid, {
      jobs: 1,
      signal: controller.signal,
      keep: async (cell) => {
        kept.set(cell.cell, cell);
        if (kept.size === 2) controller.abort();
      },
    });
    await expectValid(part);
    expect(part.isComplete).toBe(false);
    expect(part.cells.length).toBeLessThan(6);
    const onCell: number[] = [];
    const whole = await sweep(grid, { done: kept, onCell: (done) => onCell.push(done) });
    expect(onCell).toEqual([2, 3, 4, 5, 6]);
    expect(whole.timing.resumedCells).toBe(2);
    expect(withoutTiming(whole)).toEqual(withoutTiming(await sweep(grid)));
  });

  test('whose journal cannot be written any more ends, workers and all', async () => {
    const keep = () => Promise.reject(new Error('disk full'));
    await expect(sweep(gridOf(['dirty_decay_ms=0,1,2,3,4,5']), { keep })).rejects.toThrow('disk full');
  });

  test('that was never to begin', async () => {
    const { cells } = await sweep(gridOf(['seed=1']), { signal: AbortSignal.abort() });
    expect(cells).toEqual([]);
  });
});
