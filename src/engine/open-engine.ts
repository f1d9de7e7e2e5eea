/** Opens an engine in Node: native, in this thread, or in a worker thread. */
import { nativeTwin, wasmModule } from './builds.js';
import type { BootOptions, Engine, Runtime } from './engine.js';
import { LabEngine } from './lab-engine.js';
import { NativePort } from './native-port.js';
import { WasmPort } from './wasm-port.js';
import { openNodeWorkerEngine } from './worker-node.js';

export interface OpenOptions extends BootOptions {
  readonly runtime: Runtime;
  /** Whether to run the WebAssembly in a worker thread. The native twin is always a process of its own. */
  readonly worker?: boolean;
}

/** Opens an engine. Rejects with a BootError if the build does not exist or jemalloc refuses the configuration. */
export async function openEngine(options: OpenOptions): Promise<Engine> {
  const { runtime, worker, ...boot } = options;
  if (runtime === 'native') {
    return LabEngine.boot('native', await NativePort.start(await nativeTwin(boot.build)), boot);
  }
  const module = await wasmModule(boot.build);
  return worker ? openNodeWorkerEngine(module, boot) : LabEngine.boot('wasm', new WasmPort(module), boot);
}
