import {
  type Content,
  compareWithKnown,
  type Finding,
  type KnownComparison,
  type ParameterValues,
  type PhaseFigures,
  type Workload,
  type WorkloadContext,
} from '../../workloads/index.js';
import { takeCensus } from '../analysis/index.js';
import { InputError, unknownName } from '../base/index.js';
import { type Command, type CommandBatch, CommandLog } from '../commands/index.js';
import type { AllocatorView, BuildInfo } from '../engine/index.js';
import type { InputKind } from '../input/index.js';
import {
  commandTable,
  DEFAULT_SERVER,
  findServer,
  foreignStartUpBytes,
  type Gaps,
  RedisServer,
  SERVERS,
  type ServerSettings,
  type ServerVersion,
  startWith,
} from '../model/index.js';
import {
  Kind,
  type OpChunk,
  type OpsFileReader,
  type OpsMetadata,
  type OpsNames,
  OpWriter,
  type RecordedCounts,
} from '../stream/index.js';
import { CohortMark } from './cohort-mark.js';
import { observePhase, observeStart } from './observer.js';
import type { RunAccounts } from './run-accounts.js';
import { type Censuses, findingsOf, type RunAnother } from './run-variants.js';
import type { TraceAccounts } from './trace-accounts.js';

/** A source of a run's operations: a workload, commands, or a saved stream. */
export interface RunSource {
  readonly metadata: OpsMetadata;
  /** Kinds of region that a verdict may name; empty if unknown. */
  readonly contents: readonly Content[];
  /**
   * Continues the modelled server without commands, after the stream has ended. Undefined unless its active
   * defragmentation is on, without which time changes nothing but decay.
   */
  rest?(ms: number): Iterable<OpChunk> | undefined;
  /** Number of operations for a progress bar; undefined if it cannot be estimated. */
  readonly estimatedOperations: number | undefined;
  /** Whether the run adds a phase `end`, because the stream may continue after its last sweep. */
  readonly hasEndPhase: boolean;
  /** The kind of the file that the operations come from, if it is one of commands or a data set. */
  readonly inputKind?: InputKind | undefined;
  /** Returns a sentence on the server that the input was modelled as, and why. Absent if no file names one. */
  serverNote?(): string;
  /** Whether a server model produces the operations. It depends on the AllocatorView of a build only. */
  readonly isModelled: boolean;
  /** Produces the stream. Can be called once. The caller owns the chunks. */
  open(build: BuildInfo): Iterable<OpChunk> | AsyncIterable<OpChunk>;
  /** Returns the live bytes that do not count as used_memory, which other libraries allocate. Undefined: none. */
  foreignBytes?(build: AllocatorView): number;
  /** Returns the number of commands completed at a position. Positions must not decrease from call to call. */
  commandsUpTo(position: number): number;
  /** Compares the phases with published figures; undefined if there are none for this run. */
  known?(phases: readonly PhaseFigures[]): readonly KnownComparison[] | undefined;
  /** Runs the variants of the workload's study, and returns its findings. Absent if it has no study. */
  findings?(phases: readonly PhaseFigures[], runAnother: RunAnother): Promise<readonly Finding[]>;
  /** Returns the progress in a file, for a progress bar. */
  bytes?(): { readonly read: number; readonly total: number };
  /** Returns the counts of a recording, once its stream has been opened. */
  recorded?(): RecordedCounts | undefined;
  /** Returns the commands that could not be carried out, after the run. Absent if no server model is there. */
  gaps?(): Gaps | undefined;
  /** Returns remarks on the input after the run, in sentences. */
  notes?(): readonly string[];
  close(): Promise<void>;
}

/** Phases that follow an input on the same server. */
export interface Continuation {
  /** Their names, in order. */
  readonly phases: readonly string[];
  /** Continues the stream, and calls `survey` at the end of each phase, in order. */
  readonly run: (server: RedisServer, writer: OpWriter, survey: () => void) => Generator<OpChunk, void>;
}

/** The place at which an input is cut off: the end of a phase, a virtual time, or a number of commands. */
export type Cut = { readonly phase: string } | { readonly timeMs: number } | { readonly commands: number };

export interface WorkloadSourceOptions {
  /** Runs as `verify` does: with an idle phase, an observer, and this rest before each survey. */
  readonly restMs?: number;
  /** Settings of the server, by the names of CONFIG SET. */
  readonly settings?: ServerSettings['settings'];
  /** Accounts of the run, but not of the variants of its study. */
  readonly accounts?: RunAccounts | undefined;
  /** Phases after the workload's last one, or after the one at which `cut` ends it. */
  readonly continuation?: Continuation | undefined;
  readonly cut?: { readonly phase: string } | undefined;
  /** The phase at whose end the cohort is marked, in place of the workload's own marks. */
  readonly mark?: { readonly phase: string } | undefined;
}

/** Returns a source that runs a workload. */
export function workloadSource(
  workload: Workload,
  parameters: ParameterValues,
  serverName = DEFAULT_SERVER,
  { restMs, settings = [], accounts, continuation, cut, mark }: WorkloadSourceOptions = {},
): RunSource {
  const { study } = workload;
  if (continuation !== undefined) {
    return plainSource(workload, parameters, serverName, { settings, accounts, continuation, cut, mark });
  }
  if (restMs !== undefined) return plainSource(workload, parameters, serverName, { restMs, settings });
  if (study === undefined) return plainSource(workload, parameters, serverName, { settings, accounts, mark });
  const sourceOf = (values: ParameterValues, census: Censuses, ofMain = {}) =>
    plainSource(workload, values, serverName, { census, settings, mark, ...ofMain });
  const census: Censuses = new Map();
  return {
    ...sourceOf(parameters, census, { accounts }),
    findings: (phases, runAnother) =>
      findingsOf(study, parameters, { phases, census }, (values, of) => sourceOf(values, of), runAnother),
  };
}

/** Returns a source that runs a workload without a study. Censuses of its phases are kept in `census`. */
function plainSource(
  workload: Workload,
  parameters: ParameterValues,
  serverName: string,
  {
    restMs,
    settings = [],
    accounts,
    census,
    continuation,
    cut,
    mark,
  }: WorkloadSourceOptions & { readonly census?: Censuses },
): RunSource {
  workload.check(parameters);
  const server = serverVersion(serverName);
  const log = new CommandLog();
  const idle = restMs === undefined ? [] : ['idle'];
  const known = workload.known(parameters);
  let gaps: Gaps | undefined;
  let started: RedisServer | undefined;
  const prefixes = workload.study?.prefixes ?? [];
  const own = [...workload.phases.map((phase) => phase.name), ...idle];
  return {
    metadata: {
      workload: workload.name,
      server: server.name,
      parameters,
      phases: [...own, ...(continuation?.phases ?? [])],
    },
    contents: workload.contents(parameters, server),
    isModelled: workload.traffic !== undefined,
    estimatedOperations: workload.estimateOperations(parameters),
    hasEndPhase: false,
    open: (build) => {
      let marking: OpWriter | undefined;
      const endPhase = (phase: string, redis: RedisServer, survey: () => void) => {
        if (mark?.phase === phase) marking?.mark();
        if (restMs === undefined) survey();
        else observePhase(redis, restMs, survey);
        census?.set(phase, takeCensus(redis, prefixes));
        accounts?.copyAt(phase, redis);
      };
      const prepare = (redis: RedisServer, writer: OpWriter) => {
        gaps = redis.gaps;
        started = redis;
        marking = writer;
        startWith(redis.settings, settings);
      };
      const context = {
        server,
        build,
        log,
        prepare,
        endPhase,
        hasMarks: mark === undefined,
        memoryAccounts: accounts?.memoryAccounts,
      };
      if (continuation !== undefined) {
        const first = own.length;
        return continued((more) => workload.operations(parameters, { ...context, ...more }), context, {
          continuation,
          first,
          cut,
        });
      }
      if (restMs === undefined) return workload.operations(parameters, context);
      return workload.operations(parameters, {
        ...context,
        startsAtMs: -restMs,
        prepare: (redis, writer) => {
          prepare(redis, writer);
          observeStart(redis, restMs, () => writer.sweep(workload.phases.length));
        },
      });
    },
    ...(workload.traffic === undefined ? {} : { foreignBytes: foreignBytesOf(server) }),
    gaps: () => gaps,
    rest: (ms) => restOf(started, ms),
    commandsUpTo: (position) => log.countUpTo(position),
    known: (phases) => (known.length === 0 ? undefined : compareWithKnown(known, phases)),
    close: async () => {},
  };
}

/** Ends a workload before its end. */
class WorkloadIsCut extends Error {}

type WorkloadHooks = Required<Pick<WorkloadContext, 'prepare' | 'endPhase'>>;

/** Runs a workload, up to the end of a phase if it is cut there, and what follows on its server. */
function* continued(
  operations: (hooks: WorkloadHooks) => Iterable<OpChunk>,
  { prepare, endPhase }: WorkloadHooks,
  {
    continuation,
    first,
    cut,
  }: { readonly continuation: Continuation; readonly first: number; readonly cut?: Cut | undefined },
): Generator<OpChunk, void> {
  let made: { readonly redis: RedisServer; readonly writer: OpWriter } | undefined;
  const hooks: WorkloadHooks = {
    prepare: (redis, writer) => {
      made = { redis, writer };
      prepare(redis, writer);
    },
    endPhase: (phase, redis, survey) => {
      endPhase(phase, redis, survey);
      if (cut !== undefined && 'phase' in cut && cut.phase === phase) throw new WorkloadIsCut();
    },
  };
  try {
    yield* operations(hooks);
  } catch (error) {
    if (!(error instanceof WorkloadIsCut)) throw error;
  }
  if (made === undefined) throw new Error('a workload ran without a server');
  yield* further(made.redis, made.writer, continuation, first);
}

/** Continues a stream with further phases, of which the first has the number `first`. */
function* further(
  server: RedisServer,
  writer: OpWriter,
  { run }: Continuation,
  first: number,
): Generator<OpChunk, void> {
  let number = first;
  yield* run(server, writer, () => writer.sweep(number++));
  yield* writer.takeAll();
}

/** Returns a source that replays a saved stream. Closing it closes the reader. */
export function opsSource(reader: OpsFileReader, accounts?: TraceAccounts): RunSource {
  const { metadata } = reader;
  let endsWithSweep = false;
  let names: OpsNames = { owners: [] };
  async function* chunks(build: BuildInfo): AsyncGenerator<OpChunk, void> {
    if (metadata.program !== undefined) names = await namesOf(reader);
    accounts?.begin(names, build);
    try {
      for await (const chunk of reader.chunks()) {
        endsWithSweep = (chunk.what[chunk.length - 1]! & 0xff) === Kind.sweep;
        accounts?.follow(chunk, metadata.phases);
        yield chunk;
      }
    } catch (error) {
      endsWithSweep = false;
      accounts?.copyAt('incomplete');
      throw error;
    }
    accounts?.copyAt('end');
  }
  return {
    metadata,
    contents: [],
    isModelled: false,
    estimatedOperations: undefined,
    /** The stream of a recorded program ends with a sweep of its own. */
    get hasEndPhase() {
      return metadata.program === undefined || !endsWithSweep;
    },
    open: chunks,
    recorded: () => names.recorded ?? metadata.program?.recorded,
    notes: () => accounts?.notes() ?? [],
    commandsUpTo: () => 0,
    close: () => reader.close(),
  };
}

/** Returns the names of a file that may be cut short; its chunks then say where. */
async function namesOf(reader: OpsFileReader): Promise<OpsNames> {
  try {
    return await reader.names();
  } catch (error) {
    if (error instanceof InputError) return { owners: [] };
    throw error;
  }
}

/** The use of scripts by the commands of a run. */
export interface ScriptUse {
  /** Number of calls, by name of the command. */
  readonly calls: ReadonlyMap<string, number>;
  /** Bytes of the cached sources. */
  readonly sourceBytes: number;
}

/** A stream of commands, and the modelled server that executes it. */
export interface CommandInput {
  /** Name of the commands' origin, for the result. */
  readonly name: string;
  readonly server?: string;
  readonly isCluster?: boolean;
  /** Settings of the server, by the names of CONFIG SET. */
  readonly settings?: readonly (readonly [name: string, value: string])[];
  readonly isPipelined?: boolean;
  /** Milliseconds since 1970 at virtual time 0, for absolute expiry times. */
  readonly epochMs?: (number | (() => number)) | undefined;
  /** Virtual milliseconds to continue before the idle survey and after the last command, in which the server's cron runs. */
  readonly settleMs?: number;
  /** Whether a first phase `idle` surveys the server with its first client, before any command. */
  readonly hasIdlePhase?: boolean;
  /** Whether a second client reads figures first, as `verify` does on a real server. */
  readonly isObserved?: boolean;
  /** Seed of the server's own random choices. */
  readonly seed?: number | undefined;
  /** The place at which the cohort is marked. */
  readonly mark?: Cut | undefined;
  /** Loads, in steps, a data set that the server has before its first client. */
  readonly load?: (server: RedisServer, mark: CohortMark | undefined) => Iterable<void>;
  /** Returns the commands. Called once, when the run starts. */
  readonly commands: () => Iterable<Command | CommandBatch>;
  readonly accounts?: RunAccounts | undefined;
  /** Phases after the one that ends with the last command. */
  readonly continuation?: Continuation | undefined;
  /** The name of the phase that ends with the last command, before a continuation. */
  readonly endPhase?: string;
  /** The virtual time at which the last phase ends, if it is after the last command. */
  readonly endsAtMs?: number | undefined;
  /** Returns the place of the current command in its input, for the report of one that cannot be carried out. */
  readonly placeOf?: ((command: Command) => string) | undefined;
  /** Called at the end of the run with the use of scripts. */
  readonly onScripts?: (scripts: ScriptUse) => void;
  /** Called at the end of the run with the number of calls of each command that is not modelled. */
  readonly onUnknown?: (counts: ReadonlyMap<string, number>) => void;
  /** Called at the end of the run with the number of comparisons that lengths decided, by the command's name. */
  readonly onComparisons?: (counts: ReadonlyMap<string, number>) => void;
}

/** Returns a source that runs any stream of commands on a modelled server. */
export function commandSource(input: CommandInput): RunSource {
  const version = serverVersion(input.server ?? DEFAULT_SERVER);
  const log = new CommandLog();
  let gaps: Gaps | undefined;
  let started: RedisServer | undefined;
  const onServer = (server: RedisServer) => {
    gaps = server.gaps;
    started = server;
    server.gaps.placeOf = input.placeOf;
  };
  return {
    metadata: {
      workload: input.name,
      server: version.name,
      parameters: {},
      phases: [
        ...(input.hasIdlePhase === true ? ['idle'] : []),
        ...(input.continuation === undefined ? [] : [endPhaseOf(input), ...input.continuation.phases]),
      ],
    },
    contents: [],
    isModelled: true,
    estimatedOperations: undefined,
    hasEndPhase: input.continuation === undefined,
    open: (build) => commandOperations(input, version, build, log, onServer),
    gaps: () => gaps,
    rest: (ms) => restOf(started, ms),
    foreignBytes: foreignBytesOf(version),
    commandsUpTo: (position) => log.countUpTo(position),
    close: async () => {},
  };
}

function* commandOperations(
  input: CommandInput,
  version: ServerVersion,
  build: AllocatorView,
  log: CommandLog,
  onServer: (server: RedisServer) => void,
): Generator<OpChunk, void> {
  const {
    isCluster = false,
    isPipelined = true,
    epochMs,
    settleMs = 0,
    settings = [],
    seed,
    onUnknown,
    load,
    accounts,
  } = input;
  const writer = new OpWriter();
  const server = new RedisServer(writer, {
    version,
    sizeClasses: build.sizeClasses,
    commands: commandTable(version),
    log,
    isCluster,
    isPipelined,
    isSystemAllocator: servesWholeProcess(build),
    startsAtMs: input.isObserved === true && load === undefined ? -settleMs : 0,
    epochMs: typeof epochMs === 'function' ? epochMs() : epochMs,
    seed,
    accounts: accounts?.memoryAccounts,
  });
  onServer(server);
  startWith(server.settings, settings);
  const mark = input.mark === undefined ? undefined : new CohortMark(input.mark, log, () => writer.mark());
  const sweepIdle = () => {
    if (input.hasIdlePhase !== true) return;
    writer.sweep(0);
    accounts?.copyAt('idle', server);
  };
  try {
    if (load !== undefined) yield* server.load(load(server, mark));
    if (input.isObserved === true) observeStart(server, settleMs, sweepIdle);
    else {
      if (input.hasIdlePhase === true) server.connect(0);
      sweepIdle();
    }
    yield* server.run(mark?.before(input.commands()) ?? input.commands());
    if (settleMs > 0) server.advanceTo(server.nowMs + settleMs);
    if (input.endsAtMs !== undefined && input.endsAtMs > server.nowMs) server.advanceTo(input.endsAtMs);
    mark?.finish();
    accounts?.copyAt(endPhaseOf(input), server, input.continuation === undefined);
    if (input.continuation !== undefined) {
      const end = input.hasIdlePhase === true ? 1 : 0;
      writer.sweep(end);
      yield* further(server, writer, input.continuation, end + 1);
    }
  } catch (error) {
    // The operations before the invalid part of the input are still replayed.
    if (error instanceof InputError) {
      accounts?.copyAt('incomplete', server, true);
      yield* writer.takeAll();
    }
    throw error;
  } finally {
    onUnknown?.(server.unknown.counts);
    input.onComparisons?.(server.unknown.comparisons);
    input.onScripts?.(server.scripts);
  }
  yield* writer.takeAll();
}

function endPhaseOf({ endPhase = 'end' }: CommandInput): string {
  return endPhase;
}

function restOf(server: RedisServer | undefined, ms: number): Iterable<OpChunk> | undefined {
  return server?.settings.activeDefrag === true ? server.idle(ms) : undefined;
}

/** Whether jemalloc serves the whole process. It then needs a quantum of 16, which the C ABI requires of malloc. */
export function servesWholeProcess({ quantum }: AllocatorView): boolean {
  return quantum === 16;
}

function foreignBytesOf(version: ServerVersion): (build: AllocatorView) => number {
  return (build) => (servesWholeProcess(build) ? foreignStartUpBytes(version, build.sizeClasses) : 0);
}

/** Returns a server version by name. Throws an InputError that suggests the nearest name if there is none. */
export function serverVersion(name: string): ServerVersion {
  const server = findServer(name);
  if (server !== undefined) return server;
  const known = SERVERS.map((version) => version.name);
  throw unknownName('a server version', name, known);
}
