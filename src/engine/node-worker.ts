/** Starts a worker thread of Node for use with Comlink. */
import { Worker } from 'node:worker_threads';
import type { Endpoint } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { EngineError } from './engine-errors.js';

export interface NodeWorker {
  readonly endpoint: Endpoint;
  /** Resolves if the worker ends by itself; its pending calls then never settle. */
  readonly died: Promise<EngineError>;
  terminate(): Promise<void>;
}

/** Starts a worker with a script that exposes a service with Comlink. */
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
