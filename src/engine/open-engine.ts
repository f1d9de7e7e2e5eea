/** Opens an engine in Node, in the form that is asked for. */
import { nativeTwin, wasmModule } from './builds.js';
import type { BootOptions, Engine, Runtime } from './engine.js';
import { LabEngine } from './lab-engine.js';
import { NativePort } from './native-port.js';
import { WasmPort } from './wasm-port.js';
import { openNodeWorkerEngine } from './worker-node.js';

export interface OpenOptions extends BootOptions {
  readonly runtime: Runtime;
  /** Run the WebAssembly in a worker thread. The native twin is a process of its own anyhow. */
  readonly worker?: boolean;
}

/** Rejects with a BootError if the build or the configuration is not usable. */
export async function openEngine(options: OpenOptions): Promise<Engine> {
  const { runtime, worker, ...boot } = options;
  if (runtime === 'native') {
    return LabEngine.boot('native', await NativePort.start(await nativeTwin(boot.build)), boot);
  }
  const module = await wasmModule(boot.build);
  return worker ? openNodeWorkerEngine(module, boot) : LabEngine.boot('wasm', new WasmPort(module), boot);
}
