/** Runs experiments one after another in the lab, and shows their recordings and messages on the page. */
import { InputError } from '../src/base/index.js';
import { buildUrl, buildUrls } from './builds.js';
import { buildOf, type Experiment, nameOf } from './experiment.js';
import { readOpened } from './files/opened.js';
import { CancelledError, Lab, WorkerDiedError } from './lab/lab.js';
import type { GivenFile, LabFailure, NamedSetup } from './lab/service.js';
import type { Messages } from './messages.js';
import { RecordingBuilder } from './recording-builder.js';
import type { Recordings, Shown } from './recordings.js';
import { Store } from './store.js';

/** The left or the right one of two recordings. */
export type Side = 0 | 1;

export interface Running {
  readonly experiment: Experiment;
  readonly side: Side;
  /** Share of the run that is done; null if it is unknown. */
  readonly share: number | null;
  readonly operations: number;
  readonly startedMs: number;
}

interface Wanted {
  readonly experiment: Experiment;
  /** Experiment that the side returns to if the run has nothing to show. Absent if the side showed nothing before. */
  readonly before?: Experiment | null | undefined;
  readonly side: Side;
  readonly files: readonly GivenFile[];
}

export class Session {
  /** The experiment in progress; null if nothing runs. */
  readonly running = new Store<Running | null>(null);
  /** Experiment of each side, shown or queued; null if the side shows a recording without one. */
  readonly experiments = new Store<readonly (Experiment | null)[]>([]);
  /** Name of the recording from the page's host, shown instead of an experiment. */
  readonly opened = new Store<string | null>(null);
  /** Error message about the last `conf` if jemalloc refused it, else null. */
  readonly refusedConf = new Store<string | null>(null);
  readonly #lab = new Lab();
  #queue: Wanted[] = [];

  constructor(
    readonly recordings: Recordings,
    readonly messages: Messages,
  ) {
    this.#lab.prepare();
  }

  /** Starts or queues an experiment; a run on the same side is cancelled. */
  async start(experiment: Experiment, side: Side, files: readonly GivenFile[] = []): Promise<void> {
    const at = Math.min(side, this.experiments.get().length) as Side;
    this.#queue = this.#queue.filter((wanted) => wanted.side !== at);
    if (this.running.get()?.side === at) this.#lab.cancel();
    if (at === 0) this.opened.set(null);
    const before = this.recordings.get()[at] === undefined ? undefined : this.experiments.get()[at];
    this.experiments.set(replaced(this.experiments.get(), at, experiment));
    this.#queue.push({ experiment, before, side: at, files });
    if (this.running.get() === null) await this.#work();
  }

  /** Returns what a file says of the server or program that it is of. What runs is cancelled. */
  async setupNamedIn(name: string, files: readonly GivenFile[]): Promise<NamedSetup> {
    this.cancel();
    try {
      return await this.#lab.setupNamedIn(name, files);
    } catch (error) {
      if (error instanceof CancelledError || error instanceof WorkerDiedError) return {};
      throw error;
    }
  }

  cancel(): void {
    this.#queue = [];
    this.#lab.cancel();
  }

  /** Shows a recording that was made elsewhere. */
  show(shown: Shown, side: Side): void {
    const at = Math.min(side, this.recordings.get().length) as Side;
    if (this.running.get()?.side === at) this.cancel();
    if (at === 0) this.opened.set(null);
    this.experiments.set(replaced(this.experiments.get(), at, null));
    this.recordings.set(replaced(this.recordings.get(), at, shown));
  }

  /** Opens a recording of the page's host by name: a finished one, or one of a run in progress. */
  async open(name: string): Promise<void> {
    this.cancel();
    this.opened.set(name);
    this.experiments.set([null]);
    try {
      await readOpened(name, this.messages, (shown) => {
        if (this.opened.get() === name) this.#put(0, shown);
      });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.messages.error(error.message);
    }
  }

  /** Shows nothing, for a sweep in its place. */
  clear(): void {
    this.cancel();
    this.opened.set(null);
    this.experiments.set([]);
    this.recordings.set([]);
  }

  close(side: Side): void {
    if (this.running.get()?.side === side) this.cancel();
    const without = <Value>(values: readonly Value[]) => values.filter((_, at) => at !== side);
    this.experiments.set(without(this.experiments.get()));
    this.recordings.set(without(this.recordings.get()));
  }

  async #work(): Promise<void> {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift())
      await this.#run(next);
  }

  async #run({ experiment, before, side, files }: Wanted): Promise<void> {
    const name = nameOf(experiment);
    const running = { experiment, side, share: null, operations: 0, startedMs: performance.now() };
    this.running.set(running);
    this.refusedConf.set(null);
    // Calls from a terminated worker may still arrive after the run has ended.
    let isOver = false;
    let hasShown = false;
    try {
      const listener = new RecordingBuilder(
        name,
        (shown) => {
          if (isOver) return;
          hasShown = true;
          this.#put(side, shown);
        },
        (share, operations) => isOver || this.running.set({ ...running, share, operations }),
      );
      const wasmUrl = buildUrl(buildOf(experiment));
      const { result, failure, notes } = await this.#lab.run(
        { experiment, wasmUrl, wasmUrls: buildUrls(), files },
        listener,
      );
      for (const note of notes) this.messages.note(note);
      if (failure !== null) this.#failed(failure);
      listener.end(result);
    } catch (error) {
      this.#broken(name, error);
    } finally {
      isOver = true;
      if (!hasShown && before !== undefined && this.experiments.get()[side] === experiment) {
        this.experiments.set(replaced(this.experiments.get(), side, before));
      }
      this.running.set(null);
    }
  }

  #put(side: Side, shown: Shown): void {
    this.recordings.set(replaced(this.recordings.get(), Math.min(side, this.recordings.get().length), shown));
  }

  #failed({ name, message }: LabFailure): void {
    if (name === 'BootError' && message.startsWith('conf ')) this.refusedConf.set(message);
    this.messages.error(message);
  }

  #broken(name: string, error: unknown): void {
    if (error instanceof CancelledError) this.messages.note(`${name}: cancelled`);
    else if (error instanceof WorkerDiedError) {
      this.messages.error(
        `${name}: the lab's worker died (${error.message}); a new one is ready. If it does so again, there is too ` +
          'little memory here: make the experiment smaller, or run it on the command line',
      );
    } else this.messages.error((error as Error).message);
  }
}

function replaced<Value>(values: readonly Value[], at: number, value: Value): Value[] {
  const copy = [...values];
  copy[at] = value;
  return copy;
}
