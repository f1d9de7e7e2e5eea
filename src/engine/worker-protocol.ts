/**
 * Runs an engine in a worker through Comlink, for Node and for browsers. Comlink drops the position and snapshots of an
 * error. The worker therefore returns errors as values, and the caller's side throws them again.
 */
import * as Comlink from 'comlink';
import { chunkMemory, type OpChunk } from '../stream/index.js';
import { columnMemory } from './column-memory.js';
import type { BootOptions, BuildInfo, Engine } from './engine.js';
import {
  BootError,
  EngineError,
  OutOfMemoryError,
  ReconciliationError,
  StreamError,
} from './engine-errors.js';
import { LabEngine } from './lab-engine.js';
import { buffersOf, type Snapshot } from './snapshot.js';
import { WasmPort } from './wasm-port.js';

interface Failure {
  readonly name: string;
  readonly message: string;
  readonly position: number | undefined;
  readonly snapshots: readonly Snapshot[];
}

type Outcome<T> = { readonly value: T } | { readonly failure: Failure };

/** The calls of a worker, which has one engine. */
export interface WorkerService {
  boot(module: WebAssembly.Module, options: BootOptions): Promise<Outcome<BuildInfo>>;
  replay(chunk: OpChunk): Promise<Outcome<Snapshot[]>>;
  survey(phase: number): Promise<Outcome<Snapshot>>;
  giveBack(buffers: ArrayBuffer[]): void;
  locate(): Promise<Outcome<Uint32Array<ArrayBuffer>>>;
  statistics(): Promise<Outcome<string>>;
}

/** Returns the worker's side, an argument of Comlink.expose. */
export function workerService(): WorkerService {
  let engine: LabEngine | undefined;
  const booted = () => {
    if (engine === undefined) throw new EngineError('the worker has no engine yet');
    return engine;
  };
  return {
    boot: (module, options) =>
      outcome(async () => {
        engine = await LabEngine.boot('wasm', new WasmPort(module), options);
        return engine.info;
      }),
    replay: async (chunk) => handOver(await outcome(() => booted().replay(chunk)), (s) => s),
    survey: async (phase) => handOver(await outcome(() => booted().survey(phase)), (s) => [s]),
    giveBack: (buffers) => {
      for (const buffer of buffers) columnMemory.giveBack(buffer);
    },
    locate: async () => {
      const found = await outcome(() => booted().locate());
      return Comlink.transfer(found, 'value' in found ? [found.value.buffer] : []);
    },
    statistics: () => outcome(() => booted().statistics()),
  };
}

/** Returns the caller's side. `terminate` ends the worker; `died` resolves if it ends by itself. */
export async function workerEngine(
  endpoint: Comlink.Endpoint,
  module: WebAssembly.Module,
  options: BootOptions,
  died: Promise<Error>,
  terminate: () => Promise<void>,
): Promise<Engine> {
  const service = Comlink.wrap<WorkerService>(endpoint);
  const answer = async <T>(pending: Promise<Outcome<T>>): Promise<T> => {
    const settled = await Promise.race([pending, died]);
    if (settled instanceof Error) throw settled;
    if ('failure' in settled) throw revive(settled.failure);
    return settled.value;
  };
  try {
    const info = await answer(service.boot(module, options));
    return {
      runtime: 'wasm',
      info,
      replay: async (chunk, isHandedOver = false) => {
        const snapshots = await answer(service.replay(chunk));
        if (isHandedOver) chunkMemory.giveBack(chunk.what.buffer);
        return snapshots;
      },
      survey: (phase) => answer(service.survey(phase)),
      giveBack: (snapshot) => {
        const buffers = buffersOf(snapshot).filter(({ byteLength }) => byteLength > 0);
        // The next call reports a worker that has died.
        service.giveBack(Comlink.transfer(buffers, buffers)).catch(() => {});
      },
      locate: () => answer(service.locate()),
      statistics: () => answer(service.statistics()),
      close: terminate,
    };
  } catch (error) {
    await terminate();
    throw error;
  }
}

async function outcome<T>(run: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await run() };
  } catch (error) {
    const { name, message } = error as Error;
    const position = (error as { position?: number }).position;
    const snapshots = error instanceof EngineError ? error.snapshots : [];
    return { failure: { name, message, position, snapshots } };
  }
}

function revive({ name, message, position, snapshots }: Failure): EngineError {
  const error = make(name, message, position ?? 0);
  error.snapshots = snapshots;
  return error;
}

function make(name: string, message: string, position: number): EngineError {
  switch (name) {
    case 'StreamError':
      return new StreamError(message, position);
    case 'OutOfMemoryError':
      return new OutOfMemoryError(message, position);
    case 'ReconciliationError':
      return new ReconciliationError(message);
    case 'BootError':
      return new BootError(message);
    default:
      return new EngineError(message);
  }
}

/** Marks the buffers of snapshots for transfer, so that they leave the worker without a copy. */
function handOver<T>(result: Outcome<T>, snapshotsOf: (value: T) => readonly Snapshot[]): Outcome<T> {
  const snapshots = 'value' in result ? snapshotsOf(result.value) : result.failure.snapshots;
  return Comlink.transfer(result, snapshots.flatMap(buffersOf));
}
