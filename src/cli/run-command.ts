import { Command } from 'commander';
import type { Finding } from '../../workloads/index.js';
import type { SlabOwners } from '../analysis/index.js';
import { formatCount, InputError, InterruptedError } from '../base/index.js';
import type { Engine, Snapshot } from '../engine/index.js';
import { openEngine } from '../engine/node.js';
import { DEFAULT_VERSION, findServer, OTHER_SERVER } from '../model/index.js';
import { EXTENSION, type Frame, packFrame } from '../recording/index.js';
import { RecordingFile } from '../recording/node.js';
import { gapLines, runReport } from '../report/index.js';
import {
  contentsByClass,
  joinedConf,
  type PhaseCopies,
  programBuild,
  programConf,
  programNotes,
  type RunOutcome,
  type RunResult,
  type RunSource,
  run,
  runHeader,
} from '../run/index.js';
import { openStream, type StreamPlan } from '../run/node.js';
import { STDIN } from '../stream/node.js';
import { abortOnSignals, exitCodeAfter, type Interruption } from './abort-on-signals.js';
import { accountsOf, requireModel, traceAccountsOf } from './accounts-options.js';
import type { CommandResult, ExitCode } from './command-result.js';
import { exitCodeOf } from './exit.js';
import { addExamples } from './help.js';
import { printMessage } from './output.js';
import { joinedErrors, Outputs } from './outputs.js';
import { progressBar } from './progress.js';
import { ResultFile, withLock } from './result-file.js';
import { addRunOptions, type RunCommandOptions } from './run-options.js';
import { RunWatch } from './run-watch.js';
import { SavedOperations } from './saved-operations.js';
import { knownBuild, parseSubject, streamPlanOf, withFileError } from './subject-argument.js';
import { aboutOption } from './system-errors.js';
import { adviceLine } from './whatif-means.js';

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
      'Workload (see `slablab workloads`) or file: file.resp, file.aof, appendonlydir/, dump.rdb, monitor.log, file.ops, - (stdin); .gz too',
    );
  return addExamples(addRunOptions(command), EXAMPLES, NOTES).action(
    async (input: string, options: RunCommandOptions) => {
      const interruption = abortOnSignals();
      try {
        const { result, watch } = await runInput(input, options, interruption);
        show(result, options);
        interruption.stop();
        await (interruption.signal.aborted ? watch?.abandon() : watch?.serveUntilSignal());
      } finally {
        interruption.stop();
      }
    },
  );
}

const NOTES =
  'Ctrl-C ends a run with what it has measured so far, and a phase `interrupted` for the moment of its end. A second ' +
  'Ctrl-C ends the command at once. Exit code: 0 on success, 1 if a ledger did not reconcile or a command could not be carried out, 2 for bad usage or input ' +
  'or an output that could not be written, 130 after Ctrl-C.';

interface WatchedResult {
  readonly result: CommandResult;
  readonly watch: RunWatch | undefined;
}

async function runInput(
  input: string,
  options: RunCommandOptions,
  interruption: Interruption,
): Promise<WatchedResult> {
  const subject = await parseSubject(input, options, { '--save-ops': options.saveOps });
  const plan = streamPlanOf(subject, options);
  const program = plan.subject.kind === 'ops' ? plan.subject.program : undefined;
  const ofServer = accountsOf(options);
  const trace = program === undefined || options.types === true ? undefined : traceAccountsOf(options);
  const accounts = trace ?? ofServer;
  const source = await withFileError(input, () => openStream(plan, { accounts: ofServer, trace }));
  try {
    if (accounts !== undefined && trace === undefined) requireModel(input, source, options);
    const build = chooseBuild(source, options);
    const { out, saveOps } = options;
    const conf = program === undefined ? {} : { conf: joinedConf(programConf(program), options.conf ?? '') };
    const replayed = { ...options, ...conf, settings: plan.settings };
    const runTo = (file: ResultFile | undefined) =>
      runOn(build, { input, source, accounts, file, interruption }, replayed);
    const runToOut = () =>
      out === undefined
        ? runTo(undefined)
        : ResultFile.use(out, `${source.metadata.workload}-${build}`, runTo);
    return await (saveOps === undefined ? runToOut() : withLock('--save-ops', saveOps, runToOut));
  } finally {
    await source.close();
  }
}

type ReplayOptions = RunCommandOptions & Pick<StreamPlan, 'settings'>;

/** The means of a run, beside its options. */
interface RunMeans {
  readonly input: string;
  readonly source: RunSource;
  readonly accounts: PhaseCopies | undefined;
  readonly file: ResultFile | undefined;
  readonly interruption: Interruption;
}

async function runOn(build: string, means: RunMeans, options: ReplayOptions): Promise<WatchedResult> {
  const { conf = '', hooks, runtime, worker = false, regions = false } = options;
  const engine = await openEngine({ build, conf, hooks, runtime, worker, regions });
  let watch: RunWatch | undefined;
  try {
    if (options.watch) watch = await RunWatch.open(means.input, options);
    return { result: await replay(engine, means, watch, options), watch };
  } catch (error) {
    await watch?.abandon();
    throw error;
  } finally {
    await engine.close();
  }
}

function chooseBuild({ metadata }: RunSource, options: RunCommandOptions): string {
  if (options.worker && options.runtime !== 'wasm') {
    throw new InputError(
      `--worker with --runtime ${options.runtime}: only wasm runs in a worker thread; remove one of the two`,
    );
  }
  const server = findServer(metadata.server) ?? DEFAULT_VERSION;
  const { program } = metadata;
  const byDefault = program === undefined ? server.defaultBuild : programBuild(program);
  return knownBuild(options.build ?? byDefault);
}

async function replay(
  engine: Engine,
  means: RunMeans,
  watch: RunWatch | undefined,
  options: ReplayOptions,
): Promise<CommandResult> {
  const { input, source, accounts, file, interruption } = means;
  const { conf = '', hooks, sweepEvery = 0, saveOps, rest, settings } = options;
  const quiet = options.quiet ?? false;
  const saveTo =
    saveOps === undefined
      ? undefined
      : await aboutOption('--save-ops', () => SavedOperations.create(saveOps, source));
  const progress = await progressBar(!quiet, source);
  const recording = file === undefined ? undefined : await createRecording(file, source, engine, options);
  await watch?.begin(runHeader(source, engine, { conf, hooks, settings }), engine.info);
  const recorders = [recording, watch].filter((recorder) => recorder !== undefined);
  const record = (frame: Frame) => {
    if (recorders.length === 0) return undefined;
    const packing = packFrame(frame);
    return Promise.all(recorders.map((recorder) => recorder.packedFrame(packing)));
  };
  const maps = new Map<string, Snapshot>();
  let lastOwners: SlabOwners | null = null;
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
      beforeStep: () => interruption.check(),
      onSnapshot: (phase, snapshot, owners) => {
        maps.set(phase, snapshot);
        lastOwners = owners;
        return record({ phase, snapshot, owners });
      },
      onExtraSweep: (phase, snapshot) => record({ phase, snapshot, owners: null }),
      saveTo,
    });
  } catch (error) {
    await recording?.abandon();
    await saveTo?.abandon();
    throw error;
  } finally {
    progress.stop();
  }
  const { result, failure } = outcome;
  const outputs = new Outputs();
  const { program } = source.metadata;
  outputs.messages.push(speedOf(outcome), ...(source.notes?.() ?? []));
  if (program !== undefined) {
    const recorded = source.recorded?.();
    const known = recorded === undefined ? program : { ...program, recorded };
    outputs.messages.push(...programNotes(input, known, engine.info.build));
  }
  outputs.messages.push(...gapLines(result.gaps));
  if (saveTo !== undefined) {
    if (failure === null) await outputs.write('operations', () => saveTo.finish());
    else {
      await saveTo.abandon();
      outputs.messages.push(`${saveOps} was not written: the run ended early`);
    }
  }
  const findings = failure === null ? await findingsOf(means, result, outputs, options) : undefined;
  const complete: RunResult = findings === undefined ? result : { ...result, findings };
  await watch?.finish(complete);
  if (file !== undefined) {
    const replaced = await file.messageOnReplaced(complete);
    if (replaced !== undefined) outputs.messages.push(replaced);
    await outputs.write('result', () => file.write(complete));
  }
  if (recording !== undefined) {
    await outputs.write('recording', async () => {
      await recording.finish(complete);
      return recording.path;
    });
  }
  const error = joinedErrors([...endOf(outcome), ...outputs.errors]);
  const contents = contentsByClass(source.contents, engine.info);
  return {
    json: complete,
    text: (terminal) =>
      runReport(
        {
          result: complete,
          info: engine.info,
          contents,
          maps,
          owners: lastOwners,
          view: { order: options.ownersSort, hasAges: options.ownersAges },
          advice: source.isModelled && input !== STDIN ? adviceLine(input, options) : undefined,
        },
        terminal,
      ),
    exitCode: exitCodeAfterRun(outcome, interruption, outputs),
    messages: outputs.messages,
    ...(error === undefined ? {} : { error }),
  };
}

/** Returns the error that ended a run early, if one did; an interruption with what was kept. */
function endOf({ failure, operations }: RunOutcome): Error[] {
  if (failure === null || !(failure instanceof InterruptedError)) return failure === null ? [] : [failure];
  const kept = 'the phases before that and the state then, as `interrupted`, are kept';
  const after = ` after ${formatCount(operations)} operations: ${kept}; the same command runs all of it`;
  return [new InterruptedError(failure.signalName, after)];
}

function exitCodeAfterRun(
  { failure, result }: RunOutcome,
  { signalName }: Interruption,
  { errors }: Outputs,
): ExitCode {
  const name = signalName();
  if (failure !== null) return exitCodeOf(failure);
  if (name !== undefined) return exitCodeAfter(name);
  if (errors.length > 0) return 2;
  return result.gaps === undefined ? 0 : 1;
}

/** Returns the workload's findings, which may need further runs on engines of the same configuration. */
async function findingsOf(
  { source, interruption }: RunMeans,
  { build, phases }: RunResult,
  { messages }: Outputs,
  { conf = '', hooks, runtime, quiet = false }: RunCommandOptions,
): Promise<readonly Finding[] | undefined> {
  const findings = source.findings?.(phases, async (variant, meaning) => {
    if (!quiet) printMessage(`for comparison: ${meaning}`);
    const engine = await openEngine({ build, conf, hooks, runtime });
    try {
      const beforeStep = () => interruption.check();
      const { result, failure } = await run(variant, engine, { conf, hooks, sweepEvery: 0, beforeStep });
      if (failure !== null) throw failure;
      return result.phases;
    } finally {
      await engine.close();
    }
  });
  try {
    return await findings;
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    messages.push(`${error.message}: the run is whole, its findings are left out`);
    return undefined;
  }
}

function createRecording(
  file: ResultFile,
  source: RunSource,
  engine: Engine,
  { conf = '', hooks, settings }: RunCommandOptions & Pick<StreamPlan, 'settings'>,
): Promise<RecordingFile> {
  const path = file.pathOf(EXTENSION);
  const about = runHeader(source, engine, { conf, hooks, settings });
  return RecordingFile.create(path, about, engine.info);
}

function speedOf({ operations, result: { timing } }: RunOutcome): string {
  return `${formatCount(operations)} operations in ${(timing.wallMs / 1000).toFixed(2)} s`;
}
