import { mkdir, rm } from 'node:fs/promises';
import { InputError } from '../base/index.js';
import { aboutOutput, TemporaryDirectory } from '../output/node.js';
import { openStream, subjectName } from '../run/node.js';
import { findPreset } from '../sweep/index.js';
import {
  type Axis,
  buildsOf,
  CellShelf,
  type CellWorker,
  cellsOfShard,
  type Grid,
  makeGrid,
  parseAxes,
  runGrid,
  type ShardHeader,
  type SweepOptions,
  type SweepResult,
  shardName,
} from '../sweep/node.js';
import { abortOnSignals, type Interruption } from './abort-on-signals.js';
import type { CommandResult } from './command-result.js';
import { printMessage } from './output.js';
import { Outputs } from './outputs.js';
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
import { sweepCommandResult } from './sweep-command-result.js';
import { finishJournal, headerOf, type OpenJournal, openJournal } from './sweep-journal.js';
import type { SweepCommandOptions } from './sweep-options.js';
import { recordingsOf } from './sweep-recordings.js';

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
  const { queue } = options;
  const queued = queue === undefined ? undefined : await queuedSweep(queue, options);
  const interruption = abortOnSignals();
  const sweepTo = (file: ResultFile | undefined) =>
    queued === undefined
      ? sweepInto(grid, file, options, { notes, workers, interruption })
      : queued(grid, file, interruption);
  try {
    const { out, shard } = options;
    if (out === undefined) return await sweepTo(undefined);
    const name = `${subjectName(subject)}.sweep`;
    return await ResultFile.use(out, shard === undefined ? name : `${name}.${shardName(shard)}`, sweepTo);
  } finally {
    interruption.stop();
  }
}

/** Returns what runs a grid on a queue. The client of queues is larger than all else that a sweep loads. */
async function queuedSweep(url: string, options: SweepCommandOptions) {
  const { queueOf, sweepOnQueue } = await import('./sweep-on-queue.js');
  const place = await queueOf(url, options);
  return (grid: Grid, file: ResultFile | undefined, interruption: Interruption) =>
    sweepOnQueue(grid, file, place, interruption, options);
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
  const shard = await shardOf(grid, options);
  const header = file === undefined ? undefined : await headerOf(grid, shard);
  const spillDirectory = await spillDirectoryOf(file);
  let journal: OpenJournal | undefined;
  try {
    const shelf = CellShelf.in(spillDirectory);
    if (file !== undefined && header !== undefined) {
      journal = await openJournal(header, file, { resume: options.resume ?? false, shelf });
    }
    const messages = [...notes, ...(journal?.messages ?? [])];
    if (options.quiet !== true) for (const message of messages.splice(0)) printMessage(message);
    const recordTo = file === undefined ? undefined : await recordingsOf(file, options);
    const only = shard === undefined ? undefined : new Set(shard.own);
    const run = { journal, spillDirectory, recordTo, only, shelf, ...means };
    const [result, signal] = await sweep(grid, run, options);
    const wanted = shard?.own.length ?? result.cellCount;
    const outputs = new Outputs();
    await finishJournal(result, wanted, { file, journal, shelf }, outputs, options);
    return sweepCommandResult(result, outputs, options, { signal, journal, wanted, shelf });
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
  } & Pick<SweepOptions, 'spillDirectory' | 'workers' | 'only' | 'shelf'>,
  options: SweepCommandOptions,
): Promise<[SweepResult, NodeJS.Signals | undefined]> {
  const { quiet = false, jobs, bestBy, tolerance, cellTimeout } = options;
  const progress = await cellsBar(!quiet, means.only?.size ?? grid.cells.length);
  try {
    const result = await runGrid(grid, {
      jobs,
      bestBy,
      tolerance,
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

/** Returns the part of the sweep that the command line asks for, or undefined for all of it. */
async function shardOf(
  grid: Grid,
  { shard, bestBy, tolerance }: SweepCommandOptions,
): Promise<ShardHeader | undefined> {
  if (shard === undefined) return undefined;
  const own = cellsOfShard(grid.cells, await buildsOf(grid.cells), shard);
  return { ...shard, own, bestBy, tolerance, outline: grid.outline };
}
