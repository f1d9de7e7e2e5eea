/** The worker form of the engine in Node. */
import { Worker } from 'node:worker_threads';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import type { BootOptions, Engine } from './engine.js';
import { EngineError } from './errors.js';
import { workerEngine } from './worker-protocol.js';

export async function openNodeWorkerEngine(
  module: WebAssembly.Module,
  options: BootOptions,
): Promise<Engine> {
  const worker = new Worker(new URL('./worker-node-main.js', import.meta.url));
  const died = new Promise<Error>((resolve) => {
    worker.once('error', (cause) => resolve(new EngineError(`the worker died: ${cause.message}`, { cause })));
    worker.once('exit', (code) => resolve(new EngineError(`the worker ended with code ${code}`)));
  });
  return workerEngine(nodeEndpoint(worker), module, options, died, async () => {
    await worker.terminate();
  });
}
