import { Command } from 'commander';
import type { Finding } from '../../workloads/index.js';
import { formatCount, InputError } from '../base/index.js';
import type { Engine, Snapshot } from '../engine/index.js';
import { openEngine } from '../engine/node.js';
import { DEFAULT_VERSION, findServer, OTHER_SERVER } from '../model/index.js';
import { EXTENSION, type Frame, packFrame } from '../recording/index.js';
import { RecordingFile } from '../recording/node.js';
import { gapLines, runReport } from '../report/index.js';
import {
  contentsByClass,
  type RunAccounts,
  type RunOutcome,
  type RunResult,
  type RunSource,
  run,
  runHeader,
} from '../run/index.js';
import { openStream, type StreamPlan } from '../run/node.js';
import { OpsFileWriter } from '../stream/node.js';
import { accountsOf, requireModel } from './accounts-options.js';
import type { CommandResult } from './command-result.js';
import { exitCodeOf } from './exit.js';
import { addExamples } from './help.js';
import { printMessage } from './output.js';
import { progressBar } from './progress.js';
import { ResultFile } from './result-file.js';
import { addRunOptions, type RunCommandOptions } from './run-options.js';
import { RunWatch } from './run-watch.js';
import { knownBuild, parseSubject, streamPlanOf, withFileError } from './subject-argument.js';
import { withInputError } from './system-errors.js';

const EXAMPLES = [
  'slablab run scattered-delete',
  'slablab run scattered-delete --set order=random --set drop=0.9 --json',
  'slablab run scattered-delete --conf dirty_decay_ms:0 --runtime native',
  'slablab run scattered-delete --sweep-every 10000 --watch',
  'slablab run scattered-delete --hooks fastpath',
  `slablab run traffic.resp --server ${OTHER_SERVER}`,
  'slablab run dump.rdb --types',
  "slablab run traffic.resp --owners --pattern 'user:*' --pattern 'session:*'",
  'slablab run traffic.resp --set cluster-enabled=yes --set maxmemory=100mb',
  'slablab run scattered-delete --save-ops half.ops && slablab run half.ops --build q4',
];

export function runCommand(show: (result: CommandResult, options: RunCommandOptions) => void): Command {
  const command = new Command('run')
    .description(
      'Replay a workload, a file of commands or a saved operation stream, and report which memory can be returned',
    )
    .argument(
      '<input>',
      'Workload (see `slablab workloads`) or file: file.resp, file.aof, appendonlydir/, dump.rdb, monitor.log, file.ops',
    );
  return addExamples(addRunOptions(command), EXAMPLES).action(
    async (input: string, options: RunCommandOptions) => {
      const { result, watch } = await runInput(input, options);
      show(result, options);
      await watch?.serveUntilSignal();
    },
  );
}

interface WatchedResult {
  readonly result: CommandResult;
  readonly watch: RunWatch | undefined;
}

async function runInput(input: string, options: RunCommandOptions): Promise<WatchedResult> {
  const subject = await parseSubject(input, options, { '--save-ops': options.saveOps });
  const plan = streamPlanOf(subject, options);
  const accounts = accountsOf(options);
  const source = await withFileError(input, () => openStream(plan, accounts));
  try {
    if (accounts !== undefined) requireModel(input, source, options);
    const build = chooseBuild(source, options);
    const file =
      options.out === undefined
        ? undefined
        : await ResultFile.prepare(options.out, `${source.metadata.workload}-${build}`);
    const { conf = '', hooks, runtime, worker = false, regions = false } = options;
    const engine = await openEngine({ build, conf, hooks, runtime, worker, regions });
    let watch: RunWatch | undefined;
    try {
      if (options.watch) watch = await RunWatch.open(input, options);
      const replayed = { ...options, settings: plan.settings };
      return { result: await replay(source, engine, replayed, accounts, { file, watch }), watch };
    } catch (error) {
      await watch?.abandon();
      throw error;
    } finally {
      await engine.close();
    }
  } finally {
    await source.close();
  }
}

function chooseBuild({ metadata }: RunSource, options: RunCommandOptions): string {
  if (options.worker && options.runtime !== 'wasm') {
    throw new InputError(
      `--worker with --runtime ${options.runtime}: only wasm runs in a worker thread; remove one of the two`,
    );
  }
  const server = findServer(metadata.server) ?? DEFAULT_VERSION;
  return knownBuild(options.build ?? server.defaultBuild);
}

async function replay(
  source: RunSource,
  engine: Engine,
  options: RunCommandOptions & Pick<StreamPlan, 'settings'>,
  accounts: RunAccounts | undefined,
  { file, watch }: { readonly file: ResultFile | undefined; readonly watch: RunWatch | undefined },
): Promise<CommandResult> {
  const { conf = '', hooks, sweepEvery = 0, saveOps, rest, settings } = options;
  const quiet = options.quiet ?? false;
  const saveTo = saveOps === undefined ? undefined : await createOpsFile(saveOps, source);
  const progress = await progressBar(!quiet, source);
  const recording = file === undefined ? undefined : await createRecording(file, source, engine, options);
  await watch?.begin(runHeader(source, engine, { conf, hooks, settings }), engine.info);
  const outputs = [recording, watch].filter((output) => output !== undefined);
  const record = (frame: Frame) => {
    if (outputs.length === 0) return undefined;
    const packing = packFrame(frame);
    return Promise.all(outputs.map((output) => output.packedFrame(packing)));
  };
  const maps = new Map<string, Snapshot>();
  let outcome: RunOutcome;
  try {
    outcome = await run(source, engine, {
      conf,
      hooks,
      sweepEvery,
      settings,
      restMs: rest,
      accounts,
      onProgress: (operations) => progress.update(operations),
      onSnapshot: (phase, snapshot, owners) => {
        maps.set(phase, snapshot);
        return record({ phase, snapshot, owners });
      },
      onExtraSweep: (phase, snapshot) => record({ phase, snapshot, owners: null }),
      saveTo,
    });
  } catch (error) {
    await recording?.abandon();
    throw error;
  } finally {
    progress.stop();
  }
  const { result, failure } = outcome;
  const messages = [speedOf(outcome), ...(source.notes?.() ?? [])];
  messages.push(...gapLines(result.gaps));
  if (saveTo !== undefined) {
    // The stream of a failed replay has no end record, so that readers refuse it.
    await (failure === null ? saveTo.finish() : saveTo.abandon());
    messages.push(
      failure === null ? `operations saved to ${saveOps}` : `${saveOps} is incomplete: the run ended early`,
    );
  }
  const findings = failure === null ? await findingsOf(source, result, options) : undefined;
  const complete: RunResult = findings === undefined ? result : { ...result, findings };
  await watch?.finish(complete);
  if (file !== undefined) messages.push(`result written to ${await file.write(complete)}`);
  if (recording !== undefined) {
    await withOutError(recording.path, () => recording.finish(complete));
    messages.push(`recording written to ${recording.path}`);
  }
  const contents = contentsByClass(source.contents, engine.info);
  return {
    json: complete,
    text: (terminal) => runReport({ result: complete, info: engine.info, contents, maps }, terminal),
    exitCode: failure === null ? (complete.gaps === undefined ? 0 : 1) : exitCodeOf(failure),
    messages,
    ...(failure === null ? {} : { error: failure }),
  };
}

/** Returns the workload's findings, which may need further runs on engines of the same configuration. */
async function findingsOf(
  source: RunSource,
  { build, phases }: RunResult,
  { conf = '', hooks, runtime, quiet = false }: RunCommandOptions,
): Promise<readonly Finding[] | undefined> {
  return source.findings?.(phases, async (variant, meaning) => {
    if (!quiet) printMessage(`for comparison: ${meaning}`);
    const engine = await openEngine({ build, conf, hooks, runtime });
    try {
      const { result, failure } = await run(variant, engine, { conf, hooks, sweepEvery: 0 });
      if (failure !== null) throw failure;
      return result.phases;
    } finally {
      await engine.close();
    }
  });
}

function createRecording(
  file: ResultFile,
  source: RunSource,
  engine: Engine,
  { conf = '', hooks, settings }: RunCommandOptions & Pick<StreamPlan, 'settings'>,
): Promise<RecordingFile> {
  const path = file.pathOf(EXTENSION);
  const about = runHeader(source, engine, { conf, hooks, settings });
  return withOutError(path, () => RecordingFile.create(path, about, engine.info));
}

function withOutError<T>(path: string, action: () => Promise<T>): Promise<T> {
  return withInputError(`--out: ${path}`, 'name a writable directory with enough space', action);
}

function createOpsFile(path: string, { metadata }: RunSource): Promise<OpsFileWriter> {
  return withInputError(`--save-ops ${path}`, 'name a writable file', () =>
    OpsFileWriter.create(path, metadata),
  );
}

function speedOf({ operations, result: { timing } }: RunOutcome): string {
  return `${formatCount(operations)} operations in ${(timing.wallMs / 1000).toFixed(2)} s`;
}
