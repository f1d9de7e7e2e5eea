/** Small hand-written streams, and engines to replay them. */
import { type Engine, LabEngine } from '#slablab/src/engine/index.js';
import { NativePort } from '#slablab/src/engine/native-port.js';
import { nativeTwin, openEngine } from '#slablab/src/engine/node.js';
import type { OpenOptions } from '#slablab/src/engine/open-engine.js';
import type { OpChunk } from '#slablab/src/stream/index.js';
import { allocateColumns } from '#slablab/src/stream/operation.js';
export type Words = readonly [kind: number, handle?: number, size?: number];

export function chunkOf(operations: readonly Words[], firstPosition = 0): OpChunk {
  const columns = allocateColumns(operations.length);
  operations.forEach(([kind, handle = 0, size = 0], i) => {
    columns.what[i] = kind;
    columns.handle[i] = handle;
    columns.size[i] = size;
  });
  return { firstPosition, length: operations.length, ...columns };
}

/** A build for each version of jemalloc. */
export const VERSIONS = ['q3', 'q3-5.2.1'] as const;

/** The three forms of the engine; callers must not be able to tell them apart. */
export const FORMS = [
  { form: 'wasm', runtime: 'wasm', worker: false },
  { form: 'worker', runtime: 'wasm', worker: true },
  { form: 'native', runtime: 'native', worker: false },
] as const;

/** The same, and the twin compiled with AddressSanitizer and UndefinedBehaviorSanitizer (builds VERSIONS only). */
export const FORMS_AND_SANITIZED = [
  ...FORMS,
  { form: 'native, sanitized', runtime: 'native', worker: false, variant: '-asan' },
] as const;

export type TestOptions = Partial<OpenOptions> & { readonly variant?: string };

export async function open(options: TestOptions = {}): Promise<Engine> {
  const { variant, ...given } = options;
  const all = { build: 'q3', conf: '', hooks: 'complete', runtime: 'wasm', ...given } as const;
  if (variant === undefined) return openEngine(all);
  return LabEngine.boot('native', await NativePort.start(await nativeTwin(all.build, variant)), all);
}

/** Runs with an engine and closes it whatever happens. */
export async function withEngine<T>(options: TestOptions, use: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await open(options);
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}

/** The error that a promise rejects with; fails if it does not. */
export async function rejection<E extends Error>(promise: Promise<unknown>): Promise<E> {
  const error = await promise.then(
    () => undefined,
    (reason: E) => reason,
  );
  if (error === undefined) throw new Error('expected a rejection');
  return error;
}
