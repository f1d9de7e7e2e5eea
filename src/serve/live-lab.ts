/**
 * A modelled server and its allocator that follow a live stream. Everything that was fed is modelled and can be queried.
 */
import { regionsByRow, slabOwners, typeProfile } from '../analysis/index.js';
import { InputError } from '../base/index.js';
import { CommandLog } from '../commands/index.js';
import {
  type Engine,
  EngineError,
  OutOfMemoryError,
  type Snapshot,
  type SnapshotTotals,
  totalsOf,
} from '../engine/index.js';
import { openInput } from '../input/node.js';
import {
  commandTable,
  DecisionLog,
  type Gaps,
  Loading,
  type MemoryAccounts,
  type ModelDecisions,
  type Observed,
  REPLICAS,
  RedisServer,
  setSetting,
} from '../model/index.js';
import type { Frame } from '../recording/index.js';
import { RespParser } from '../resp/index.js';
import { error, type LabReply } from '../resp/node.js';
import { RunAccounts, type RunHeader, runHeader, serverVersion, servesWholeProcess } from '../run/index.js';
import { OpWriter } from '../stream/index.js';
import { type Batch, FeedKind, FeedReader, Outcome } from './feed.js';
import { executeLabCommand } from './lab-commands.js';

export interface LabOptions {
  /** The name of the modelled version. */
  readonly server: string;
  readonly isCluster: boolean;
  /** The allocator configuration of the engine. */
  readonly conf: string;
  readonly settings: readonly (readonly [name: string, value: string])[];
  /** The key patterns for attribution: inferred if empty. Undefined if regions are not attributed. */
  readonly owners?: readonly string[] | undefined;
  /** The Unix time at which virtual time is 0. */
  readonly epochMs: number;
  /** Whether the feed says when a client that waits is served; otherwise the model decides it. */
  readonly holdsWaiting?: boolean;
  /**
   * Whether the commands are those that a server sends to its replica, which tell what it evicted. The lab then evicts
   * nothing by itself. It does expire keys and fields, because a command from a server deletes also what has expired.
   */
  readonly isReplica?: boolean;
}

/** The state of the lab at a moment. */
export interface LabStatus {
  readonly server: string;
  readonly build: string;
  readonly commands: number;
  /** The number of commands that the server refused or that timed out, which are not modelled. */
  readonly notCarriedOut: number;
  readonly operations: number;
  readonly keys: number;
  readonly clients: number;
  readonly unknown: readonly (readonly [name: string, count: number])[];
  /** The commands that the model could not carry out. */
  readonly failedCommands: Gaps;
  readonly scriptCalls: number;
  /** The number of observed commands that scripts called. */
  readonly scriptedCommands: number;
  /** The reason why the lab has stopped, or null. */
  readonly failure: string | null;
  readonly snapshot: SnapshotTotals;
}

/** The result of modelling a batch. */
export interface FeedResult {
  /** The reason why the lab has stopped, or null. */
  readonly stopped: string | null;
  /** The commands that could not be modelled, as sentences. */
  readonly gaps: readonly string[];
}

/** A model and an engine that follow live traffic. */
export class LiveLab {
  readonly server: RedisServer;
  readonly engine: Engine;
  readonly #writer = new OpWriter();
  readonly #log = new CommandLog();
  readonly #reader = new FeedReader();
  readonly #parser = new RespParser('the stream');
  readonly memoryAccounts: MemoryAccounts;
  /** The header of a recording, as for a run. */
  readonly about: RunHeader;
  readonly #epochMs: number;
  #commands = 0;
  #notCarriedOut = 0;
  #failure: string | null = null;
  /** The commands of the next transaction that the server refused. */
  #refusedElements: RefusedElements | undefined;
  /** The commands since the last batch that could not be modelled. */
  #gaps: string[] = [];
  /** The decisions of the model, while a caller waits for them. */
  #decisions: DecisionLog[] | undefined;

  constructor(engine: Engine, options: LabOptions) {
    const { server, isCluster, conf, settings, epochMs, owners } = options;
    this.memoryAccounts = new RunAccounts({
      owners: owners !== undefined,
      patterns: owners ?? [],
    }).memoryAccounts;
    this.engine = engine;
    const metadata = { workload: 'live-traffic', server, parameters: {} };
    this.about = runHeader({ metadata }, engine, {
      conf,
      hooks: 'complete',
      settings: { ...Object.fromEntries(settings), ...(isCluster ? { 'cluster-enabled': 'yes' } : {}) },
    });
    this.#epochMs = epochMs;
    const { sizeClasses } = engine.info;
    const version = serverVersion(server);
    this.server = new RedisServer(this.#writer, {
      version,
      sizeClasses,
      commands: commandTable(version),
      log: this.#log,
      isCluster,
      isPipelined: false,
      isSystemAllocator: servesWholeProcess(engine.info),
      epochMs,
      accounts: this.memoryAccounts,
    });
    for (const [name, value] of settings) setSetting(this.server.settings, name, value);
    this.server.blocking.holdsWaiting = options.holdsWaiting === true;
    if (options.isReplica === true) {
      setSetting(this.server.settings, 'maxmemory', '0');
      // The server keeps a backlog for the lab, and feeds it.
      setSetting(this.server.settings, REPLICAS, '1');
    }
    this.server.gaps.onGap = ({ name, problem }) =>
      this.#gaps.push(`${name} could not be modelled: ${problem}`);
    // Slot statistics cover all traffic, even if the real server does not collect them.
    this.server.settings.clusterSlotStats = true;
  }

  get failure(): string | null {
    return this.#failure;
  }

  /** Models a batch of executed commands. It does not reject. */
  async feed(batch: Batch): Promise<FeedResult> {
    if (this.#failure === null) await this.#modelBatch(batch);
    const gaps = this.#gaps;
    this.#gaps = [];
    return { stopped: this.#failure, gaps };
  }

  async #modelBatch(batch: Batch): Promise<void> {
    try {
      for (const { kind, flags, client, timeMs, bytes } of this.#reader.read(batch)) {
        const now = Math.max(this.server.nowMs, Math.floor(timeMs - this.#epochMs));
        if (kind === FeedKind.commands) await this.#model(client, now, flags, bytes);
        else if (now > this.server.nowMs) this.server.advanceTo(now);
        if (kind === FeedKind.refusedElements) this.#refusedElements = refusedElementsIn(bytes);
        if (kind === FeedKind.release) this.#release(client, bytes);
        if (kind === FeedKind.connect) this.server.connect(client);
        else if (kind === FeedKind.disconnect) this.server.disconnect(client);
        if (this.#writer.full) await this.#replay(this.#writer.takeFull());
      }
      await this.#replay(this.#writer.takeAll());
    } catch (cause) {
      // A defect of the model must not end the proxy of an application.
      this.#stop(cause);
    }
  }

  /** Loads an RDB file, as a server does at its start. Returns notes on it. */
  async load(path: string): Promise<readonly string[]> {
    if (this.#failure !== null) return [];
    const input = openInput(path, 'rdb');
    const loading = new Loading(this.server, {
      isLog: false,
      refuse: (found) => new InputError(`the server's data, byte ${input.bytesRead}: ${found}`),
    });
    try {
      for (const chunk of this.server.load(loading.steps(input.events()))) await this.#replay([chunk]);
      await this.#replay(this.#writer.takeAll());
    } catch (cause) {
      this.#stop(cause);
      throw cause;
    } finally {
      input.close();
    }
    return input.warnings;
  }

  /** Stops the lab; the first reason stays. */
  #stop(cause: unknown): void {
    if (cause instanceof OutOfMemoryError) this.#failure ??= `the simulated heap is full: ${cause.message}`;
    else if (cause instanceof EngineError || cause instanceof InputError) this.#failure ??= cause.message;
    else this.#failure ??= `a defect: ${(cause as Error).stack}`;
  }

  /** Feeds a batch, and returns the decisions for each command, until a failure. */
  async decide(batch: Batch): Promise<readonly ModelDecisions[]> {
    const decisions: DecisionLog[] = [];
    this.#decisions = decisions;
    await this.feed(batch);
    this.#decisions = undefined;
    this.server.decisions = undefined;
    return decisions;
  }

  async answer(words: readonly string[], context: InspectionContext): Promise<LabReply> {
    if (this.#failure !== null) return error(`ERR the lab has stopped: ${this.#failure}`);
    return executeLabCommand(this, words, context);
  }

  /** Surveys the engine, after everything fed so far. */
  async survey(): Promise<Snapshot> {
    await this.#catchUp();
    return this.engine.survey(0);
  }

  /** Returns jemalloc's own statistics, after everything fed so far. */
  async statistics(): Promise<string> {
    await this.#catchUp();
    return this.engine.statistics();
  }

  /** Returns a survey as a frame of a recording, with owners if they are tracked. */
  async frame(name: string): Promise<Frame> {
    if (this.#failure !== null) throw new EngineError(`the lab has stopped: ${this.#failure}`);
    const snapshot = await this.survey();
    const { granules } = snapshot;
    const { attribution } = this.memoryAccounts.copy();
    if (attribution === undefined) return { phase: name, snapshot, owners: null };
    const regions = regionsByRow(granules, await this.engine.locate());
    return { phase: name, snapshot, owners: slabOwners({ granules, regions, attribution }) };
  }

  typeProfile() {
    return typeProfile(this.memoryAccounts.sums());
  }

  /** Returns the database that a client has selected. */
  databaseOf(client: number): number {
    return this.server.connections.byNumber.get(client)?.database ?? 0;
  }

  replyBufferOf(client: number): number {
    return this.server.connections.byNumber.get(client)?.replyBuffer.size ?? 0;
  }

  async status(): Promise<LabStatus> {
    const snapshot = totalsOf(await this.survey());
    const { server } = this;
    return {
      server: server.version.name,
      build: this.engine.info.build,
      commands: this.#commands,
      notCarriedOut: this.#notCarriedOut,
      operations: this.#writer.position,
      keys: server.databases.reduce((sum, { keys }) => sum + keys.used, 0),
      clients: server.connections.byNumber.size,
      unknown: [...server.unknown.counts],
      failedCommands: { count: server.gaps.count, first: server.gaps.first },
      scriptCalls: [...server.scripts.calls.values()].reduce((sum, count) => sum + count, 0),
      scriptedCommands: server.scripts.scripted,
      failure: this.#failure,
      snapshot,
    };
  }

  async #model(client: number, timeMs: number, flags: number, bytes: Uint8Array): Promise<void> {
    const parser = this.#parser;
    parser.feed(bytes);
    const { server } = this;
    while (parser.next()) {
      this.#commands++;
      if (flags === Outcome.refused || flags === Outcome.failed) this.#notCarriedOut++;
      server.observed = this.#observed(client, flags);
      const { command } = parser;
      command.client = client;
      command.timeMs = timeMs;
      if (this.#decisions !== undefined) {
        server.decisions = new DecisionLog();
        this.#decisions.push(server.decisions);
      }
      server.execute(command);
      if (server.unfinished !== undefined) {
        for (const chunk of server.finish()) await this.#replay([chunk]);
      }
    }
    this.#log.countUpTo(this.#writer.position);
  }

  /** Ends the wait of a client of a lab by itself. */
  #release(client: number, bytes: Uint8Array): void {
    const parser = this.#parser;
    parser.feed(bytes);
    this.server.release(client, parser.next() ? parser.command : undefined);
  }

  #observed(client: number, outcome: number): Observed | undefined {
    const refused = this.#refusedElements;
    if (refused === undefined) return OBSERVED[outcome];
    this.#refusedElements = undefined;
    const queued = this.server.connections.byNumber.get(client)?.transaction.queued.length;
    // The indices mean nothing if the model knows other commands than the server.
    if (queued !== refused.count) return OBSERVED[outcome];
    return { outcome: 'executed', refusedElements: refused.indices };
  }

  async #catchUp(): Promise<void> {
    // A stopped lab shows the state in which it stopped.
    if (this.#failure !== null) return;
    try {
      this.server.settle();
      await this.#replay(this.#writer.takeAll());
    } catch (cause) {
      this.#stop(cause);
      throw cause;
    }
  }

  async #replay(chunks: ReturnType<OpWriter['takeAll']>): Promise<void> {
    for (const chunk of chunks) await this.engine.replay(chunk, true);
  }
}

interface RefusedElements {
  /** The number of commands in the transaction. */
  readonly count: number;
  readonly indices: ReadonlySet<number>;
}

function refusedElementsIn(bytes: Uint8Array): RefusedElements {
  const [count = 0, ...indices] = new Uint32Array(bytes.slice().buffer);
  return { count, indices: new Set(indices) };
}

/** The outcomes that the model follows, by their numbers in the feed. */
const OBSERVED: Readonly<Record<number, Observed | undefined>> = {
  [Outcome.modelled]: undefined,
  [Outcome.executed]: { outcome: 'executed' },
  [Outcome.refused]: { outcome: 'refused' },
  [Outcome.failed]: { outcome: 'failed' },
  [Outcome.stale]: { outcome: 'stale' },
  [Outcome.aborted]: { outcome: 'aborted' },
  [Outcome.met]: { outcome: 'met' },
  [Outcome.unmet]: { outcome: 'unmet' },
};

/** The sender of a command that the lab answers. */
export interface InspectionContext {
  /** The number of the client in the feed. */
  readonly client: number;
  readonly isStandalone: boolean;
}
