import * as Comlink from 'comlink';
import { type NodeWorker, startNodeWorker } from '../../engine/node.js';
import type { CellService } from './cell-service.js';

/** The worker died or was terminated. The cause is the machine rather than the cell, so a retry can succeed. */
export class LostWorkerError extends Error {
  override readonly name: string = 'LostWorkerError';

  /** Whether the error of a cell has the name of this class or of the one below. */
  static isNamed(name: string | undefined): boolean {
    return name === 'LostWorkerError' || name === 'CellTimeoutError';
  }
}

class CellTimeoutError extends LostWorkerError {
  override readonly name = 'CellTimeoutError';
}

/** A worker thread that executes one call at a time. A lost thread is replaced by a new one. */
export class CellWorker {
  #worker: NodeWorker | undefined;
  #service: Comlink.Remote<CellService> | undefined;
  /** Rejects the current call. A race with `died` would instead keep a reaction for every call. */
  #lose: ((error: LostWorkerError) => void) | undefined;

  /** Executes a call. Rejects with a LostWorkerError if the worker dies or the time-out expires. */
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

  /** Starts the thread before the first call, since loading takes as long as running a small cell. */
  start(): void {
    this.#started();
  }

  /** Terminates the thread. A current call never settles. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#service = undefined;
    await worker?.terminate();
  }

  /** Handles the death of a thread: rejects the current call, if any. The next call starts another thread. */
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
