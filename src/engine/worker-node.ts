/** Opens an engine in a worker thread of Node. */
import type { BootOptions, Engine } from './engine.js';
import { startNodeWorker } from './node-worker.js';
import { workerEngine } from './worker-protocol.js';

export async function openNodeWorkerEngine(
  module: WebAssembly.Module,
  options: BootOptions,
): Promise<Engine> {
  const { endpoint, died, terminate } = startNodeWorker(new URL('./worker-node-main.js', import.meta.url));
  return workerEngine(endpoint, module, options, died, terminate);
}
