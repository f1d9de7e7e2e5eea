import type { BuildInfo } from '../engine/index.js';
import { openEngine } from '../engine/node.js';
import { subjectName } from '../run/node.js';
import { type Figures, figuresOf } from './figures.js';
import type { Cell, Grid } from './grid/grid.js';
import type { CellOutcome } from './pool/cell-service.js';
import { CellWorker, LostWorkerError } from './pool/cell-worker.js';
import { SharedStreams, type Task } from './pool/shared-streams.js';
import { StreamBuffers } from './pool/stream-memory.js';
import { conclusions } from './sweep-conclusions.js';
import { SWEEP_SCHEMA, type SweepCell, type SweepResult } from './sweep-result.js';

export interface SweepOptions {
  /** Workers. */
  readonly jobs: number;
  /** Started beforehand, and nobody else's: all of them are stopped in the end. Default: started here. */
  readonly workers?: readonly CellWorker[];
  readonly cellTimeoutMs?: number;
  /** Where shared streams are kept meanwhile, as far as memory has no room for them: an existing directory. */
  readonly spillDirectory: string;
  /** For a stream, and as many of them as there are at once. Default: STREAM_MEMORY_BYTES. */
  readonly streamMemoryBytes?: number;
  /** Which objective the best cell is sought by, before the others. */
  readonly bestBy?: keyof Figures;
  /** Cells that an earlier run of this grid has done, by number. */
  readonly done?: ReadonlyMap<number, SweepCell>;
  /** Awaited for each cell that is worth keeping: losing a worker is not. */
  readonly keep?: (cell: SweepCell) => Promise<void>;
  readonly onCell?: (done: number, total: number) => void;
  /** What sources have to say, each sentence once. */
  readonly onNote?: (note: string) => void;
  /** Ends the sweep with the cells that are done. */
  readonly signal?: AbortSignal;
}

/** Rejects before any cell runs if a build of the grid cannot be used. */
export async function runGrid(grid: Grid, options: SweepOptions): Promise<SweepResult> {
  const startedAt = new Date().toISOString();
  const started = performance.now();
  const builds = await buildsOf(grid.cells);
  const cells = await runAll(grid.cells, builds, options);
  const { paretoWithSpeed, ...concluded } = conclusions(grid, cells, builds, options.bestBy);
  return {
    schema: SWEEP_SCHEMA,
    workload: subjectName(grid.subject),
    axes: grid.axes,
    cellCount: grid.cells.length,
    isComplete: cells.length === grid.cells.length,
    cells,
    ...concluded,
    timing: {
      startedAt,
      wallMs: performance.now() - started,
      jobs: options.jobs,
      resumedCells: options.done?.size ?? 0,
      paretoWithSpeed,
    },
  };
}

/** The same for cells of any subjects, each with a number of its own. In the order of these numbers; those that are done. */
export async function runCells(cells: readonly Cell[], options: SweepOptions): Promise<SweepCell[]> {
  return runAll(cells, await buildsOf(cells), options);
}

async function runAll(cells: readonly Cell[], builds: Builds, options: SweepOptions): Promise<SweepCell[]> {
  const sweep = new Sweep(cells, builds, options);
  await sweep.all();
  return [...sweep.done.values()].sort((a, b) => a.cell - b.cell);
}

/** Each build with its defaults: the configuration has no say in what a model sees of it. */
export type Builds = ReadonlyMap<string, BuildInfo>;

async function buildsOf(cells: readonly Cell[]): Promise<Builds> {
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
    // While one of them produces a stream, the others get ready to replay it.
    for (const worker of this.#workers) worker.start();
    try {
      await Promise.race([Promise.all(this.#workers.map((worker) => this.#work(worker))), aborted]);
    } finally {
      this.#isOver = true;
      await Promise.all(this.#workers.map((worker) => worker.stop()));
    }
  }

  async #work(worker: CellWorker): Promise<void> {
    for (;;) {
      const task = await this.#streams.next();
      // A worker that is asked anything after it was stopped would start again, with nobody to stop it.
      if (task === undefined || this.#isOver) return;
      const [outcome, isKept] = await this.#attempt(worker, task);
      // What a stopped worker answers is not the cell's result.
      if (this.#isOver) return;
      await this.#streams.finished(task.cell);
      const cell = cellOf(task.cell, outcome);
      // First, so that an interrupted sweep does not leave out what its journal has.
      this.done.set(cell.cell, cell);
      if (isKept) await this.#options.keep?.(cell);
      this.#note(outcome.notes);
      this.#options.onCell?.(this.done.size, this.#total);
    }
  }

  /** Whatever goes wrong in a cell is its own affair. */
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
    const { cellTimeoutMs } = this.#options;
    if (keepIn === undefined) return worker.ask((service) => service.run(cell, stream), cellTimeoutMs);
    let shared: Task['stream'] | undefined;
    try {
      shared = await worker.ask((service) => service.keep(cell.stream, build, keepIn));
    } finally {
      this.#streams.produced(cell, shared);
    }
    return worker.ask((service) => service.run(cell, shared ?? null), cellTimeoutMs);
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
