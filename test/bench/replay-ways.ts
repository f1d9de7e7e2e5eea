/** The four ways to run a stream: native and WebAssembly, each without instrumentation and with it. */
import { wasmModule } from '#slablab/src/engine/builds.js';
import { nativeTwin } from '#slablab/src/engine/node.js';
import { NativePort } from '../../src/engine/native-port.js';
import { type Port, Status } from '../../src/engine/port.js';
import { WasmPort } from '../../src/engine/wasm-port.js';
import type { BenchStream } from './streams.js';

export interface Way {
  readonly name: string;
  /** A fresh allocator: a new process, or a new instance of the module compiled before. */
  start(): Promise<Port>;
}

export const WAYS: readonly Way[] = [
  {
    name: 'native, jemalloc as it is',
    start: async () => NativePort.start(await nativeTwin('q3', '-plain')),
  },
  { name: 'native, instrumented', start: async () => NativePort.start(await nativeTwin('q3')) },
  { name: 'wasm, no instrumentation', start: async () => new WasmPort(await wasmModule('q3-bare')) },
  { name: 'wasm, instrumented', start: async () => new WasmPort(await wasmModule('q3')) },
];

export interface Lap {
  /** Inside the replay loop. */
  readonly replayMs: number;
  /** With each chunk's way there: a copy into linear memory, or through a pipe. */
  readonly wallMs: number;
}

/** Runs a whole stream on a fresh allocator. Sweeps in it are passed over: they are not what is measured. */
export async function lap(way: Way, stream: BenchStream): Promise<Lap> {
  const port = await way.start();
  const boot = await port.boot(4, '');
  if (boot.status !== Status.ok) throw new Error(`${way.name} does not boot: ${await port.message()}`);
  let replayMs = 0;
  const start = performance.now();
  for (const chunk of stream.chunks) {
    for (let from = 0; from < chunk.length; ) {
      const { status, stop, elapsedMs } = await port.replay(chunk, from);
      if (status !== Status.ok && status !== Status.sweep) {
        throw new Error(`${way.name}: status ${status} at operation ${chunk.firstPosition + stop}`);
      }
      replayMs += elapsedMs;
      from = stop;
    }
  }
  const wallMs = performance.now() - start;
  await port.close();
  return { replayMs, wallMs };
}
