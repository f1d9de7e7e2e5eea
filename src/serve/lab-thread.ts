/** The lab seen from the thread that has the sockets: it is given batches, and asked. */
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
import type { LabStatus, QuestionContext } from './live-lab.js';

/** How often what has been seen is handed over, and the lab's time goes on, when there is little to see. */
const TICK_MS = 100;
/** As many in a tick are more than the lab models meanwhile. */
const BURST_BATCHES = 4;

/** Where links write what they see. */
export interface FeedSink {
  readonly feed: Pick<FeedWriter, 'connect' | 'disconnect' | 'commands'>;
  flushIfFull(): void;
}

/** For what no lab is to hear of. */
export const DISCARDING_SINK: FeedSink = {
  feed: { connect: () => {}, disconnect: () => {}, commands: () => {} },
  flushIfFull: () => {},
};

export interface JudgingSink extends FeedSink {
  /** What the model decides when it carries out these commands of a client behind all that was written before. */
  judge(client: number, timeMs: number, bytes: Uint8Array): Promise<readonly ModelDecisions[]>;
}

export class LabThread implements JudgingSink {
  /** What was carried out is written here, by the time at which it was seen. */
  readonly feed: FeedWriter;
  /** Bytes handed over and not yet modelled. */
  behindBytes = 0;
  /** Told when the lab has caught up to less than half of what it may be behind. */
  onCaughtUp: () => void = () => {};
  readonly #worker: Worker;
  readonly #service;
  readonly #died: Promise<Error>;
  readonly #timer: NodeJS.Timeout;
  readonly #maxBehindBytes: number;
  /** Batches that are kept back while clients need the processor. */
  #waiting: Batch[] = [];
  #waitingBytes = 0;
  /** Batches that were filled since the last tick. */
  #filled = 0;
  /** It was a burst at the last tick: what comes is kept back until it is over. */
  #isBurst = false;
  #failure: Error | undefined;
  #isClosing = false;

  private constructor(maxBehindBytes: number, feed: FeedWriter) {
    this.feed = feed;
    this.#maxBehindBytes = maxBehindBytes;
    this.#worker = new Worker(new URL('./lab-worker-main.js', import.meta.url));
    this.#service = wrap<LabService>(nodeEndpoint(this.#worker));
    this.#died = new Promise((resolve) => {
      const end = (cause: Error) => {
        this.#failure ??= cause;
        this.behindBytes = 0;
        resolve(cause);
        this.onCaughtUp();
      };
      this.#worker.once('error', (cause) => end(new EngineError(`the lab's thread died: ${cause.message}`)));
      this.#worker.once('exit', (code) => end(new EngineError(`the lab's thread ended with code ${code}`)));
    });
    this.#timer = setInterval(() => this.tick(), TICK_MS);
  }

  static async open(
    options: LabServiceOptions,
    maxBehindBytes: number,
    feed = new FeedWriter(),
  ): Promise<LabThread> {
    const thread = new LabThread(maxBehindBytes, feed);
    try {
      await thread.#orDeath(thread.#service.open(options));
      return thread;
    } catch (cause) {
      await thread.close();
      // Comlink carries an error's message, not its class.
      throw cause instanceof EngineError ? cause : new EngineError((cause as Error).message);
    }
  }

  get isFarBehind(): boolean {
    return this.behindBytes + this.feed.length > this.#maxBehindBytes;
  }

  /**
   * Puts what has been seen in a batch, if it is much. In a burst they are kept back, so that the lab does not
   * take the processor from those it watches; not more of them than half of what it may be behind.
   */
  flushIfFull(): void {
    if (this.feed.length < BATCH_BYTES) return;
    this.#filled++;
    this.#endBatch();
    const isEnough = this.#waitingBytes > this.#maxBehindBytes / 2;
    const isBurst = this.#isBurst || this.#filled >= BURST_BATCHES;
    if (!isBurst || isEnough) this.#handOver();
  }

  /** Time goes on. */
  tick(): void {
    this.#isBurst = this.#filled >= BURST_BATCHES;
    this.#filled = 0;
    if (this.#isBurst) return;
    // A lab that is behind has all the ticks it needs in what it is behind with.
    if (this.behindBytes === 0 || this.feed.length > 0 || this.#waiting.length > 0) {
      this.feed.tick(Date.now());
      this.#flush();
    }
  }

  /** Answers with all that was fed until now behind it. */
  async ask(words: readonly string[], context: QuestionContext): Promise<LabReply> {
    try {
      this.feed.tick(Date.now());
      this.#flush();
      return await this.#orDeath<LabReply>(this.#service.answer(words, context) as Promise<LabReply>);
    } catch (cause) {
      return error(`ERR ${(cause as Error).message}`);
    }
  }

  /** No decisions if the lab has gone. */
  async judge(client: number, timeMs: number, bytes: Uint8Array): Promise<readonly ModelDecisions[]> {
    this.#flush();
    this.feed.commands(client, timeMs, 0, bytes, 0, bytes.length);
    const batch = this.feed.take();
    try {
      return await this.#orDeath(this.#service.judge(sent(batch)) as Promise<readonly ModelDecisions[]>);
    } catch {
      return [];
    } finally {
      this.feed.giveBack(batch);
    }
  }

  /** Null if the lab has gone. */
  async status(): Promise<LabStatus | null> {
    try {
      this.feed.tick(Date.now());
      this.#flush();
      return await this.#orDeath(this.#service.status());
    } catch {
      return null;
    }
  }

  /** Bytes of the buffer for a client's replies as of all that was handed over. */
  replyBufferOf(client: number): Promise<number> {
    return this.#orDeath(this.#service.replyBufferOf(client));
  }

  /** What a recording of the lab begins with. */
  about(): Promise<{ readonly about: RunHeader; readonly info: BuildInfo }> {
    return this.#orDeath(this.#service.about());
  }

  /** A frame of it, of all that was fed until now. Rejects if the lab has gone, or has stopped following. */
  frame(name: string): Promise<PackedRecord[]> {
    this.feed.tick(Date.now());
    this.#flush();
    return this.#orDeath<PackedRecord[]>(this.#service.frame(name) as Promise<PackedRecord[]>);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    await this.#worker.terminate();
  }

  /** Hands over all that has been seen. */
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
    this.behindBytes += batch.length;
  }

  #handOver(): void {
    const batches = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const batch of batches) this.#feed(batch);
  }

  #feed(batch: Batch): void {
    const caughtUp = () => {
      this.feed.giveBack(batch);
      this.behindBytes = Math.max(0, this.behindBytes - batch.length);
      if (this.behindBytes < this.#maxBehindBytes / 2) this.onCaughtUp();
    };
    this.#service.feed(sent(batch)).then(caughtUp, caughtUp);
  }

  async #orDeath<T>(pending: Promise<T>): Promise<T> {
    const settled = await Promise.race([pending, this.#died.then((death) => ({ death }))]);
    if (typeof settled === 'object' && settled !== null && 'death' in settled) throw settled.death;
    return settled as T;
  }
}

function sent(batch: Batch): Batch {
  const { memory } = batch;
  return memory instanceof ArrayBuffer ? transfer(batch, [memory]) : batch;
}
