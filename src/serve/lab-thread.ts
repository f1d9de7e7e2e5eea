import { Worker } from 'node:worker_threads';
import { transfer, wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { type BuildInfo, EngineError } from '../engine/index.js';
import type { ModelDecisions } from '../model/index.js';
import type { PackedRecord } from '../recording/index.js';
import { error, type LabReply } from '../resp/node.js';
import type { RunHeader } from '../run/index.js';
import { BATCH_BYTES, type Batch, FeedWriter } from './feed.js';
import type { LabService, LabServiceOptions } from './lab-service.js';
import type { FeedResult, InspectionContext, LabStatus } from './live-lab.js';

/** The interval at which partial batches are handed over and the lab's clock advances. */
const TICK_MS = 100;
/** The number of batches in one tick that exceeds what the lab can model in a tick. */
const BURST_BATCHES = 4;

/** The beginning of the note for users when the lab stops. */
export const STOPPED = 'the lab has stopped; clients are served on, without its figures';

/** The destination of the commands that links observe. */
export interface FeedSink {
  readonly feed: Pick<FeedWriter, 'connect' | 'disconnect' | 'commands' | 'refusedElements' | 'release'>;
  flushIfFull(): void;
}

/** Discards commands that no lab should see. */
export const DISCARDING_SINK: FeedSink = {
  feed: {
    connect: () => {},
    disconnect: () => {},
    commands: () => {},
    refusedElements: () => {},
    release: () => {},
  },
  flushIfFull: () => {},
};

export interface DecidingSink extends FeedSink {
  /** Executes a client's commands in the model, after everything written before. Returns its decisions. */
  decide(client: number, timeMs: number, bytes: Uint8Array): Promise<readonly ModelDecisions[]>;
}

/** The lab's thread, seen from the thread of the sockets. */
export class LabThread implements DecidingSink {
  /** Receives the executed commands with the times at which they were observed. */
  readonly feed: FeedWriter;
  /** The number of bytes that are not yet modelled. */
  backlogBytes = 0;
  /** Called when the backlog falls below half of its limit. */
  onBacklogReduced: () => void = () => {};
  /** Called with each command that could not be modelled. */
  onGap: (why: string) => void = () => {};
  /** Called once, when the lab stops or its thread ends. */
  onStopped: (why: string) => void = () => {};
  readonly #worker: Worker;
  readonly #service;
  readonly #failed: Promise<Error>;
  readonly #timer: NodeJS.Timeout;
  readonly #maxBacklogBytes: number;
  /** The batches that are held back while clients need the processor. */
  #waiting: Batch[] = [];
  #waitingBytes = 0;
  /** The number of batches filled since the last tick. */
  #filled = 0;
  /** Whether the last tick saw a burst, during which batches are held back. */
  #isBurst = false;
  #failure: Error | undefined;
  #isStopped = false;
  #isClosing = false;

  private constructor(maxBacklogBytes: number, feed: FeedWriter) {
    this.feed = feed;
    this.#maxBacklogBytes = maxBacklogBytes;
    this.#worker = new Worker(new URL('./lab-worker-main.js', import.meta.url));
    this.#service = wrap<LabService>(nodeEndpoint(this.#worker));
    this.#failed = new Promise((resolve) => {
      const end = (cause: Error) => {
        this.#failure ??= cause;
        this.#stopped(cause.message);
        this.backlogBytes = 0;
        resolve(cause);
        this.onBacklogReduced();
      };
      this.#worker.once('error', (cause) => end(new EngineError(`the lab's thread died: ${cause.message}`)));
      this.#worker.once('exit', (code) => end(new EngineError(`the lab's thread ended with code ${code}`)));
    });
    this.#timer = setInterval(() => this.tick(), TICK_MS);
  }

  static async open(
    options: LabServiceOptions,
    maxBacklogBytes: number,
    feed = new FeedWriter(),
  ): Promise<LabThread> {
    const thread = new LabThread(maxBacklogBytes, feed);
    try {
      await thread.#orFailure(thread.#service.open(options));
      return thread;
    } catch (cause) {
      await thread.close();
      // Comlink carries an error's message, not its class.
      throw cause instanceof EngineError ? cause : new EngineError((cause as Error).message);
    }
  }

  get isBacklogFull(): boolean {
    return this.backlogBytes + this.feed.length > this.#maxBacklogBytes;
  }

  /**
   * Ends the batch if it is full. During a burst, batches are held back up to half of the backlog limit. The lab thus does
   * not compete with the server for the processor.
   */
  flushIfFull(): void {
    if (this.feed.length < BATCH_BYTES) return;
    this.#filled++;
    this.#endBatch();
    const isEnough = this.#waitingBytes > this.#maxBacklogBytes / 2;
    const isBurst = this.#isBurst || this.#filled >= BURST_BATCHES;
    if (!isBurst || isEnough) this.#handOver();
  }

  /** Advances the lab's clock, and hands over partial batches. */
  tick(): void {
    this.#isBurst = this.#filled >= BURST_BATCHES;
    this.#filled = 0;
    if (this.#isBurst) return;
    // The backlog of a busy lab already contains enough ticks.
    if (this.backlogBytes === 0 || this.feed.length > 0 || this.#waiting.length > 0) {
      this.feed.tick(Date.now());
      this.#flush();
    }
  }

  /** Loads an RDB file, after everything fed so far. Returns notes on it. */
  load(path: string): Promise<readonly string[]> {
    this.#flush();
    return this.#orFailure<readonly string[]>(this.#service.load(path) as Promise<readonly string[]>);
  }

  /** Returns the reply to a command, after everything fed so far. */
  async ask(words: readonly string[], context: InspectionContext): Promise<LabReply> {
    try {
      this.feed.tick(Date.now());
      this.#flush();
      return await this.#orFailure<LabReply>(this.#service.answer(words, context) as Promise<LabReply>);
    } catch (cause) {
      return error(`ERR ${(cause as Error).message}`);
    }
  }

  /** Returns no decisions if the lab has failed. */
  async decide(client: number, timeMs: number, bytes: Uint8Array): Promise<readonly ModelDecisions[]> {
    this.#flush();
    this.feed.commands(client, timeMs, 0, bytes, 0, bytes.length);
    const batch = this.feed.take();
    try {
      return await this.#orFailure(this.#service.decide(sent(batch)) as Promise<readonly ModelDecisions[]>);
    } catch {
      return [];
    } finally {
      this.feed.giveBack(batch);
    }
  }

  /** Returns the status, or null if the lab has failed. */
  async status(): Promise<LabStatus | null> {
    try {
      this.feed.tick(Date.now());
      this.#flush();
      return await this.#orFailure(this.#service.status());
    } catch {
      return null;
    }
  }

  /** Returns the size of a client's reply buffer, after everything handed over so far. */
  replyBufferOf(client: number): Promise<number> {
    return this.#orFailure(this.#service.replyBufferOf(client));
  }

  /** Returns the slabs that are there only for regions in tcaches, by the size of these. */
  keptByTcaches(): Promise<ReadonlyMap<number, number>> {
    return this.#orFailure(this.#service.keptByTcaches());
  }

  /** Returns the header of a recording of the lab. */
  about(): Promise<{ readonly about: RunHeader; readonly info: BuildInfo }> {
    return this.#orFailure(this.#service.about());
  }

  /** Returns a frame of a recording, after everything fed so far. Rejects if the lab has failed or stopped. */
  frame(name: string): Promise<PackedRecord[]> {
    this.feed.tick(Date.now());
    this.#flush();
    return this.#orFailure<PackedRecord[]>(this.#service.frame(name) as Promise<PackedRecord[]>);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    await this.#worker.terminate();
  }

  /** Hands over everything observed so far. */
  #flush(): void {
    this.#endBatch();
    this.#handOver();
  }

  #endBatch(): void {
    if (this.feed.length === 0) return;
    const batch = this.feed.take();
    if (this.#failure !== undefined || this.#isClosing) {
      this.feed.giveBack(batch);
      return;
    }
    this.#waiting.push(batch);
    this.#waitingBytes += batch.length;
    this.backlogBytes += batch.length;
  }

  #handOver(): void {
    const batches = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const batch of batches) this.#feed(batch);
  }

  #feed(batch: Batch): void {
    const caughtUp = ({ stopped, gaps }: FeedResult) => {
      for (const gap of gaps) this.onGap(gap);
      if (stopped !== null) this.#stopped(stopped);
      this.feed.giveBack(batch);
      this.backlogBytes = Math.max(0, this.backlogBytes - batch.length);
      if (this.backlogBytes < this.#maxBacklogBytes / 2) this.onBacklogReduced();
    };
    this.#service.feed(sent(batch)).then(caughtUp, () => caughtUp({ stopped: null, gaps: [] }));
  }

  #stopped(why: string): void {
    if (this.#isStopped || this.#isClosing) return;
    this.#isStopped = true;
    this.onStopped(why);
  }

  async #orFailure<T>(pending: Promise<T>): Promise<T> {
    const settled = await Promise.race([pending, this.#failed.then((death) => ({ death }))]);
    if (typeof settled === 'object' && settled !== null && 'death' in settled) throw settled.death;
    return settled as T;
  }
}

function sent(batch: Batch): Batch {
  const { memory } = batch;
  return memory instanceof ArrayBuffer ? transfer(batch, [memory]) : batch;
}
