/** Runs a suite, and compares it with its baseline. */
import { InputError } from '../../base/index.js';
import type { RunResult } from '../../run/index.js';
import { type Cell, runCells, type SweepCell, type SweepOptions } from '../../sweep/node.js';
import { checkNames, compare } from '../compare.js';
import type { ComparedRun } from '../comparison.js';
import { OF_NATIVE } from '../metrics.js';
import { namedRuns, parseResult } from '../results.js';
import { BENCH_SCHEMA, type BenchCase, type BenchResult } from './bench-result.js';
import type { Suite, SuiteCase } from './suite.js';
import { timeCases } from './time-cases.js';

export interface BenchOptions extends Pick<SweepOptions, 'jobs' | 'spillDirectory' | 'onNote' | 'signal'> {
  /** Whether to measure speed as well, relative to the native twin. */
  readonly hasTiming: boolean;
  readonly onCase?: (done: number) => void;
  /** Runs the cells of the cases elsewhere. Undefined: here. */
  readonly runElsewhere?: (
    cells: readonly Cell[],
    onCell: (done: number) => void,
  ) => Promise<readonly SweepCell[]>;
}

/** Runs a suite. Returns undefined if it was aborted. */
export async function runSuite(suite: Suite, options: BenchOptions): Promise<BenchResult | undefined> {
  const { hasTiming, onCase = () => {}, runElsewhere, ...rest } = options;
  const planned = suite.cases.map(({ cell }) => cell);
  const cells =
    runElsewhere === undefined
      ? await runCells(planned, { ...rest, onCell: onCase })
      : await runElsewhere(planned, onCase);
  const timings = hasTiming ? await timeCases(suite.cases, rest) : new Map();
  if (options.signal?.aborted === true) return undefined;
  const cases = suite.cases.map((one, index) => {
    const timing = timings.get(one.name);
    const result = caseOf(one, cells[index]!);
    return timing === undefined ? result : { ...result, timing };
  });
  return { schema: BENCH_SCHEMA, suite: suite.name, cases };
}

function caseOf({ name, runs }: SuiteCase, { run, error }: SweepCell): BenchCase {
  const gaps = run?.gaps;
  const result = { name, run: run === null ? null : comparedRun(runs, run), error };
  return gaps === undefined ? result : { ...result, gaps };
}

/** Returns the part of a run that does not depend on the machine or on the path of the suite. */
function comparedRun(
  workload: string,
  { parameters, server, settings, build, jemalloc, conf, options, hooks, certainty, phases }: RunResult,
): ComparedRun {
  const run = { workload, parameters, server, build, jemalloc, conf, hooks, certainty, phases };
  return {
    ...run,
    options,
    settings,
  };
}

/** Parses a suite's baseline. `name` is the name of the file. */
export function readBaseline(name: string, text: string, suite: Suite): BenchResult {
  const baseline = parseResult(name, text);
  if (baseline.schema !== BENCH_SCHEMA) {
    throw new InputError(
      `${name}: is \`${baseline.schema}\`, and a baseline is \`${BENCH_SCHEMA}\`; make one with --update`,
    );
  }
  if (baseline.suite !== suite.name) {
    throw new InputError(
      `${name}: is the baseline of the suite \`${baseline.suite}\`, and this one is \`${suite.name}\`; --update makes its own`,
    );
  }
  return baseline;
}

export interface Judged {
  readonly suite: Suite;
  readonly result: BenchResult;
  readonly baseline: BenchResult;
  /** File name of the baseline. */
  readonly baselineName: string;
}

/** Returns the result with its comparison. */
export function judge({ suite, result, baseline, baselineName }: Judged): BenchResult {
  const before = namedRuns(baselineName, baseline);
  const after = namedRuns('this run', result);
  const { thresholds, only } = suite;
  const comparison = compare(before, after, { thresholds, only, isSetupFixed: true });
  return { ...result, comparison };
}

/** Refuses thresholds of a suite for owners that its result does not have. */
export function checkSuiteNames(suite: Suite, result: BenchResult): void {
  checkNames(suite, [namedRuns('this run', result)]);
}

/** Returns the reason why a threshold for speed cannot be checked; null if it can. */
export function whyNoTiming({ suite, result, baseline }: Omit<Judged, 'baselineName'>): string | null {
  const isTimed = (one: BenchResult) => one.cases.some(({ timing }) => timing !== undefined);
  if (!isTimed(result) || isTimed(baseline) || suite.thresholds[OF_NATIVE] === undefined) return null;
  return `the baseline has no speed to compare with; \`--update --timing\` puts it there`;
}
