import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { InputError, InterruptedError, plural } from '../base/index.js';
import { type BenchResult, baselineJson } from '../compare/index.js';
import {
  type BenchOptions,
  checkSuiteNames,
  checkTwins,
  judge,
  readBaseline,
  readSuite,
  runSuite,
  type Suite,
  whyNoTiming,
} from '../compare/node.js';
import { PACKAGE_ROOT } from '../engine/node.js';
import { readTextFile } from '../input/node.js';
import { TemporaryDirectory, writeWhole } from '../output/node.js';
import { gapLinesOf } from '../report/index.js';
import { comparisonMarkdown, comparisonReport } from '../report/node.js';
import { abortOnSignals, type Interruption } from './abort-on-signals.js';
import type { CommandResult, CommonOptions, ExitCode } from './command-result.js';
import { addExamples } from './help.js';
import { printMessage } from './output.js';
import { joinedErrors, Outputs } from './outputs.js';
import { cellsBar } from './progress.js';
import { addQueueChoice, type QueueChoice } from './queue-options.js';
import { ResultFile, withLock } from './result-file.js';
import { jobsOption } from './sweep-options.js';
import { withInputError } from './system-errors.js';

interface BenchCommandOptions extends CommonOptions, QueueChoice {
  readonly update?: boolean;
  readonly timing?: boolean;
  readonly jobs: number;
  readonly out?: string;
}

const DEFAULT_SUITE = fileURLToPath(new URL('workloads/suites/default.json', PACKAGE_ROOT));

const EXAMPLES = [
  'slablab bench',
  'slablab bench suite.json --update',
  'slablab bench suite.json --format markdown --out results',
  'slablab bench suite.json --queue redis://queue.example.com',
];

const NOTES = `The baseline of suite.json is suite.baseline.json in the same directory. Create it with --update, and commit both files. \`slablab compare --help\` lists the figures that can have thresholds.

Exit code: 0 if no figure moved beyond its threshold, 1 if one did, a case failed or a command could not be carried out, 2 for bad usage, a bad suite, or a baseline that is missing or belongs to another suite.`;

export function benchCommand(show: (result: CommandResult, options: BenchCommandOptions) => void): Command {
  const command = new Command('bench')
    .description('Run a suite of workloads and configurations, and compare the results with a baseline')
    .argument('[suite.json]', 'Suite to run (default: the suite of slablab itself)')
    .option('--update', 'Replace the baseline with the results of this run')
    .option('--timing', 'Measure speed relative to the native twin, which takes ten laps of each case')
    .addOption(jobsOption('Number of cases to run in parallel'))
    .option('--out <dir>', 'Write <suite>.bench.json and <suite>.bench.md to this directory');
  return addExamples(addQueueChoice(command, 'cases'), EXAMPLES, NOTES).action(
    async (path: string | undefined, options: BenchCommandOptions) => {
      show(await bench(path ?? DEFAULT_SUITE, options), options);
    },
  );
}

async function bench(path: string, options: BenchCommandOptions): Promise<CommandResult> {
  if (options.queue !== undefined && options.timing === true) {
    throw new InputError('--queue with --timing: speed is that of one machine; remove one of the two');
  }
  const suite = await readSuite(path);
  if (options.timing === true) await checkTwins(suite.cases);
  const benchTo = (file: ResultFile | undefined) => benchInto(path, suite, file, options);
  const toOut = () =>
    options.out === undefined
      ? benchTo(undefined)
      : ResultFile.use(options.out, `${suite.name}.bench`, benchTo);
  return options.update === true ? withLock('suite', baselineOf(path), toOut) : toOut();
}

async function benchInto(
  path: string,
  suite: Suite,
  file: ResultFile | undefined,
  options: BenchCommandOptions,
): Promise<CommandResult> {
  const baselinePath = baselineOf(path);
  const [baseline, messages] = await findBaseline(baselinePath, suite, options.update ?? false);
  const result = await runCases(suite, options);
  checkSuiteNames(suite, result);
  const outputs = new Outputs();
  const gaps = gapLinesOf(result.cases.map((one) => [one.name, one.gaps]));
  outputs.messages.push(...messages, ...gaps);
  const baselineName = basename(baselinePath);
  const isUpdate = options.update ?? false;
  const judged =
    baseline === undefined
      ? result
      : (tolerateIfReplaced(isUpdate, outputs.messages, () =>
          judge({ suite, result, baseline, baselineName }),
        ) ?? result);
  if (isUpdate) return update(baselinePath, result, judged, { file, outputs });
  const noTiming = baseline === undefined ? null : whyNoTiming({ suite, result, baseline });
  if (noTiming !== null) outputs.messages.push(noTiming);
  if (judged.comparison?.isPassed === false)
    outputs.messages.push(`if this change is intended, ${remedy(path)}`);
  return resultOf(judged, judged.comparison?.isPassed === true ? 0 : 1, { file, outputs });
}

/** The destinations of a result. */
interface BenchOutput {
  readonly file: ResultFile | undefined;
  readonly outputs: Outputs;
}

async function update(
  path: string,
  result: BenchResult,
  judged: BenchResult,
  output: BenchOutput,
): Promise<CommandResult> {
  const failed = result.cases.filter(({ error }) => error !== null);
  if (failed.length > 0) {
    const failures = failed.map(({ name, error }) => `${name} failed: ${error?.message}`);
    output.outputs.errors.push(...[...failures, 'baseline unchanged'].map((line) => new InputError(line)));
    return resultOf(judged, 1, output);
  }
  await output.outputs.write(`baseline of ${plural(result.cases.length, 'case')}`, async () => {
    await writeWhole(path, `${baselineJson(result)}\n`);
    return path;
  });
  return resultOf(judged, 0, output);
}

async function resultOf(
  result: BenchResult,
  exitCode: 0 | 1,
  { file, outputs }: BenchOutput,
): Promise<CommandResult> {
  const { comparison } = result;
  const markdown =
    comparison === undefined ? '' : comparisonMarkdown(comparison, `slablab bench: ${result.suite}`);
  if (file !== undefined) {
    await outputs.write('result', () => file.write(result));
    if (comparison !== undefined) await outputs.write('table', () => file.writeText('.md', markdown));
  }
  const error = joinedErrors(outputs.errors);
  return {
    json: result,
    text: (terminal) => (comparison === undefined ? '' : comparisonReport(comparison, terminal)),
    markdown: () => markdown,
    exitCode: exitCodeOf(result, exitCode, error),
    messages: outputs.messages,
    ...(error === undefined ? {} : { error }),
  };
}

function exitCodeOf({ cases }: BenchResult, exitCode: 0 | 1, error: Error | undefined): ExitCode {
  if (exitCode === 0 && error !== undefined) return 2;
  return cases.some(({ gaps }) => gaps !== undefined) ? 1 : exitCode;
}

/** suite.json -> suite.baseline.json */
function baselineOf(path: string): string {
  return `${path.replace(/\.json$/i, '')}.baseline.json`;
}

function remedy(path: string): string {
  return `\`slablab bench${path === DEFAULT_SUITE ? '' : ` ${path}`} --update\` updates the baseline`;
}

/** Returns the baseline and messages about it. With --update a baseline need not exist. */
async function findBaseline(
  path: string,
  suite: Suite,
  isUpdate: boolean,
): Promise<[BenchResult | undefined, string[]]> {
  const text = await withInputError(path, 'make it readable', () =>
    readTextFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    }),
  );
  if (text === undefined) {
    if (isUpdate) return [undefined, []];
    throw new InputError(`${path}: there is no baseline yet; \`--update\` creates one from this run`);
  }
  const messages: string[] = [];
  const baseline = tolerateIfReplaced(isUpdate, messages, () => readBaseline(path, text, suite));
  return [baseline, messages];
}

/** Turns an error in a baseline that is about to be replaced into a message. */
function tolerateIfReplaced<T>(isUpdate: boolean, messages: string[], action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (!isUpdate || !(error instanceof InputError)) throw error;
    messages.push(`not compared with the previous baseline: ${error.message}`);
    return undefined;
  }
}

async function runCases(suite: Suite, options: BenchCommandOptions): Promise<BenchResult> {
  const interruption = abortOnSignals();
  try {
    const { queue } = options;
    if (queue === undefined) return await runCasesOn(suite, options, interruption);
    const { withCellsOnQueue } = await import('./cells-on-queue.js');
    return await withCellsOnQueue(queue, `bench ${suite.name}`, options, interruption, (queued) =>
      runCasesOn(suite, options, interruption, (cells, onCell) => queued.run(cells, onCell)),
    );
  } finally {
    interruption.stop();
  }
}

async function runCasesOn(
  suite: Suite,
  { quiet = false, jobs, timing = false }: BenchCommandOptions,
  interruption: Interruption,
  runElsewhere?: BenchOptions['runElsewhere'],
): Promise<BenchResult> {
  const spill = await TemporaryDirectory.make('slablab-bench-');
  const progress = await cellsBar(!quiet, suite.cases.length);
  try {
    let casesDone = 0;
    const result = await runSuite(suite, {
      jobs,
      spillDirectory: spill.path,
      hasTiming: timing,
      ...(runElsewhere === undefined ? {} : { runElsewhere }),
      signal: interruption.signal,
      onCase: (done) => {
        casesDone = done;
        progress.update(done);
      },
      ...(quiet ? {} : { onNote: printMessage }),
    });
    if (result !== undefined) return result;
    const kept = 'nothing was compared or written; the same command runs all of them again';
    throw new InterruptedError(
      interruption.signalName() ?? 'SIGINT',
      ` after ${casesDone} of ${suite.cases.length} cases: ${kept}`,
    );
  } finally {
    progress.stop();
    await spill.remove();
  }
}
