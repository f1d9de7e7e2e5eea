/** Runs a grid of cells in workers. The result is the same for any number of workers, except for `timing`. */
import type { BuildInfo } from '../engine/index.js';
import { openEngine } from '../engine/node.js';
import { subjectName } from '../run/node.js';
import type { CellShelf } from './cell-shelf.js';
import { type Figures, figuresOf } from './figures.js';
import type { Cell, Grid } from './grid/grid.js';
import type { CellOutcome } from './pool/cell-service.js';
import { CellWorker, LostWorkerError } from './pool/cell-worker.js';
import { SharedStreams, type Task } from './pool/shared-streams.js';
import { StreamBuffers } from './pool/stream-memory.js';
import { conclusions } from './sweep-conclusions.js';
import { SWEEP_SCHEMA, type SweepCell, type SweepResult, type SweepTiming } from './sweep-result.js';

export interface SweepOptions {
  /** Number of workers. */
  readonly jobs: number;
  /** Workers that are already started; the sweep stops all of them. Default: new workers. */
  readonly workers?: readonly CellWorker[];
  readonly cellTimeoutMs?: number;
  /** An existing directory for the parts of shared streams that do not fit in memory. */
  readonly spillDirectory: string;
  /** Returns where the recording of a cell is written. Absent: cells are not recorded. */
  readonly recordTo?: (cell: number) => string;
  /** Memory of each shared stream. Default: STREAM_MEMORY_BYTES. */
  readonly streamMemoryBytes?: number;
  /** The first objective of the best cell. */
  readonly bestBy?: keyof Figures;
  /** The numbers of the cells to run. Default: all. */
  readonly only?: ReadonlySet<number> | undefined;
  /** The share of a figure below which a difference counts as none. */
  readonly tolerance?: number;
  /** Cells that an earlier run of this grid has finished, by number. */
  readonly done?: ReadonlyMap<number, SweepCell>;
  /** Takes the runs of finished cells, which the result then lacks. `done` lacks them already. Absent: memory has them. */
  readonly shelf?: CellShelf;
  /** Called and awaited for each finished cell, also for one that lost its worker. */
  readonly onOutcome?: (cell: SweepCell, notes: readonly string[], isLost: boolean) => Promise<void>;
  /** Whether the caller stops the workers, unless the sweep is aborted. */
  readonly keepsWorkers?: boolean;
  /** Called and awaited for each finished cell, except those that lost their worker. */
  readonly keep?: (cell: SweepCell) => Promise<void>;
  readonly onCell?: (done: number, total: number) => void;
  /** Called once for each different note of a source. */
  readonly onNote?: (note: string) => void;
  /** Ends the sweep with the finished cells. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a grid. The result does not depend on the number of workers, except for `timing`. Rejects before any cell runs if a
 * build of the grid cannot be used.
 */
export async function runGrid(grid: Grid, options: SweepOptions): Promise<SweepResult> {
  const clock = startClock();
  const builds = await buildsOf(grid.cells);
  const { only } = options;
  const chosen = only === undefined ? grid.cells : grid.cells.filter(({ cell }) => only.has(cell));
  const cells = await runAll(chosen, builds, options);
  const { jobs, bestBy, tolerance, done } = options;
  return concludeGrid(grid, cells, builds, {
    bestBy,
    tolerance,
    ...clock(),
    jobs,
    resumedCells: done?.size ?? 0,
  });
}

/** Starts to measure a sweep. The function that it returns gives the timing up to then. */
export function startClock(): () => Pick<SweepTiming, 'startedAt' | 'wallMs'> {
  const startedAt = new Date().toISOString();
  const started = performance.now();
  return () => ({ startedAt, wallMs: performance.now() - started });
}

/** Holds what a result has beside its cells and the conclusions from them. */
export interface Circumstances extends Omit<SweepTiming, 'paretoWithSpeed'> {
  readonly bestBy: keyof Figures | undefined;
  readonly tolerance: number | undefined;
}

/** Returns the result of a sweep whose cells were run, here or elsewhere. */
export function concludeGrid(
  grid: Grid,
  cells: readonly SweepCell[],
  builds: Builds,
  { bestBy, tolerance, ...timing }: Circumstances,
): SweepResult {
  const { paretoWithSpeed, ...concluded } = conclusions(grid, cells, builds, bestBy, tolerance);
  return {
    schema: SWEEP_SCHEMA,
    workload: subjectName(grid.subject),
    axes: grid.axes,
    cellCount: grid.cells.length,
    isComplete: cells.length === grid.cells.length,
    cells,
    ...concluded,
    timing: { ...timing, paretoWithSpeed },
  };
}

/** Runs cells of any subjects, each with its own number. Returns the finished cells in the order of these numbers. */
export async function runCells(cells: readonly Cell[], options: SweepOptions): Promise<SweepCell[]> {
  return runAll(cells, await buildsOf(cells), options);
}

/** Runs cells on one worker, which the caller stops later unless the signal aborts. */
export async function runSlice(
  cells: readonly Cell[],
  builds: Builds,
  {
    worker,
    ...options
  }: Omit<SweepOptions, 'jobs' | 'workers' | 'keepsWorkers'> & { readonly worker: CellWorker },
): Promise<SweepCell[]> {
  return runAll(cells, builds, { ...options, jobs: 1, workers: [worker], keepsWorkers: true });
}

async function runAll(cells: readonly Cell[], builds: Builds, options: SweepOptions): Promise<SweepCell[]> {
  const sweep = new Sweep(cells, builds, options);
  await sweep.all();
  return [...sweep.done.values()].sort((a, b) => a.cell - b.cell);
}

/** Builds by name, with default options. The configuration does not influence the AllocatorView of a model. */
export type Builds = ReadonlyMap<string, BuildInfo>;

/** Returns the builds that cells boot. Rejects if one cannot be used. */
export async function buildsOf(cells: readonly Cell[]): Promise<Builds> {
  const builds = new Map<string, BuildInfo>();
  for (const { allocator } of cells) {
    if (builds.has(allocator.build)) continue;
    const engine = await openEngine({ ...allocator, conf: '' });
    builds.set(allocator.build, engine.info);
    await engine.close();
  }
  return builds;
}

class Sweep {
  readonly done: Map<number, SweepCell>;
  readonly #total: number;
  readonly #options: SweepOptions;
  readonly #streams: SharedStreams;
  readonly #workers: CellWorker[];
  readonly #notes = new Set<string>();
  #isOver = false;

  constructor(cells: readonly Cell[], builds: Builds, options: SweepOptions) {
    this.done = new Map(options.done);
    this.#total = cells.length;
    this.#options = options;
    const pending = cells.filter(({ cell }) => !this.done.has(cell));
    const buildOf = (cell: Cell) => builds.get(cell.allocator.build)!;
    this.#streams = new SharedStreams(pending, buildOf, {
      directory: options.spillDirectory,
      buffers: new StreamBuffers(options.streamMemoryBytes),
    });
    const jobs = Math.min(options.jobs, pending.length);
    const { workers = [] } = options;
    this.#workers = Array.from({ length: jobs }, (_, index) => workers[index] ?? new CellWorker());
  }

  async all(): Promise<void> {
    const { signal } = this.#options;
    this.#options.onCell?.(this.done.size, this.#total);
    const aborted = new Promise<void>((resolve) => {
      signal?.addEventListener('abort', () => resolve(), { once: true });
      if (signal?.aborted === true) resolve();
    });
    for (const worker of this.#options.workers?.slice(this.#workers.length) ?? []) void worker.stop();
    // The other workers start while one produces a stream.
    for (const worker of this.#workers) worker.start();
    try {
      await Promise.race([Promise.all(this.#workers.map((worker) => this.#work(worker))), aborted]);
    } finally {
      this.#isOver = true;
      if (this.#options.keepsWorkers !== true || signal?.aborted === true) {
        await Promise.all(this.#workers.map((worker) => worker.stop()));
      }
    }
  }

  async #work(worker: CellWorker): Promise<void> {
    for (;;) {
      const task = await this.#streams.next();
      // A call to a stopped worker would start it again.
      if (task === undefined || this.#isOver) return;
      const [outcome, isKept] = await this.#attempt(worker, task);
      // A result from a worker that was stopped does not count.
      if (this.#isOver) return;
      await this.#streams.finished(task.cell);
      const cell = cellOf(task.cell, outcome);
      // Before `keep`, so that an interrupted sweep includes all cells of its journal.
      this.done.set(cell.cell, this.#options.shelf?.put(cell) ?? cell);
      await this.#options.onOutcome?.(cell, outcome.notes, !isKept);
      if (isKept) await this.#options.keep?.(cell);
      this.#note(outcome.notes);
      this.#options.onCell?.(this.done.size, this.#total);
    }
  }

  /** Runs a cell. Returns its outcome, also after an error, and whether to keep it. */
  async #attempt(worker: CellWorker, task: Task): Promise<[CellOutcome, boolean]> {
    try {
      return [await this.#run(worker, task), true];
    } catch (error) {
      const { name, message } = error as Error;
      const failure = { name, message, position: null };
      return [{ run: null, error: failure, replayMs: 0, notes: [] }, !(error instanceof LostWorkerError)];
    }
  }

  async #run(worker: CellWorker, { cell, build, stream, keepIn }: Task): Promise<CellOutcome> {
    const { cellTimeoutMs, recordTo } = this.#options;
    const path = recordTo?.(cell.cell);
    if (keepIn === undefined) return worker.ask((service) => service.run(cell, stream, path), cellTimeoutMs);
    let shared: Task['stream'] | undefined;
    try {
      shared = await worker.ask((service) => service.keep(cell.stream, build, keepIn));
    } finally {
      this.#streams.produced(cell, shared);
    }
    return worker.ask((service) => service.run(cell, shared ?? null, path), cellTimeoutMs);
  }

  #note(notes: readonly string[]): void {
    for (const note of notes) {
      if (this.#notes.has(note)) continue;
      this.#notes.add(note);
      this.#options.onNote?.(note);
    }
  }
}

function cellOf({ cell, values }: Cell, { run, error, replayMs }: CellOutcome): SweepCell {
  const figures = run === null || error !== null ? null : figuresOf(run);
  const operations = run?.phases.at(-1)?.position;
  const operationsPerSecond =
    operations === undefined || replayMs === 0 ? null : operations / (replayMs / 1000);
  return { cell, values, figures, error, run, timing: { replayMs, operationsPerSecond } };
}
