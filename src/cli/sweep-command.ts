import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { sweepCsv, sweepMarkdown, sweepReport } from '../report/index.js';
import { type Axis, parseAxes } from '../sweep/grid/axis.js';
import { type Grid, makeGrid } from '../sweep/grid/grid.js';
import { findPreset, PRESETS } from '../sweep/grid/presets.js';
import { openStream, subjectName } from '../sweep/grid/stream-plan.js';
import { runGrid } from '../sweep/sweep.js';
import type { SweepResult } from '../sweep/sweep-result.js';
import { InputError } from '../trace/index.js';
import { abortOnSignals } from './abort-on-signals.js';
import type { CommandResult, ExitCode } from './command-result.js';
import { addExamples } from './help.js';
import { say } from './output.js';
import { cellsBar } from './progress.js';
import { ResultFile } from './result-file.js';
import { type GivenSubject, givenStream, givenSubject, knownBuild, reading } from './subject.js';
import { type OpenJournal, openJournal } from './sweep-journal.js';
import { addSweepOptions, formatOf, type SweepCommandOptions } from './sweep-options.js';

const EXAMPLES = [
  'slablab sweep scattered-delete --preset decay',
  'slablab sweep scattered-delete --axis order=random --axis drop=0.5,0.75,0.9 --axis seed=1,2,3 --format csv',
  'slablab sweep scattered-delete --axis conf= --axis conf=narenas:1,tcache:false --axis build=q3,q4',
  'slablab sweep traffic.resp --axis hash-max-listpack-entries=128,512 --axis server=redis-7.2,valkey-8.0',
  'slablab sweep traffic.resp --preset tcache --preset decay --out results --resume',
];

const MORE = `Axes: build, server, conf, any single option of jemalloc (dirty_decay_ms, tcache_max, …), any setting of the server (maxmemory, hash-max-listpack-entries, …), any parameter of the workload (drop, order, …), seed. Values are separated by commas; a whole configuration string has commas of its own, so each takes an --axis conf=… of its own. An axis given by hand takes the place of a preset's of the same name.

Presets:
${PRESETS.map(({ name, meaning }) => `${name}: ${meaning}`).join('\n')}

Exit code: 0 if every cell ran or failed by itself (its row says why), 1 if a ledger did not reconcile, 2 for bad usage or if no cell could be measured, 130 after Ctrl-C, when what is done is printed.`;

export function sweepCommand(show: (result: CommandResult, options: SweepCommandOptions) => void): Command {
  const command = new Command('sweep')
    .description('run a workload or a file in every combination of settings, and say which are best')
    .argument('<workload | file>', 'as for `slablab run`');
  return addExamples(addSweepOptions(command), EXAMPLES, MORE).action(
    async (what: string, options: SweepCommandOptions) => {
      const format = formatOf(options);
      show(await sweepWhat(what, options), { ...options, json: format === 'json' });
    },
  );
}

async function sweepWhat(what: string, options: SweepCommandOptions): Promise<CommandResult> {
  if (options.resume === true && options.out === undefined) {
    throw new InputError('--resume without --out: name the directory that holds the journal');
  }
  const given = await givenSubject(what, options);
  const { subject } = given;
  const [axes, notes] = axesOf(given, options);
  const grid = gridOf(given, axes, options);
  if (subject.kind !== 'workload') {
    await (await reading(what, () => openStream(givenStream(given, options)))).close();
  }
  if (options.out === undefined) return sweepInto(grid, undefined, options, notes);
  const file = await ResultFile.prepare(options.out, `${subjectName(subject)}.sweep`);
  return sweepInto(grid, file, options, notes);
}

function axesOf(given: GivenSubject, { preset = [], axis = [] }: SweepCommandOptions): [Axis[], string[]] {
  const presets = preset.map(findPreset);
  const own = parseAxes(axis, given);
  const ready = presets
    .flatMap((one) => parseAxes(one.axes, given))
    .filter(({ name }) => !own.some((other) => other.name === name));
  const axes = [...ready, ...own];
  const [twice] = axes.filter(({ name }, index) => axes.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) {
    throw new InputError(
      `--preset ${preset.join(' --preset ')}: both vary ${twice.name}; choose one, or give --axis ${twice.name}=…`,
    );
  }
  if (axes.length === 0) throw new InputError('nothing to vary: give an --axis or a --preset');
  return [axes, presets.flatMap(({ note }) => note ?? [])];
}

function gridOf(given: GivenSubject, axes: readonly Axis[], options: SweepCommandOptions): Grid {
  const { server, build, conf, hooks, runtime, set = [], preset = [] } = options;
  const presetRest = preset.map(findPreset).map(({ restMs = 0 }) => restMs);
  const restMs = options.rest ?? Math.max(0, ...presetRest);
  const swept = (name: string) => axes.some((axis) => axis.name === name);
  const fixed = { server, build, conf };
  const both = [
    ...Object.entries(fixed)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [`--${name} ${value}`, name] as const),
    ...set.map((setting) => [`--set ${setting}`, setting.split('=')[0] as string] as const),
  ].find(([, name]) => swept(name));
  if (both !== undefined) {
    throw new InputError(
      `${both[0]} with an axis \`${both[1]}\`: fixed or varied, not both; drop one of the two`,
    );
  }
  const fixedStream = givenStream(given, options);
  return makeGrid(
    {
      ...given,
      parameters: set,
      server: fixedStream.server,
      settings: fixedStream.settings,
      build: build === undefined ? undefined : knownBuild(build),
      conf: conf ?? '',
      hooks,
      runtime,
      ...(restMs === 0 ? {} : { restMs }),
    },
    axes,
  );
}

async function sweepInto(
  grid: Grid,
  file: ResultFile | undefined,
  options: SweepCommandOptions,
  notes: readonly string[],
): Promise<CommandResult> {
  const journal = file === undefined ? undefined : await openJournal(grid, file, options.resume ?? false);
  const spillDirectory = await spillDirectoryOf(file);
  try {
    const messages = [...notes, ...(journal?.messages ?? [])];
    if (options.quiet !== true) for (const message of messages.splice(0)) say(message);
    const [result, signal] = await sweep(grid, { journal, spillDirectory }, options);
    return await resultOf(result, signal, { file, journal }, options);
  } finally {
    await journal?.writer.close();
    await rm(spillDirectory, { recursive: true, force: true });
  }
}

async function sweep(
  grid: Grid,
  { journal, spillDirectory }: { journal: OpenJournal | undefined; spillDirectory: string },
  options: SweepCommandOptions,
): Promise<[SweepResult, NodeJS.Signals | undefined]> {
  const { quiet = false, jobs, bestBy, cellTimeout } = options;
  const interruption = abortOnSignals();
  const progress = await cellsBar(!quiet, grid.cells.length);
  try {
    const result = await runGrid(grid, {
      jobs,
      bestBy,
      spillDirectory,
      signal: interruption.signal,
      onCell: (done) => progress.update(done),
      ...(quiet ? {} : { onNote: say }),
      ...(cellTimeout === undefined ? {} : { cellTimeoutMs: cellTimeout * 1000 }),
      ...(journal === undefined ? {} : { done: journal.done, keep: (cell) => journal.writer.add(cell) }),
    });
    return [result, interruption.by()];
  } finally {
    progress.stop();
    interruption.forget();
  }
}

/** Beside the result, where there is one: what a kill leaves behind is then found and removed by the next sweep. */
async function spillDirectoryOf(file: ResultFile | undefined): Promise<string> {
  if (file === undefined) return mkdtemp(join(tmpdir(), 'slablab-sweep-'));
  const path = file.beside('.streams');
  await rm(path, { recursive: true, force: true });
  await mkdir(path);
  return path;
}

async function resultOf(
  result: SweepResult,
  signal: NodeJS.Signals | undefined,
  { file, journal }: { file: ResultFile | undefined; journal: OpenJournal | undefined },
  options: SweepCommandOptions,
): Promise<CommandResult> {
  const messages: string[] = [];
  if (result.isComplete && file !== undefined) messages.push(`result written to ${await file.write(result)}`);
  if (!result.isComplete) {
    const kept = journal === undefined ? '' : `; --resume goes on with ${journal.path}`;
    messages.push(`interrupted after ${result.cells.length} of ${result.cellCount} cells${kept}`);
  }
  const format = formatOf(options);
  return {
    json: result,
    text: (terminal) => {
      if (format === 'csv') return sweepCsv(result);
      if (format === 'markdown') return sweepMarkdown(result);
      return sweepReport(result, terminal, { hasTiming: options.timing ?? false });
    },
    exitCode: exitCodeOf(result, signal),
    messages,
  };
}

function exitCodeOf({ cells }: SweepResult, signal: NodeJS.Signals | undefined): ExitCode {
  if (signal !== undefined) return signal === 'SIGINT' ? 130 : 143;
  if (cells.some(({ error }) => error?.name === 'ReconciliationError')) return 1;
  return cells.every(({ error }) => error !== null) ? 2 : 0;
}
