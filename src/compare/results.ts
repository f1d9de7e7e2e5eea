/** Reads result files of any kind as runs that can be compared. */
import { readJson } from '../../workloads/index.js';
import { InputError, parsedJson, unknownName } from '../base/index.js';
import { readTextFile } from '../input/node.js';
import { EXTENSION } from '../recording/index.js';
import { RUN_SCHEMA, type RunResult } from '../run/index.js';
import { SWEEP_SCHEMA, type SweepCell, type SweepResult } from '../sweep/node.js';
import { BENCH_SCHEMA, type BenchResult } from './bench/bench-result.js';
import type { NamedRun, NamedRuns } from './comparison.js';

type Result = RunResult | SweepResult | BenchResult;

const SCHEMAS = [RUN_SCHEMA, SWEEP_SCHEMA, BENCH_SCHEMA] as const;

export async function readResult(path: string): Promise<NamedRuns> {
  return namedRuns(path, parseResult(path, await readText(path)));
}

/** Parses a result. Only its kind is checked here; figures are checked when they are compared. */
export function parseResult(name: string, text: string): Result {
  const value = parse(name, text);
  const { schema } = Object(value) as { schema?: unknown };
  if (typeof schema !== 'string') {
    throw new InputError(`${name}: has no \`schema\`, so it is not a result; known: ${SCHEMAS.join(', ')}`);
  }
  refuseOtherVersion(name, schema);
  const result = value as Result;
  const isList = Array.isArray(listOf(result));
  if (isList && runsOf(result).every(isRun)) return result;
  throw new InputError(`${name}: says that it is ${schema}, and is not; the file is damaged`);
}

function listOf(result: Result): unknown {
  if (result.schema === RUN_SCHEMA) return result.phases;
  return result.schema === SWEEP_SCHEMA ? result.cells : result.cases;
}

function refuseOtherVersion(name: string, schema: string): void {
  if (SCHEMAS.some((known) => known === schema)) return;
  const [kind] = schema.split('/');
  const ours = SCHEMAS.find((known) => known.split('/')[0] === kind);
  if (ours === undefined) {
    const { message } = unknownName('a result that can be compared', schema, SCHEMAS);
    throw new InputError(`${name}: ${message}`);
  }
  throw new InputError(
    `${name}: is of version \`${schema}\`, and this slablab reads \`${ours}\`; make it anew with this version` +
      (ours === BENCH_SCHEMA ? ' (a baseline: `slablab bench --update`)' : ''),
  );
}

export function namedRuns(name: string, result: Result): NamedRuns {
  const kind = result.schema === RUN_SCHEMA ? 'run' : result.schema === SWEEP_SCHEMA ? 'sweep' : 'bench';
  return { kind, name, runs: runsOf(result) };
}

function runsOf(result: Result): NamedRun[] {
  switch (result.schema) {
    case RUN_SCHEMA:
      return [{ name: result.workload, run: result, error: result.error ?? null, ofNative: null }];
    case SWEEP_SCHEMA:
      return result.cells.map((cell) => {
        const { values, run, error } = Object(cell) as SweepCell;
        const name = Object.entries(Object(values)).map((pair) => pair.join('='));
        return { name: name.join(', '), run, error, ofNative: null };
      });
    case BENCH_SCHEMA:
      return result.cases.map((one) => ({ ...one, ofNative: one?.timing?.ofNative ?? null }));
  }
}

function isRun({ name, run, error }: NamedRun): boolean {
  const isPhase = (phase: unknown) => typeof Object(phase).name === 'string';
  const isRunning = run === null || (Array.isArray(Object(run).phases) && run.phases.every(isPhase));
  return (
    typeof name === 'string' && isRunning && (error === null || typeof Object(error).message === 'string')
  );
}

function parse(name: string, text: string): unknown {
  try {
    return parsedJson(text);
  } catch {
    // readJson reports the line of an error, but is too slow for valid results.
    return readJson(name, text).value;
  }
}

async function readText(path: string): Promise<string> {
  if (path.endsWith(EXTENSION)) {
    throw new InputError(`${path}: is a recording; name the result of the run, which is the .json beside it`);
  }
  try {
    return await readTextFile(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      `${path}: ${(error as Error).message}; name a result: what --json or --out of run, sweep or bench gave`,
    );
  }
}
