/** Takes slices of cells from a queue and runs them, as many at a time as it has threads. */
import { mkdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DelayedError, type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { CellWorker, type SweepCell } from '../../sweep/node.js';
import { connect, type QueuePlace } from '../connection.js';
import { queueName } from '../contract.js';
import { type CellsQueue, openQueue, type SliceJob, TRIES } from '../jobs.js';
import { QueueKeys } from '../keys.js';
import { announce, sayGoodbye } from '../live-workers.js';
import { marksOf } from '../results.js';
import { stateOf } from '../sweep-record.js';
import type { InputCacheOptions } from './input-cache.js';
import type { KnownSweep } from './known-sweep.js';
import { runOne } from './slice-runner.js';
import { SweepsOfWorker } from './sweeps-of-worker.js';

export interface WorkerOptions {
  readonly version: string;
  /** Number of cells that run at a time. */
  readonly jobs: number;
  readonly inputs: InputCacheOptions;
  /** An existing directory for what running cells need. */
  readonly directory: string;
  /** The time after which the cells of a worker that went silent are given to another. */
  readonly lostAfterMs: number;
  readonly onNote: (note: string) => void;
}

export interface WorkerFigures {
  readonly jobs: number;
  readonly running: number;
  readonly cells: number;
  readonly failedCells: number;
  readonly operations: number;
  /** Time inside the allocator. */
  readonly replayMs: number;
}

type SliceOnQueue = Job<SliceJob, null, string>;

const WATCH_MS = 400;
const ANNOUNCE_MS = 3000;
/** The time for which a slice that this worker may not run is left to others. */
const LEFT_TO_OTHERS_MS = 500;
const REFUSED_PAUSE_MS = 1000;
/** A machine may die under a slice so often before the slice counts as failed. */
const MAX_STALLED = TRIES - 1;
const IDLE_SECONDS = 30;
const CLOSE_MS = 3000;

interface Running {
  readonly id: string;
  readonly controller: AbortController;
}

export class QueueWorker {
  readonly name = `${hostname()}/${process.pid}`;
  readonly #redis: Redis;
  readonly #keys: QueueKeys;
  readonly #queue: CellsQueue;
  readonly #worker: Worker<SliceJob, null, string>;
  readonly #sweeps: SweepsOfWorker;
  readonly #free: CellWorker[];
  readonly #running = new Set<Running>();
  readonly #timers: NodeJS.Timeout[];
  #slices = 0;
  #cells = 0;
  #failedCells = 0;
  #operations = 0;
  #replayMs = 0;
  #isStopping = false;

  private constructor(
    place: QueuePlace,
    private readonly queueName: string,
    private readonly options: WorkerOptions,
  ) {
    const { jobs, lostAfterMs, version, inputs, onNote } = options;
    this.#keys = new QueueKeys(place.prefix);
    this.#redis = connect(place, lostConnectionNotes(onNote), () => this.#isStopping);
    this.#queue = openQueue(this.#redis, this.#keys, queueName);
    this.#sweeps = new SweepsOfWorker(this.#redis, this.#keys, { version, inputs, onNote });
    this.#free = Array.from({ length: jobs }, () => new CellWorker());
    this.#worker = new Worker(queueName, (job, token) => this.#process(job, token), {
      connection: this.#redis,
      prefix: this.#keys.engine,
      concurrency: jobs,
      name: this.name,
      lockDuration: lostAfterMs,
      stalledInterval: lostAfterMs / 3,
      maxStalledCount: MAX_STALLED,
      drainDelay: IDLE_SECONDS,
    });
    // Its connections come back by themselves, and its jobs are run elsewhere if they do not.
    this.#worker.on('error', () => {});
    this.#timers = [
      setInterval(() => void this.#watch().catch(() => {}), WATCH_MS),
      setInterval(() => void this.#announce().catch(() => {}), ANNOUNCE_MS),
    ];
  }

  static async open(place: QueuePlace, options: WorkerOptions): Promise<QueueWorker> {
    const worker = new QueueWorker(place, await queueName(options.version), options);
    await worker.#announce();
    return worker;
  }

  get figures(): WorkerFigures {
    return {
      jobs: this.options.jobs,
      running: this.#running.size,
      cells: this.#cells,
      failedCells: this.#failedCells,
      operations: this.#operations,
      replayMs: this.#replayMs,
    };
  }

  /** Returns the numbers of slices that wait and that run, on all machines. */
  async depth(): Promise<{ readonly waiting: number; readonly active: number }> {
    const counts = await this.#queue.getJobCounts('prioritized', 'waiting', 'delayed', 'active');
    const { prioritized = 0, waiting = 0, delayed = 0, active = 0 } = counts;
    return { waiting: prioritized + waiting + delayed, active };
  }

  /** Gives back what runs, and ends within a bound even if the server cannot be reached. */
  async close(): Promise<void> {
    this.#isStopping = true;
    for (const timer of this.#timers) clearInterval(timer);
    for (const { controller } of this.#running) controller.abort();
    const orderly = async () => {
      await this.#worker.close();
      await sayGoodbye(this.#redis, this.#keys, this.name);
      await this.#queue.close();
    };
    await Promise.race([orderly().catch(() => {}), sleep(CLOSE_MS, undefined, { ref: false })]);
    await Promise.all(this.#free.map((thread) => thread.stop()));
    this.#redis.disconnect();
    await Promise.race([
      Promise.all([this.#worker.close(true), this.#queue.disconnect()]).catch(() => {}),
      sleep(CLOSE_MS, undefined, { ref: false }),
    ]);
  }

  async #process(job: SliceOnQueue, token: string | undefined): Promise<null> {
    const { sweep: id, isVerification } = job.data;
    const known = await this.#sweeps.known(id);
    // A sweep that ended or was cancelled needs nothing more.
    if (known === undefined || (await stateOf(this.#redis, this.#keys, id)) !== 'running') return null;
    if (known.breach !== undefined) {
      await sleep(REFUSED_PAUSE_MS);
      return this.#leave(job, token);
    }
    if (isVerification && (await this.#ranFirst(job.data))) return this.#leave(job, token);
    return this.#run(job, token, known);
  }

  async #run(job: SliceOnQueue, token: string | undefined, sweep: KnownSweep): Promise<null> {
    const { sweep: id, cells, isVerification } = job.data;
    const controller = new AbortController();
    const running = { id, controller };
    this.#running.add(running);
    const thread = this.#free.pop() ?? new CellWorker();
    const directory = join(this.options.directory, String(this.#slices++));
    try {
      if (this.#isStopping) controller.abort();
      await mkdir(directory);
      const lost = await runOne(
        {
          sweep,
          cells: cells.map((cell) => sweep.plan.cells[cell]!),
          isVerification,
          isLastTry: job.attemptsMade >= TRIES - 1,
        },
        {
          redis: this.#redis,
          keys: this.#keys,
          name: this.name,
          thread,
          directory,
          signal: controller.signal,
          onCell: (cell) => this.#count(cell),
        },
      );
      if (lost.length > 0) throw new Error(lost.map(({ error }) => error?.message).join('; '));
    } catch (error) {
      if (!controller.signal.aborted) throw error;
    } finally {
      this.#running.delete(running);
      this.#free.push(thread);
      await rm(directory, { recursive: true, force: true });
    }
    return controller.signal.aborted && this.#isStopping ? this.#leave(job, token) : null;
  }

  /** Puts a slice back, which costs it no try. */
  async #leave(job: SliceOnQueue, token: string | undefined): Promise<never> {
    await job.moveToDelayed(Date.now() + LEFT_TO_OTHERS_MS, token);
    throw new DelayedError();
  }

  async #ranFirst({ sweep, cells }: SliceJob): Promise<boolean> {
    const marks = await marksOf(this.#redis, this.#keys, sweep, cells);
    return [...marks.values()].some(({ worker }) => worker === this.name);
  }

  #count({ error, run, timing }: SweepCell): void {
    this.#cells++;
    if (error !== null) this.#failedCells++;
    this.#operations += run?.phases.at(-1)?.position ?? 0;
    this.#replayMs += timing.replayMs;
  }

  /** Stops the slices of sweeps that were cancelled or removed. */
  async #watch(): Promise<void> {
    for (const id of new Set([...this.#running].map((running) => running.id))) {
      if ((await stateOf(this.#redis, this.#keys, id)) === 'running') continue;
      for (const running of this.#running) if (running.id === id) running.controller.abort();
    }
  }

  #announce(): Promise<void> {
    return announce(this.#redis, this.#keys, {
      name: this.name,
      version: this.options.version,
      queue: this.queueName,
      jobs: this.options.jobs,
      running: this.#running.size,
      cells: this.#cells,
      refusals: this.#sweeps.refusals(),
    });
  }
}

/** Reports a connection that is lost once, not at each try to get it back. */
function lostConnectionNotes(onNote: (note: string) => void): (error: Error) => void {
  let last = '';
  return ({ message }) => {
    if (message !== last && message !== '') onNote(`the server of the queue: ${message}; trying again`);
    last = message;
  };
}
