/** A worker thread of Node behind Comlink: where its messages go, and how its end is noticed. */
import { Worker } from 'node:worker_threads';
import type { Endpoint } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { EngineError } from './engine-errors.js';

export interface NodeWorker {
  readonly endpoint: Endpoint;
  /** Settles if the worker ends by itself; a worker never answers what it was asked before. */
  readonly died: Promise<EngineError>;
  terminate(): Promise<void>;
}

/** `script` exposes a service with Comlink. */
export function startNodeWorker(script: URL): NodeWorker {
  const worker = new Worker(script);
  const died = new Promise<EngineError>((resolve) => {
    worker.once('error', (cause) => resolve(new EngineError(`the worker died: ${cause.message}`, { cause })));
    worker.once('exit', (code) => resolve(new EngineError(`the worker ended with code ${code}`)));
  });
  return {
    endpoint: nodeEndpoint(worker),
    died,
    terminate: async () => {
      await worker.terminate();
    },
  };
}
