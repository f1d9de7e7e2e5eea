import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, InterruptedError } from '../base/index.js';
import { aboutOutput, TemporaryDirectory } from '../output/node.js';
import { EXTENSION } from '../recording/index.js';
import { gapLinesOf } from '../report/index.js';
import { sweepCsv, sweepMarkdown, sweepReport } from '../report/node.js';
import type { RunResult } from '../run/index.js';
import { openStream, subjectName } from '../run/node.js';
import { CELLS_EXTENSION, findPreset } from '../sweep/index.js';
import {
  type Axis,
  type CellWorker,
  type Grid,
  makeGrid,
  parseAxes,
  runGrid,
  type SweepOptions,
  type SweepResult,
} from '../sweep/node.js';
import { abortOnSignals, exitCodeAfter, type Interruption } from './abort-on-signals.js';
import type { CommandResult, ExitCode } from './command-result.js';
import { makeDirectory } from './make-directory.js';
import { printMessage } from './output.js';
import { outputFormat } from './output-format.js';
import { joinedErrors, Outputs } from './outputs.js';
import { cellsBar } from './progress.js';
import { ResultFile } from './result-file.js';
import {
  knownBuild,
  parametersAmong,
  parseSubject,
  refuseStdin,
  type SubjectArgument,
  streamPlanOf,
  withFileError,
} from './subject-argument.js';
import { type OpenJournal, openJournal } from './sweep-journal.js';
import type { SweepCommandOptions } from './sweep-options.js';

/** Runs the sweep that a command line describes on `workers`, which no other sweep uses. */
export async function runSweep(
  input: string,
  options: SweepCommandOptions,
  workers: readonly CellWorker[],
): Promise<CommandResult> {
  refuseStdin(input);
  const given = await parseSubject(input, options);
  const { subject } = given;
  const [axes, notes] = axesOf(given, options);
  const grid = gridOf(given, axes, options);
  if (subject.kind !== 'workload') {
    await (await withFileError(input, () => openStream(streamPlanOf(given, options)))).close();
  }
  const interruption = abortOnSignals();
  const sweepTo = (file: ResultFile | undefined) =>
    sweepInto(grid, file, options, { notes, workers, interruption });
  try {
    if (options.out === undefined) return await sweepTo(undefined);
    return await ResultFile.use(options.out, `${subjectName(subject)}.sweep`, sweepTo);
  } finally {
    interruption.stop();
  }
}

function axesOf(given: SubjectArgument, { preset = [], axis = [] }: SweepCommandOptions): [Axis[], string[]] {
  const presets = preset.map(findPreset);
  const explicit = parseAxes(axis, given);
  const predefined = presets
    .flatMap((one) => parseAxes(one.axes, given))
    .filter(({ name }) => !explicit.some((other) => other.name === name));
  const axes = [...predefined, ...explicit];
  const [duplicate] = axes.filter(
    ({ name }, index) => axes.findIndex((other) => other.name === name) !== index,
  );
  if (duplicate !== undefined) {
    const { name } = duplicate;
    throw new InputError(
      `--preset ${preset.join(' --preset ')}: both vary ${name}; choose one, or give --axis ${name}=…`,
    );
  }
  if (axes.length === 0) throw new InputError('nothing to vary: give an --axis or a --preset');
  return [axes, presets.flatMap(({ note }) => note ?? [])];
}

function gridOf(given: SubjectArgument, axes: readonly Axis[], options: SweepCommandOptions): Grid {
  const { server, build, conf, hooks, runtime, set = [], preset = [] } = options;
  const presetRest = preset.map(findPreset).map(({ restMs = 0 }) => restMs);
  const restMs = options.rest ?? Math.max(0, ...presetRest);
  const swept = (name: string) => axes.some((axis) => axis.name === name);
  const fixed = { server, build, conf };
  const conflict = [
    ...Object.entries(fixed)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [`--${name} ${value}`, name] as const),
    ...set.map((setting) => [`--set ${setting}`, setting.split('=')[0]!] as const),
  ].find(([, name]) => swept(name));
  if (conflict !== undefined) {
    const [option, axis] = conflict;
    throw new InputError(
      `${option} with an axis \`${axis}\`: a setting is either fixed or varied; remove one of the two`,
    );
  }
  const fixedStream = streamPlanOf(given, options);
  return makeGrid(
    {
      ...given,
      parameters: given.workload === undefined ? set : parametersAmong(set, given.workload),
      server: fixedStream.server,
      settings: fixedStream.settings,
      build: build === undefined ? undefined : knownBuild(build),
      conf: conf ?? '',
      hooks,
      runtime,
      ...(restMs === 0 ? {} : { restMs }),
      ...(fixedStream.mark === undefined ? {} : { mark: fixedStream.mark }),
    },
    axes,
  );
}

async function sweepInto(
  grid: Grid,
  file: ResultFile | undefined,
  options: SweepCommandOptions,
  {
    notes,
    ...means
  }: {
    readonly notes: readonly string[];
    readonly workers: readonly CellWorker[];
    readonly interruption: Interruption;
  },
): Promise<CommandResult> {
  const journal = file === undefined ? undefined : await openJournal(grid, file, options.resume ?? false);
  const spillDirectory = await spillDirectoryOf(file);
  try {
    const messages = [...notes, ...(journal?.messages ?? [])];
    if (options.quiet !== true) for (const message of messages.splice(0)) printMessage(message);
    const recordTo = file === undefined ? undefined : await recordingsOf(file, options);
    const [result, signal] = await sweep(grid, { journal, spillDirectory, recordTo, ...means }, options);
    return await resultOf(result, signal, { file, journal }, options);
  } catch (error) {
    await journal?.writer.close();
    throw error;
  } finally {
    await rm(spillDirectory, { recursive: true, force: true });
  }
}

async function sweep(
  grid: Grid,
  {
    journal,
    interruption,
    recordTo,
    ...means
  }: {
    journal: OpenJournal | undefined;
    interruption: Interruption;
    recordTo: SweepOptions['recordTo'] | undefined;
  } & Pick<SweepOptions, 'spillDirectory' | 'workers'>,
  options: SweepCommandOptions,
): Promise<[SweepResult, NodeJS.Signals | undefined]> {
  const { quiet = false, jobs, bestBy, cellTimeout } = options;
  const progress = await cellsBar(!quiet, grid.cells.length);
  try {
    const result = await runGrid(grid, {
      jobs,
      bestBy,
      ...means,
      signal: interruption.signal,
      onCell: (done) => progress.update(done),
      ...(recordTo === undefined ? {} : { recordTo }),
      ...(quiet ? {} : { onNote: printMessage }),
      ...(cellTimeout === undefined ? {} : { cellTimeoutMs: cellTimeout * 1000 }),
      ...(journal === undefined ? {} : { done: journal.done, keep: (cell) => journal.writer.add(cell) }),
    });
    return [result, interruption.signalName()];
  } finally {
    progress.stop();
  }
}

/** Makes the directory of the cells' recordings, and returns their paths; undefined without recordings. */
async function recordingsOf(
  file: ResultFile,
  { recordings, resume = false }: SweepCommandOptions,
): Promise<SweepOptions['recordTo']> {
  const directory = file.pathOf(CELLS_EXTENSION);
  await aboutOutput(directory, async () => {
    // Those of another sweep of this name would be taken for this one's.
    if (!resume) await rm(directory, { recursive: true, force: true });
    if (recordings) await makeDirectory(directory);
  });
  return recordings ? (cell) => join(directory, `${cell}${EXTENSION}`) : undefined;
}

/**
 * Makes a directory for spilled streams. If there is a result file, the directory stands next to it, so that the next
 * sweep removes what a killed one left.
 */
async function spillDirectoryOf(file: ResultFile | undefined): Promise<string> {
  if (file === undefined) return (await TemporaryDirectory.make('slablab-sweep-')).path;
  const path = file.pathOf('.streams');
  await aboutOutput(path, async () => {
    await rm(path, { recursive: true, force: true });
    await mkdir(path);
  });
  return path;
}

async function resultOf(
  result: SweepResult,
  signal: NodeJS.Signals | undefined,
  { file, journal }: { file: ResultFile | undefined; journal: OpenJournal | undefined },
  options: SweepCommandOptions,
): Promise<CommandResult> {
  const outputs = new Outputs();
  const gap = await journal?.writer.close();
  if (result.isComplete && file !== undefined) {
    await outputs.write('result', () => file.write(result));
    if (options.recordings) outputs.messages.push(`recordings written to ${file.pathOf(CELLS_EXTENSION)}`);
  } else if (gap !== undefined) outputs.errors.push(gap);
  const ends = result.isComplete ? [] : [interruptionOf(result, signal, journal)];
  const error = joinedErrors([...ends, ...outputs.errors]);
  const format = outputFormat(options);
  return {
    json: result,
    text: (terminal) => {
      if (format === 'csv') return sweepCsv(result);
      if (format === 'markdown') return sweepMarkdown(result);
      return sweepReport(result, terminal, { hasTiming: options.timing ?? false });
    },
    exitCode: sweepExitCode(result, signal, outputs),
    messages: [...outputs.messages, ...gapLinesOf(gapsByCell(result))],
    ...(error === undefined ? {} : { error }),
  };
}

function gapsByCell({ cells }: SweepResult): [name: string, gaps: RunResult['gaps']][] {
  return cells.map(({ cell, run }) => [`cell ${cell}`, run?.gaps]);
}

/** Says what an interrupted sweep has kept, and how to go on. */
function interruptionOf(
  { cells, cellCount }: SweepResult,
  signal: NodeJS.Signals | undefined,
  journal: OpenJournal | undefined,
): Error {
  const kept =
    journal === undefined
      ? 'these are printed only; with --out, --resume could continue'
      : `these are kept in ${journal.path}; repeat the command with --resume to continue`;
  return new InterruptedError(`${signal}`, ` after ${cells.length} of ${cellCount} cells: ${kept}`);
}

function sweepExitCode(
  { cells }: SweepResult,
  signal: NodeJS.Signals | undefined,
  { errors }: Outputs,
): ExitCode {
  if (signal !== undefined) return exitCodeAfter(signal);
  if (cells.some(({ error }) => error?.name === 'ReconciliationError')) return 1;
  const isCarriedOut = cells.every(({ run }) => run?.gaps === undefined);
  return errors.length > 0 || cells.every(({ error }) => error !== null) ? 2 : isCarriedOut ? 0 : 1;
}
