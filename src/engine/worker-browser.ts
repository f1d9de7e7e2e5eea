/** Opens an engine in a web worker, which the page's bundler makes from worker-browser-main.ts. */
import type { BootOptions, Engine } from './engine.js';
import { EngineError } from './engine-errors.js';
import { workerEngine } from './worker-protocol.js';

export function openBrowserWorkerEngine(
  worker: Worker,
  module: WebAssembly.Module,
  options: BootOptions,
): Promise<Engine> {
  const died = new Promise<Error>((resolve) => {
    worker.addEventListener('error', (event) =>
      resolve(new EngineError(`the worker died: ${event.message}`)),
    );
  });
  return workerEngine(worker, module, options, died, async () => worker.terminate());
}
