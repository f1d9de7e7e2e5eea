import {
  type Content,
  compareWithKnown,
  type Finding,
  type KnownComparison,
  type ParameterValues,
  type PhaseFigures,
  type Workload,
} from '../../workloads/index.js';
import { takeCensus } from '../analysis/index.js';
import { InputError, unknownName } from '../base/index.js';
import { type Command, type CommandBatch, CommandLog } from '../commands/index.js';
import type { AllocatorView, BuildInfo } from '../engine/index.js';
import {
  commandTable,
  DEFAULT_SERVER,
  findServer,
  foreignStartUpBytes,
  RedisServer,
  SERVERS,
  type ServerSettings,
  type ServerVersion,
  setSetting,
} from '../model/index.js';
import { type OpChunk, type OpsFileReader, type OpsMetadata, OpWriter } from '../stream/index.js';
import type { Accounts } from './accounts.js';
import { OBSERVED_REST_MS, observePhase, observeStart } from './observer.js';
import { type Censuses, findingsOf, type RunAnother } from './study.js';

/** Where a run's operations come from: a workload, or a file that one was saved to. */
export interface RunSource {
  readonly metadata: OpsMetadata;
  /** Kinds of region a verdict may name; empty when nobody knows. */
  readonly contents: readonly Content[];
  /** For a progress bar; undefined when it cannot be told. */
  readonly estimatedOperations: number | undefined;
  /** Whether the run ends with a phase `end` of its own, because the last sweep need not be the stream's end. */
  readonly hasEndPhase: boolean;
  /** Whether a server's model makes the operations, which sees of a build only its usable sizes (AllocatorView). */
  readonly isModelled: boolean;
  /** Can be called once. Chunks are the caller's, who may hand them on. */
  open(build: BuildInfo): Iterable<OpChunk> | AsyncIterable<OpChunk>;
  /** Live bytes that are no part of used_memory, where others allocate from the same allocator; undefined: none. */
  foreignBytes?(build: AllocatorView): number;
  /** Commands complete at a position; positions must not go back from call to call. */
  commandsUpTo(position: number): number;
  /** What was published of this very run, beside what it measured; undefined where nothing was. */
  known?(phases: readonly PhaseFigures[]): readonly KnownComparison[] | undefined;
  /** What the workload has to say of this run beside others of its own; undefined where it has nothing. */
  findings?(phases: readonly PhaseFigures[], runAnother: RunAnother): Promise<readonly Finding[]>;
  /** Of a file, for a progress bar. */
  bytes?(): { readonly read: number; readonly total: number };
  /** What is to be said of it after the run, in sentences. */
  notes?(): readonly string[];
  close(): Promise<void>;
}

export interface WorkloadSourceOptions {
  /** The run is as `verify` has it: an idle phase, an observer, and this rest before each phase is surveyed. */
  readonly restMs?: number;
  /** What the server is configured with, by the names of CONFIG SET. */
  readonly settings?: ServerSettings['settings'];
  /** To keep of the run; its variants have none. */
  readonly accounts?: Accounts | undefined;
}

export function workloadSource(
  workload: Workload,
  parameters: ParameterValues,
  serverName = DEFAULT_SERVER,
  { restMs, settings = [], accounts }: WorkloadSourceOptions = {},
): RunSource {
  const { study } = workload;
  if (restMs !== undefined) return plainSource(workload, parameters, serverName, { restMs, settings });
  if (study === undefined) return plainSource(workload, parameters, serverName, { settings, accounts });
  const sourceOf = (values: ParameterValues, census: Censuses, ofMain = {}) =>
    plainSource(workload, values, serverName, { census, settings, ...ofMain });
  const census: Censuses = new Map();
  return {
    ...sourceOf(parameters, census, { accounts }),
    findings: (phases, runAnother) =>
      findingsOf(study, parameters, { phases, census }, (values, of) => sourceOf(values, of), runAnother),
  };
}

function plainSource(
  workload: Workload,
  parameters: ParameterValues,
  serverName: string,
  { restMs, settings = [], accounts, census }: WorkloadSourceOptions & { readonly census?: Censuses },
): RunSource {
  workload.check(parameters);
  const server = serverVersion(serverName);
  const log = new CommandLog();
  const idle = restMs === undefined ? [] : ['idle'];
  const known = workload.known(parameters);
  const prefixes = workload.study?.prefixes ?? [];
  return {
    metadata: {
      workload: workload.name,
      server: server.name,
      parameters,
      phases: [...workload.phases.map((phase) => phase.name), ...idle],
    },
    contents: workload.contents(parameters, server),
    isModelled: workload.traffic !== undefined,
    estimatedOperations: workload.estimateOperations(parameters),
    hasEndPhase: false,
    open: (build) => {
      const endPhase = (phase: string, redis: RedisServer, survey: () => void) => {
        if (restMs === undefined) survey();
        else observePhase(redis, restMs, survey);
        census?.set(phase, takeCensus(redis, prefixes));
        accounts?.note(phase);
      };
      const prepare = (redis: RedisServer) => configure(redis, settings);
      const context = { server, build, log, prepare, endPhase, holdings: accounts?.holdings };
      if (restMs === undefined) return workload.operations(parameters, context);
      return workload.operations(parameters, {
        ...context,
        startsAtMs: -OBSERVED_REST_MS,
        prepare: (redis, writer) => {
          prepare(redis);
          observeStart(redis, () => writer.sweep(workload.phases.length));
        },
      });
    },
    ...(workload.traffic === undefined ? {} : { foreignBytes }),
    commandsUpTo: (position) => log.countUpTo(position),
    known: (phases) => (known.length === 0 ? undefined : compareWithKnown(known, phases)),
    close: async () => {},
  };
}

export function opsSource(reader: OpsFileReader): RunSource {
  return {
    metadata: reader.metadata,
    contents: [],
    isModelled: false,
    estimatedOperations: undefined,
    hasEndPhase: true,
    open: () => reader.chunks(),
    commandsUpTo: () => 0,
    close: () => reader.close(),
  };
}

/** What the commands did with scripts. */
export interface ScriptUse {
  /** By the name of the command. */
  readonly calls: ReadonlyMap<string, number>;
  readonly sourceBytes: number;
}

/** Commands from anywhere: what carries them out, and where they come from. */
export interface CommandInput {
  /** For the result: what the commands are of. */
  readonly name: string;
  readonly server?: string;
  readonly isCluster?: boolean;
  /** What the server is configured with, by the names of CONFIG SET. */
  readonly settings?: readonly (readonly [name: string, value: string])[];
  readonly isPipelined?: boolean;
  /** What virtual time 0 is in milliseconds since 1970; absolute expiry times count from there. */
  readonly epochMs?: (number | (() => number)) | undefined;
  /** Virtual milliseconds to let go by after the last command, for cron to tidy up in. */
  readonly settleMs?: number;
  /** Whether a first phase `idle` shows the server with its first client, before any command. */
  readonly hasIdlePhase?: boolean;
  /** Whether a second client asks for figures before, as `verify` does on a real server. */
  readonly isObserved?: boolean;
  /** Of the server's own chance. */
  readonly seed?: number | undefined;
  /** A data set that the server has before its first client: makes it in steps. */
  readonly load?: (server: RedisServer) => Iterable<void>;
  /** Called once, when the run starts. */
  readonly commands: () => Iterable<Command | CommandBatch>;
  readonly accounts?: Accounts | undefined;
  /** Told at the end how often scripts were called, and how many bytes of them are cached. */
  readonly onScripts?: (scripts: ScriptUse) => void;
  /** Told at the end which commands the model did not know, each with its count. */
  readonly onUnknown?: (counts: ReadonlyMap<string, number>) => void;
}

/** A run of any stream of commands on a modelled server. */
export function commandSource(input: CommandInput): RunSource {
  const version = serverVersion(input.server ?? DEFAULT_SERVER);
  const log = new CommandLog();
  return {
    metadata: {
      workload: input.name,
      server: version.name,
      parameters: {},
      phases: input.hasIdlePhase === true ? ['idle'] : [],
    },
    contents: [],
    isModelled: true,
    estimatedOperations: undefined,
    hasEndPhase: true,
    open: (build) => commandOperations(input, version, build, log),
    foreignBytes,
    commandsUpTo: (position) => log.countUpTo(position),
    close: async () => {},
  };
}

function* commandOperations(
  input: CommandInput,
  version: ServerVersion,
  build: AllocatorView,
  log: CommandLog,
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
    startsAtMs: input.isObserved === true && load === undefined ? -OBSERVED_REST_MS : 0,
    epochMs: typeof epochMs === 'function' ? epochMs() : epochMs,
    seed,
    accounts: accounts?.holdings,
  });
  configure(server, settings);
  const sweepIdle = () => {
    if (input.hasIdlePhase !== true) return;
    writer.sweep(0);
    accounts?.note('idle');
  };
  try {
    if (load !== undefined) yield* server.load(load(server));
    if (input.isObserved === true) observeStart(server, sweepIdle);
    else {
      if (input.hasIdlePhase === true) server.connect(0);
      sweepIdle();
    }
    yield* server.run(input.commands());
    if (settleMs > 0) server.advanceTo(server.nowMs + settleMs);
    accounts?.note('end', true);
  } catch (error) {
    // What came before the place where the input cannot be used is still to be replayed.
    if (error instanceof InputError) {
      accounts?.note('incomplete', true);
      yield* writer.takeAll();
    }
    throw error;
  } finally {
    onUnknown?.(server.unknown.counts);
    input.onScripts?.(server.scripts);
  }
  yield* writer.takeAll();
}

/** As a configuration file would, before the first client. The caller has checked names and values. */
function configure(server: RedisServer, settings: ServerSettings['settings']): void {
  for (const [name, value] of settings) setSetting(server.settings, name, value);
}

// A quantum of 16 is the C ABI's, which a jemalloc that serves a whole process has to keep.
function servesWholeProcess({ quantum }: AllocatorView): boolean {
  return quantum === 16;
}

function foreignBytes(build: AllocatorView): number {
  return servesWholeProcess(build) ? foreignStartUpBytes(build.sizeClasses) : 0;
}

export function serverVersion(name: string): ServerVersion {
  const server = findServer(name);
  if (server !== undefined) return server;
  const known = SERVERS.map((version) => version.name);
  throw unknownName('a server version', name, known);
}
