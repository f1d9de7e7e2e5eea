import { InputError, type Queue } from '../base/index.js';
import { type Command, type CommandBatch, CommandLog } from '../commands/index.js';
import type { AllocatorView } from '../engine/index.js';
import {
  commandTable,
  DEFAULT_SERVER,
  type Gaps,
  RedisServer,
  type ServerVersion,
  startWith,
} from '../model/index.js';
import { type OpChunk, OpWriter } from '../stream/index.js';
import { CohortMark } from './cohort-mark.js';
import { type Continuation, type Cut, further } from './continuation.js';
import { foreignBytesOf, restOf, serverVersion, servesWholeProcess } from './modelled-server.js';
import { observeStart } from './observer.js';
import type { RunAccounts } from './run-accounts.js';
import type { RunSource } from './run-source.js';

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
  /** The times of ids that a real server gave to entries of streams, in their order. */
  readonly entryTimes?: Queue<number>;
  /** Returns the place of the current command in its input, for the report of one that cannot be carried out. */
  readonly placeOf?: ((command: Command) => string) | undefined;
  /** Called at the end of the run with the use of scripts. */
  readonly onScripts?: (scripts: ScriptUse) => void;
  /** Called at the end of the run with the number of calls of each command that is not modelled. */
  readonly onUnknown?: (counts: ReadonlyMap<string, number>) => void;
  /** Called at the end of the run with the number of comparisons that lengths decided, by the command's name. */
  readonly onComparisons?: (counts: ReadonlyMap<string, number>) => void;
  /** Called at the end of the run with the number of entries of streams whose ids are by the server's own clock. */
  readonly onClockIds?: (count: number) => void;
}

/** The longest time for which a server rehashes after loading: 70 million buckets. */
const REHASHING_MS = 600_000;

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
    entryTimes: input.entryTimes,
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
    // Memory that a server returns by itself after loading does not count for the changes that follow.
    if (load !== undefined && input.continuation !== undefined) yield* server.finishRehashing(REHASHING_MS);
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
    input.onClockIds?.(server.unknown.clockIds);
    input.onScripts?.(server.scripts);
  }
  yield* writer.takeAll();
}

function endPhaseOf({ endPhase = 'end' }: CommandInput): string {
  return endPhase;
}
