import * as Comlink from 'comlink';
import { type NodeWorker, startNodeWorker } from '../../engine/node.js';
import type { CellService } from './cell-service.js';

/** The worker is lost: it died, or had to be ended. The machine's doing rather than the cell's, so worth another try. */
export class LostWorkerError extends Error {
  override readonly name: string = 'LostWorkerError';
}

class CellTimeoutError extends LostWorkerError {
  override readonly name = 'CellTimeoutError';
}

/** A worker thread that is asked one thing after the other, and is replaced by a new one when it is lost. */
export class CellWorker {
  #worker: NodeWorker | undefined;
  #service: Comlink.Remote<CellService> | undefined;
  /** Ends what is being asked. Not a race with `died`, which would collect a reaction for every question. */
  #lose: ((error: LostWorkerError) => void) | undefined;

  /** Rejects with a LostWorkerError if no answer comes, or none in time. */
  async ask<T>(
    question: (service: Comlink.Remote<CellService>) => Promise<T>,
    timeoutMs?: number,
  ): Promise<T> {
    const service = this.#started();
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#lose = reject;
        if (timeoutMs !== undefined) timer = setTimeout(() => reject(late(timeoutMs)), timeoutMs);
        question(service).then(resolve, reject);
      });
    } catch (error) {
      if (error instanceof LostWorkerError) await this.stop();
      throw error;
    } finally {
      clearTimeout(timer);
      this.#lose = undefined;
    }
  }

  /** Ahead of the first question: to load takes a worker as long as many a cell takes to run. */
  start(): void {
    this.#started();
  }

  /** Whatever is being asked then goes without an answer. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#service = undefined;
    await worker?.terminate();
  }

  /** It may have nothing to answer at the moment; the next question is then for another. */
  #lost(worker: NodeWorker, message: string): void {
    if (this.#worker !== undefined && this.#worker !== worker) return;
    this.#worker = undefined;
    this.#service = undefined;
    this.#lose?.(new LostWorkerError(message));
  }

  #started(): Comlink.Remote<CellService> {
    if (this.#service !== undefined) return this.#service;
    const worker = startNodeWorker(new URL('./cell-worker-main.js', import.meta.url));
    void worker.died.then(({ message }) => this.#lost(worker, message));
    this.#worker = worker;
    this.#service = Comlink.wrap<CellService>(worker.endpoint);
    return this.#service;
  }
}

function late(timeoutMs: number): CellTimeoutError {
  return new CellTimeoutError(`not done after ${timeoutMs / 1000} s; give it more with --cell-timeout`);
}
