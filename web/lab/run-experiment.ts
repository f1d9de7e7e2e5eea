/** Runs an experiment in the lab with the same model, engine and run as the command line. */
import { InputError } from '../../src/base/index.js';
import { type BootOptions, type Engine, EngineError, LabEngine, WasmPort } from '../../src/engine/index.js';
import {
  RunAccounts,
  type RunOutcome,
  type RunResult,
  type RunSource,
  run,
  runHeader,
  TraceAccounts,
} from '../../src/run/index.js';
import { buildOf, type Experiment, sweepEveryOf } from '../experiment.js';
import { openSource } from './open-source.js';
import { runChanges } from './run-changes.js';
import type { LabListener, LabOutcome, LabRequest } from './service.js';
import { programOf } from './setup-named-in.js';
import { wasmModule } from './wasm-module.js';

/** Time between progress reports: more frequent ones would not be visible. */
const PROGRESS_MS = 50;

export async function runExperiment(request: LabRequest, listener: LabListener): Promise<LabOutcome> {
  const { experiment, files } = request;
  const notes: string[] = [];
  try {
    if (experiment.steps.length > 0) return await changed(request, listener);
    const wanted = experiment.hasOwners ? await accountsOf(request) : undefined;
    const source = await openSource(experiment, files, wanted);
    try {
      const isKnown = source.isModelled || wanted instanceof TraceAccounts;
      if (wanted !== undefined && !isKnown) notes.push(OWNERLESS);
      const accounts = isKnown ? wanted : undefined;
      const { result, failure } = await runOn(
        await bootEngine(request),
        source,
        accounts,
        experiment,
        listener,
      );
      const findings = failure === null ? await findingsOf(source, result, request) : undefined;
      notes.push(...(source.notes?.() ?? []));
      return {
        result: findings === undefined ? result : { ...result, findings },
        failure: failure === null ? null : { name: failure.name, message: failure.message },
        notes,
      };
    } finally {
      await source.close();
    }
  } catch (error) {
    return { result: null, failure: describe(error), notes };
  }
}

async function changed(request: LabRequest, listener: LabListener): Promise<LabOutcome> {
  const { experiment, files } = request;
  const { result, failure, notes } = await runChanges(experiment, {
    files,
    listener,
    bootEngine: (build, conf) => bootEngine(request, { build, conf }),
    onProgress: progressOf({ estimatedOperations: undefined }, listener),
  });
  return {
    result,
    failure: failure === null ? null : { name: failure.name, message: failure.message },
    notes,
  };
}

/** Returns the accounts of owners: call sites of a recorded program, and else key patterns. */
async function accountsOf({ experiment, files }: LabRequest): Promise<RunAccounts | TraceAccounts> {
  const program = await programOf(experiment.subject.name, files);
  return program === undefined
    ? new RunAccounts({ owners: true, patterns: [] })
    : new TraceAccounts({ by: 'site', frame: 0 });
}

const OWNERLESS =
  'The owners are unknown: only a modelled server knows whose its memory is, and this stream is of operations';

/** Runs the source on an engine and closes the engine, whose memory serves the next run. */
async function runOn(
  engine: Engine,
  source: RunSource,
  accounts: RunAccounts | TraceAccounts | undefined,
  experiment: Experiment,
  listener: LabListener,
): Promise<RunOutcome> {
  try {
    const { conf, hooks, settings, restMs } = experiment;
    listener.begin(runHeader(source, engine, { conf, hooks, settings }), engine.info);
    return await run(source, engine, {
      conf,
      hooks,
      settings,
      sweepEvery: sweepEveryOf(experiment, source.estimatedOperations),
      accounts,
      restMs: restMs === 0 ? undefined : restMs,
      onProgress: progressOf(source, listener),
      onExtraSweep: (phase, snapshot) => listener.frame({ phase, snapshot, owners: null }),
      onSnapshot: (phase, snapshot, owners) => listener.frame({ phase, snapshot, owners }),
    });
  } finally {
    await engine.close();
  }
}

async function bootEngine(
  { experiment, wasmUrl, wasmUrls }: LabRequest,
  { build, conf }: Pick<BootOptions, 'build' | 'conf'> = {
    build: buildOf(experiment),
    conf: experiment.conf,
  },
): Promise<Engine> {
  const port = new WasmPort(await wasmModule(build, wasmUrls[build] ?? wasmUrl));
  return LabEngine.boot('wasm', port, {
    build,
    conf,
    hooks: experiment.hooks,
    regions: true,
  });
}

/** Returns the workload's findings about this run, after the further runs that they compare it with. */
async function findingsOf(
  source: RunSource,
  { conf, hooks, phases }: RunResult,
  request: LabRequest,
): Promise<RunResult['findings']> {
  return source.findings?.(phases, async (another) => {
    const engine = await bootEngine(request);
    try {
      const { result, failure } = await run(another, engine, { conf, hooks, sweepEvery: 0 });
      if (failure !== null) throw failure;
      return result.phases;
    } finally {
      await engine.close();
    }
  });
}

function progressOf(
  source: Pick<RunSource, 'estimatedOperations' | 'bytes'>,
  listener: LabListener,
): (operations: number) => void {
  let last = performance.now();
  return (operations) => {
    const now = performance.now();
    if (now - last < PROGRESS_MS) return;
    last = now;
    listener.progress(shareOf(source, operations), operations);
  };
}

function shareOf(
  { estimatedOperations, bytes }: Pick<RunSource, 'estimatedOperations' | 'bytes'>,
  operations: number,
): number | null {
  const file = bytes?.();
  const [done, all] = file === undefined ? [operations, estimatedOperations] : [file.read, file.total];
  // An estimate can be too low, so the share stays below 1 until the end.
  return all === undefined || all === 0 ? null : Math.min(0.99, done / all);
}

function describe(error: unknown): { name: string; message: string } {
  if (error instanceof InputError || error instanceof EngineError) {
    return { name: error.name, message: error.message };
  }
  // A browser refuses an ArrayBuffer or WebAssembly memory beyond its own limits.
  if (error instanceof RangeError) {
    return {
      name: 'OutOfMemoryError',
      message: `the browser gives no more memory (${error.message}); make the experiment smaller, or run it on the command line`,
    };
  }
  const { message, stack = '' } = error as Error;
  return { name: 'defect', message: `a defect of slablab: ${message} ${stack.split('\n')[1]?.trim() ?? ''}` };
}
