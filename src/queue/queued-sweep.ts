/** Runs the cells of a sweep on the workers of a queue, and collects their results. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { buildsOf, type CellShelf, type SweepCell, slicesOf } from '../sweep/node.js';
import { connect, type QueuePlace } from './connection.js';
import { addSlices, type CellsQueue, openQueue } from './jobs.js';
import { QueueKeys } from './keys.js';
import { type LiveWorker, liveWorkers } from './live-workers.js';
import { dropResults, marksOf, type SentCell, takeResults } from './results.js';
import { sendInput } from './sent-input.js';
import { publishSweep, removeSweep, type SweepPlan, stateOf, sweepId } from './sweep-record.js';
import { removeUnneeded } from './sweeps-on-server.js';
import { untilKept } from './until-kept.js';
import { cellsToVerify, readVerdicts, removeVerdicts, type Verdict } from './verifications.js';

export interface QueuedSweepOptions {
  /** Cells that are finished, by number. */
  readonly done: ReadonlyMap<number, SweepCell>;
  /** Takes the runs of finished cells, which the outcome then lacks. `done` lacks them already. Absent: memory has them. */
  readonly shelf?: CellShelf;
  /** Called and awaited for each cell that a journal keeps. Absent: results stay on the server until the end. */
  readonly keep?: (cell: SweepCell) => Promise<void>;
  /** Called and awaited with the recording of each cell. */
  readonly record?: (cell: number, recording: Buffer) => Promise<void>;
  readonly onCell: (done: number, total: number) => void;
  readonly onNote: (note: string) => void;
  /** Whether a sweep that was cancelled is run again. */
  readonly isRevived: boolean;
  /** Ends the wait, with the cells that are finished. */
  readonly signal: AbortSignal;
  /** Whether the sweep stays on the server after the signal, for its workers. Default: true. */
  readonly isLeftBehind?: boolean;
  /** Whether the inputs stay on the server, for further cells. */
  readonly keepsInputs?: boolean;
}

export interface QueuedOutcome {
  readonly cells: readonly SweepCell[];
  readonly workers: readonly string[];
  readonly verdicts: readonly Verdict[];
  /** The number of cells that were to be verified. */
  readonly wantedVerdicts: number;
  readonly isCancelled: boolean;
}

/** The most cells of a slice, which is lost with its worker. */
const SLICE_CELLS = 16;
const TAKEN_AT_ONCE = 50;
const BLOCK_MS = 500;
const TEND_MS = 2000;
/** The time that is waited for another worker, once none is there for the cells to verify. */
const VERIFY_ALONE_MS = 10_000;

export class QueuedSweep {
  readonly #keys: QueueKeys;
  readonly #redis: Redis;
  /** A connection that waits for results, since the other must not. */
  readonly #reader: Redis;
  readonly #queue: CellsQueue;
  readonly #id: string;
  readonly #done: Map<number, SweepCell>;
  readonly #workers = new Set<string>();
  readonly #notes = new Set<string>();
  #lastEntry = '0';
  #tendedAt = 0;

  constructor(
    place: QueuePlace,
    private readonly plan: SweepPlan,
    private readonly options: QueuedSweepOptions,
  ) {
    this.#keys = new QueueKeys(place.prefix);
    this.#redis = connect(place);
    this.#reader = connect(place);
    this.#queue = openQueue(this.#redis, this.#keys, plan.queue);
    this.#id = sweepId(plan.header);
    this.#done = new Map(options.done);
  }

  /** Runs all cells that are not finished. The sweep stays on the server if the signal ends this. */
  async run(): Promise<QueuedOutcome> {
    const { signal, onCell, isLeftBehind = true } = this.options;
    let isCancelled = false;
    try {
      onCell(this.#done.size, this.#total);
      isCancelled = await this.#isCancelled();
      if (isCancelled) await this.#take(this.#pending());
      else await this.#publish();
      while (this.#done.size < this.#total && !signal.aborted && !isCancelled) {
        await this.#collect();
        isCancelled = (await this.#patiently(() => this.#tend())) === 'cancelled';
      }
      const verdicts = isCancelled ? [] : await this.#verified();
      if (!signal.aborted || !isLeftBehind) await this.#clear();
      return {
        cells: [...this.#done.values()].sort((a, b) => a.cell - b.cell),
        workers: [...this.#workers].sort(),
        verdicts,
        wantedVerdicts: this.#toVerify.length,
        isCancelled,
      };
    } finally {
      this.#reader.disconnect();
      await Promise.race([this.#queue.close(), sleep(BLOCK_MS, undefined, { ref: false })]).catch(() => {});
      this.#redis.disconnect();
    }
  }

  get #total(): number {
    return this.plan.cells.length;
  }

  get #toVerify(): number[] {
    return cellsToVerify(
      this.plan.cells.map(({ cell }) => cell),
      this.plan.verifiedShare,
    );
  }

  /** Waits while the server is out of memory or loads its data. */
  #patiently<T>(action: () => Promise<T>): Promise<T> {
    return untilKept(action, this.options.signal, ({ message }) => {
      this.#note(`the server takes nothing now, and is tried again: ${message}`);
    });
  }

  async #isCancelled(): Promise<boolean> {
    if (this.options.isRevived) return false;
    return (await stateOf(this.#redis, this.#keys, this.#id)) === 'cancelled';
  }

  #pending(): number[] {
    return this.plan.cells.map(({ cell }) => cell).filter((cell) => !this.#done.has(cell));
  }

  /** Puts on the queue what is neither finished nor there. */
  async #publish(): Promise<void> {
    await this.#patiently(() => publishSweep(this.#redis, this.#keys, this.plan));
    for (const input of this.plan.inputs) {
      await this.#patiently(() => sendInput(this.#redis, this.#keys, input));
    }
    const missing = new Set(await this.#missingOf(this.#pending()));
    const slices = slicesOf(this.plan.cells, await buildsOf(this.plan.cells), SLICE_CELLS)
      .map((slice, index) => ({
        name: `${this.#id}-${index}`,
        cells: slice.map(({ cell }) => cell).filter((cell) => missing.has(cell)),
      }))
      .filter(({ cells }) => cells.length > 0);
    await this.#add(slices);
  }

  /** Returns the cells without a result. A mark whose result was taken by a producer that lost it is removed. */
  async #missingOf(pending: readonly number[]): Promise<number[]> {
    const marks = await marksOf(this.#redis, this.#keys, this.#id, pending);
    const missing: number[] = [];
    for (const cell of pending) {
      if (marks.has(cell)) {
        if (await this.#redis.hexists(this.#keys.results(this.#id), String(cell))) continue;
        await this.#redis.hdel(this.#keys.marks(this.#id), String(cell));
      }
      missing.push(cell);
    }
    return missing;
  }

  #add(
    slices: readonly { readonly name: string; readonly cells: readonly number[] }[],
    isVerification = false,
  ) {
    const jobs = slices.map(({ name, cells }) => ({ name, job: { sweep: this.#id, cells, isVerification } }));
    return this.#patiently(() => addSlices(this.#queue, jobs));
  }

  async #collect(): Promise<void> {
    const answer = await this.#reader.xread(
      'COUNT',
      TAKEN_AT_ONCE,
      'BLOCK',
      BLOCK_MS,
      'STREAMS',
      this.#keys.order(this.#id),
      this.#lastEntry,
    );
    const entries = answer?.[0]?.[1] ?? [];
    if (entries.length === 0) return;
    this.#lastEntry = entries.at(-1)![0];
    const cells = entries.map(([, fields]) => Number(fields[1])).filter((cell) => !this.#done.has(cell));
    await this.#take(cells);
  }

  async #take(cells: readonly number[]): Promise<void> {
    if (cells.length === 0) return;
    const taken: number[] = [];
    for (const [sent, recording] of await takeResults(this.#redis, this.#keys, this.#id, cells)) {
      const { cell } = sent.cell;
      if (this.#done.has(cell)) continue;
      await this.#finish(sent, recording);
      taken.push(cell);
    }
    // Without a journal, the server has the only copy until the end.
    if (this.options.keep !== undefined) await dropResults(this.#redis, this.#keys, this.#id, taken);
  }

  async #finish({ cell, notes, isLost, worker }: SentCell, recording: Buffer | null): Promise<void> {
    const { keep, record, onCell } = this.options;
    if (recording !== null) await record?.(cell.cell, recording);
    this.#done.set(cell.cell, this.options.shelf?.put(cell) ?? cell);
    this.#workers.add(worker);
    if (!isLost) await keep?.(cell);
    for (const note of notes) this.#note(note);
    onCell(this.#done.size, this.#total);
  }

  /** Looks after the sweep from time to time. Returns its state. */
  async #tend(): Promise<'running' | 'cancelled'> {
    if (performance.now() - this.#tendedAt < TEND_MS) return 'running';
    this.#tendedAt = performance.now();
    const state = await stateOf(this.#redis, this.#keys, this.#id);
    if (state === 'cancelled') return state;
    if (state === undefined) {
      this.#note('the server has lost the sweep; what is not finished is queued again');
      this.#lastEntry = '0';
      await this.#publish();
      return 'running';
    }
    await this.#tendFailed();
    await this.#tendWorkers();
    return 'running';
  }

  /** Cells of a slice that failed run alone next. One that fails alone has lost its worker too often. */
  async #tendFailed(): Promise<void> {
    for (const job of await this.#queue.getFailed(0, TAKEN_AT_ONCE)) {
      if (job?.data.sweep !== this.#id) continue;
      const { cells, isVerification } = job.data;
      await job.remove();
      if (isVerification) continue;
      await this.#take(cells.filter((cell) => !this.#done.has(cell)));
      const missing = cells.filter((cell) => !this.#done.has(cell));
      if (cells.length > 1) {
        await this.#add(missing.map((cell) => ({ name: `${this.#id}-cell-${cell}`, cells: [cell] })));
        continue;
      }
      for (const cell of missing) this.#lose(cell, job.failedReason);
    }
  }

  #lose(number: number, reason: string): void {
    const { cell, values } = this.plan.cells[number]!;
    const message = `its worker was lost in each try: ${reason}`;
    this.#done.set(cell, {
      cell,
      values,
      figures: null,
      error: { name: 'LostWorkerError', message, position: null },
      run: null,
      timing: { replayMs: 0, operationsPerSecond: null },
    });
    this.options.onCell(this.#done.size, this.#total);
  }

  async #tendWorkers(): Promise<void> {
    const workers = await liveWorkers(this.#redis, this.#keys);
    if (workers.some((worker) => this.#isAble(worker))) return;
    if (workers.length === 0) {
      this.#note('no worker is there yet; start some with `slablab worker`, on any machine');
      return;
    }
    const reasons = workers.map(({ name, version, queue, refusals }) => {
      const reason = refusals[this.#id];
      if (reason !== undefined) return `${name}: ${reason}`;
      return `${name} has slablab ${version}${queue === this.plan.queue ? '' : ' with other builds'}`;
    });
    const { version } = this.plan.contract;
    this.#note(
      `no worker can run these cells, which need slablab ${version} with the builds of here: ${reasons.join('; ')}`,
    );
  }

  /** Lets other workers run a share of the cells again, if there are others. Returns what they found. */
  async #verified(): Promise<Verdict[]> {
    const { signal } = this.options;
    const cells = this.#toVerify;
    if (cells.length > 0 && !signal.aborted) {
      await this.#add(
        cells.map((cell) => ({ name: this.#verificationName(cell), cells: [cell] })),
        true,
      );
    }
    let verdicts: Verdict[] = [];
    let hopefulAt = performance.now();
    for (;;) {
      verdicts = await readVerdicts(this.#redis, this.#keys, this.#id);
      const open = cells.filter((cell) => !verdicts.some((verdict) => verdict.cell === cell));
      if (open.length === 0 || signal.aborted) break;
      if (await this.#canVerifyOne(open)) hopefulAt = performance.now();
      else if (performance.now() - hopefulAt >= VERIFY_ALONE_MS) break;
      await sleep(BLOCK_MS / 2);
    }
    return verdicts.sort((a, b) => a.cell - b.cell);
  }

  /** Returns whether a cell is still queued that some live worker may verify. */
  async #canVerifyOne(cells: readonly number[]): Promise<boolean> {
    const workers = (await liveWorkers(this.#redis, this.#keys)).filter((worker) => this.#isAble(worker));
    const firsts = await marksOf(this.#redis, this.#keys, this.#id, cells);
    for (const cell of cells) {
      if (!workers.some(({ name }) => name !== firsts.get(cell)?.worker)) continue;
      const job = await this.#queue.getJob(this.#verificationName(cell));
      if (job !== undefined && !(await job.isFailed())) return true;
    }
    return false;
  }

  #isAble({ queue, refusals }: LiveWorker): boolean {
    return queue === this.plan.queue && !(this.#id in refusals);
  }

  #verificationName(cell: number): string {
    return `${this.#id}-verify-${cell}`;
  }

  /** Removes what the server has of the sweep. Slices that wait end by themselves. */
  async #clear(): Promise<void> {
    await removeVerdicts(this.#redis, this.#keys, this.#id);
    await removeSweep(this.#redis, this.#keys, this.#id);
    if (this.options.keepsInputs !== true) await removeUnneeded(this.#redis, this.#keys, this.plan.inputs);
  }

  #note(note: string): void {
    if (this.#notes.has(note)) return;
    this.#notes.add(note);
    this.options.onNote(note);
  }
}
