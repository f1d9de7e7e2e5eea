import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { InputError, plural } from '../base/index.js';
import { type BenchResult, baselineJson } from '../compare/index.js';
import {
  checkTwins,
  judge,
  readBaseline,
  readSuite,
  runSuite,
  type Suite,
  whyNoTiming,
} from '../compare/node.js';
import { PACKAGE_ROOT } from '../engine/node.js';
import { comparisonMarkdown, comparisonReport } from '../report/node.js';
import { abortOnSignals } from './abort-on-signals.js';
import { withInputError } from './blaming.js';
import type { CommandResult, CommonOptions } from './command-result.js';
import { COMPARISON_FORMATS, type ComparisonFormat } from './compare-command.js';
import { addExamples } from './help.js';
import { say } from './output.js';
import { cellsBar } from './progress.js';
import { ResultFile, writeWhole } from './result-file.js';
import { oneOf, positiveInteger } from './run-options.js';
import { formatOf } from './sweep-options.js';

interface BenchCommandOptions extends CommonOptions {
  readonly update?: boolean;
  readonly timing?: boolean;
  readonly jobs: number;
  readonly format?: ComparisonFormat;
  readonly out?: string;
}

/** The project's own. */
const DEFAULT_SUITE = fileURLToPath(new URL('workloads/suites/default.json', PACKAGE_ROOT));

const EXAMPLES = [
  'slablab bench',
  'slablab bench suite.json --update',
  'slablab bench suite.json --format markdown --out results',
];

const MORE = `The baseline of suite.json is suite.baseline.json beside it: make it with --update, and commit both. \`slablab compare --help\` lists the figures that thresholds can be set for.

Exit code: 0 if nothing moved beyond its threshold, 1 if something did or a case failed, 2 for bad usage, a bad suite, or a baseline that is missing or of another suite.`;

export function benchCommand(show: (result: CommandResult, options: BenchCommandOptions) => void): Command {
  const command = new Command('bench')
    .description('run a suite of workloads and configurations, and say what moved since its baseline')
    .argument('[suite.json]', "a suite of one's own (default: the one that slablab itself is held to)")
    .option('--update', 'make this run the baseline')
    .option(
      '--timing',
      'also speed, as a share of the native twin in the same run; takes ten laps of each case',
    )
    .option('--jobs <number>', 'cases at a time', positiveInteger('--jobs'), availableParallelism())
    .option('--format <format>', COMPARISON_FORMATS.join(' | '), oneOf('a --format', COMPARISON_FORMATS))
    .option('--out <dir>', 'write <suite>.bench.json and <suite>.bench.md there');
  return addExamples(command, EXAMPLES, MORE).action(
    async (path: string | undefined, options: BenchCommandOptions) => {
      const format = formatOf(options);
      show(await bench(path ?? DEFAULT_SUITE, options), { ...options, json: format === 'json' });
    },
  );
}

async function bench(path: string, options: BenchCommandOptions): Promise<CommandResult> {
  const suite = await readSuite(path);
  if (options.timing === true) await checkTwins(suite.cases);
  const file =
    options.out === undefined ? undefined : await ResultFile.prepare(options.out, `${suite.name}.bench`);
  const baselinePath = baselineOf(path);
  const [baseline, messages] = await findBaseline(baselinePath, suite, options.update ?? false);
  const [result, signal] = await runCases(suite, options);
  if (result === undefined) {
    const exitCode = signal === 'SIGTERM' ? 143 : 130;
    return { json: null, text: () => '', exitCode, messages: ['interrupted: nothing was compared'] };
  }
  const baselineName = basename(baselinePath);
  const isUpdate = options.update ?? false;
  const judged =
    baseline === undefined
      ? result
      : (unlessReplaced(isUpdate, messages, () => judge({ suite, result, baseline, baselineName })) ??
        result);
  if (isUpdate) return update(baselinePath, result, judged, { file, messages }, options);
  const noTiming = baseline === undefined ? null : whyNoTiming({ suite, result, baseline });
  if (noTiming !== null) messages.push(noTiming);
  if (judged.comparison?.isPassed === false) messages.push(`if this is meant, ${remedy(path)}`);
  return show(judged, judged.comparison?.isPassed === true ? 0 : 1, { file, messages }, options);
}

interface Beside {
  readonly file: ResultFile | undefined;
  readonly messages: string[];
}

async function update(
  path: string,
  result: BenchResult,
  judged: BenchResult,
  beside: Beside,
  options: BenchCommandOptions,
): Promise<CommandResult> {
  const failed = result.cases.filter(({ error }) => error !== null);
  if (failed.length > 0) {
    const told = failed.map(({ name, error }) => `${name} failed: ${error?.message}`);
    const shown = await show(judged, 1, beside, options);
    return {
      ...shown,
      error: new InputError(`${told.join('\nslablab: ')}\nslablab: the baseline is as it was`),
    };
  }
  await withInputError(path, 'put the suite where files can be written', () =>
    writeWhole(path, `${baselineJson(result)}\n`),
  );
  beside.messages.push(`baseline of ${plural(result.cases.length, 'case')} written to ${path}`);
  return show(judged, 0, beside, options);
}

async function show(
  result: BenchResult,
  exitCode: 0 | 1,
  { file, messages }: Beside,
  options: BenchCommandOptions,
): Promise<CommandResult> {
  const { comparison } = result;
  const markdown =
    comparison === undefined ? '' : comparisonMarkdown(comparison, `slablab bench: ${result.suite}`);
  if (file !== undefined) {
    messages.push(`result written to ${await file.write(result)}`);
    if (comparison !== undefined) messages.push(`and to ${await file.writeText('.md', markdown)}`);
  }
  return {
    json: result,
    text: (terminal) => {
      if (comparison === undefined) return '';
      return options.format === 'markdown' ? markdown : comparisonReport(comparison, terminal);
    },
    exitCode,
    messages,
  };
}

/** suite.json -> suite.baseline.json */
function baselineOf(path: string): string {
  return `${path.replace(/\.json$/i, '')}.baseline.json`;
}

function remedy(path: string): string {
  return `\`slablab bench${path === DEFAULT_SUITE ? '' : ` ${path}`} --update\` makes it the baseline`;
}

/** The baseline, with what is to be said of it; with --update none is needed. */
async function findBaseline(
  path: string,
  suite: Suite,
  isUpdate: boolean,
): Promise<[BenchResult | undefined, string[]]> {
  const text = await withInputError(path, 'make it readable', () =>
    readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    }),
  );
  if (text === undefined) {
    if (isUpdate) return [undefined, []];
    throw new InputError(`${path}: there is no baseline yet; \`--update\` makes one of this run`);
  }
  const messages: string[] = [];
  const baseline = unlessReplaced(isUpdate, messages, () => readBaseline(path, text, suite));
  return [baseline, messages];
}

/** What is wrong with a baseline that is about to be replaced is only worth a message. */
function unlessReplaced<T>(isUpdate: boolean, messages: string[], action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (!isUpdate || !(error instanceof InputError)) throw error;
    messages.push(`not compared with the baseline that was there: ${error.message}`);
    return undefined;
  }
}

async function runCases(
  suite: Suite,
  { quiet = false, jobs, timing = false }: BenchCommandOptions,
): Promise<[BenchResult | undefined, NodeJS.Signals | undefined]> {
  const spillDirectory = await mkdtemp(join(tmpdir(), 'slablab-bench-'));
  const interruption = abortOnSignals();
  const progress = await cellsBar(!quiet, suite.cases.length);
  try {
    const result = await runSuite(suite, {
      jobs,
      spillDirectory,
      hasTiming: timing,
      signal: interruption.signal,
      onCase: (done) => progress.update(done),
      ...(quiet ? {} : { onNote: say }),
    });
    return [result, interruption.by()];
  } finally {
    progress.stop();
    interruption.forget();
    await rm(spillDirectory, { recursive: true, force: true });
  }
}
