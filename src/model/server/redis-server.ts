import { hashOf, latin1, latin1Bytes, type Queue, Random } from '../../base/index.js';
import type { Command, CommandBatch, CommandInfo, CommandLog } from '../../commands/index.js';
import type { OpChunk, OpWriter } from '../../stream/index.js';
import {
  type Arguments,
  type Client,
  CommandPool,
  Connections,
  ErrorNames,
  WatchedKeys,
} from '../client/index.js';
import { Heap, type MemoryAccounts, SizeClasses } from '../heap/index.js';
import { Database, type DatabaseContext, Keyspace, SlotMemory } from '../keyspace/index.js';
import { Settings } from '../settings/index.js';
import { Ebuckets, ValueContext } from '../values/index.js';
import type { ServerVersion } from '../versions/index.js';
import { Admission } from './admission.js';
import { Arrivals } from './arrivals.js';
import { Blocking } from './blocking.js';
import type { Call, CallServer } from './call.js';
import { ChildProcess } from './child-process.js';
import { CommandStatistics } from './command-statistics.js';
import type { CommandTable } from './command-table.js';
import { Cron } from './cron.js';
import { Defragger } from './defragger.js';
import { Eviction } from './eviction.js';
import { Execution } from './execution.js';
import { GapLog } from './gaps.js';
import type { DecisionLog } from './model-decisions.js';
import type { Observed } from './observed.js';
import { Pipeline } from './pipeline.js';
import { Prefetcher } from './prefetcher.js';
import { Replication } from './replication.js';
import { Scripts } from './scripts.js';
import { ServedClients } from './served-clients.js';
import { startUp } from './start-up.js';
import { UnknownCommands } from './unknown-commands.js';

export interface ServerOptions {
  readonly version: ServerVersion;
  /** Bytes of each size class of the build, ascending. */
  readonly sizeClasses: readonly number[];
  readonly commands: CommandTable;
  readonly log: CommandLog;
  readonly isCluster?: boolean;
  /** Whether Lua and the C library allocate from the same jemalloc, as in Debian's servers (build q4). */
  readonly isSystemAllocator?: boolean;
  /** Seeds the server's own random choices. */
  readonly seed?: number | undefined;
  /** Whether a client's commands arrive as fast as they can be read; else each arrives by itself. */
  readonly isPipelined?: boolean;
  /** Virtual time 0 in milliseconds since 1970. */
  readonly epochMs?: number | undefined;
  /** The virtual time of the server's start; below 0 if it is up before its commands. */
  readonly startsAtMs?: number;
  /** The times of ids that a real server gave to entries of streams, in their order. */
  readonly entryTimes?: Queue<number> | undefined;
  /** Keeps the memory accounts of the heap, if they are asked for. */
  readonly accounts?: MemoryAccounts | undefined;
}

/** The default epoch, 2026-01-01. Any fixed day serves that keeps times in seconds and in milliseconds apart. */
const DEFAULT_EPOCH_MS = Date.UTC(2026, 0, 1);

const DATABASES = 16;

/**
 * Models a server as the stream of its allocations, in the order in which its code makes them. Commands drive it, each
 * with its client and its time. Between them its cron runs.
 */
export class RedisServer implements CallServer, DatabaseContext {
  readonly heap: Heap;
  readonly version: ServerVersion;
  readonly settings: Settings;
  readonly keyspace: Keyspace;
  readonly databases: Database[] = [];
  readonly #opened = new Set<number>();
  readonly random: Random;
  readonly resize = { hasChild: false };
  readonly child = new ChildProcess(this.resize);
  readonly isCluster: boolean;
  readonly unknown = new UnknownCommands();
  /** The commands that could not be carried out. */
  readonly gaps = new GapLog();
  readonly connections: Connections;
  readonly values: ValueContext;
  isExpiryActive = true;
  readonly defragger: Defragger;
  readonly watched: WatchedKeys;
  readonly scripts: Scripts;
  nowMs = 0;
  replication: Replication | undefined;
  /** Whether a data set is being loaded (`load`). */
  isLoading = false;
  readonly epochMs: number;
  readonly entryTimes: Queue<number> | undefined;
  /** The remaining steps of a command that does its work in steps. */
  unfinished: Iterator<void> | undefined;
  /** The records of parsed commands, in versions that have a pool of them. */
  readonly commandPool: CommandPool | undefined;
  /** Records the decisions of the current command; undefined if they are not asked for. */
  decisions: DecisionLog | undefined;
  /** The outcome of the current command at a real server; undefined if the model decides. */
  observed: Observed | undefined;
  readonly #writer: OpWriter;
  readonly statistics: CommandStatistics;
  readonly errors: ErrorNames;
  readonly blocking: Blocking;
  readonly #cron: Cron;
  readonly #eviction: Eviction;
  readonly #clients: ServedClients;
  readonly #execution: Execution;
  readonly #arrivals: Arrivals;
  readonly #pipeline: Pipeline;

  constructor(writer: OpWriter, options: ServerOptions) {
    const {
      version,
      log,
      commands,
      isCluster = false,
      seed = 1,
      isPipelined = true,
      isSystemAllocator = false,
      epochMs = DEFAULT_EPOCH_MS,
      startsAtMs = 0,
    } = options;
    this.epochMs = epochMs;
    this.entryTimes = options.entryTimes;
    this.nowMs = startsAtMs;
    this.#writer = writer;
    this.version = version;
    this.isCluster = isCluster;
    this.settings = new Settings(version);
    if (isSystemAllocator) this.settings.defragRefusal = version.defrag.refusal;
    this.random = new Random(seed);
    this.heap = new Heap(writer, new SizeClasses(options.sizeClasses), version.strings.sds, options.accounts);
    const errors = startUp(this.heap, version, isSystemAllocator, isCluster);
    this.errors = new ErrorNames(this.heap, version.sizes, errors);
    this.connections = new Connections(this.heap, version);
    this.statistics = new CommandStatistics(this.heap, version);
    this.keyspace = new Keyspace(this.heap);
    this.settings.onSlotStats = (isOn) => this.#trackSlots(isOn);
    this.settings.onReplBacklogSize = (bytes) => this.replication?.resize(bytes);
    this.settings.onReplicas = (count) => {
      if (count > 0) this.replication = new Replication(this, commands, count, this.nowMs);
    };
    const databases = isCluster ? version.keys.clusterDatabases : DATABASES;
    for (let index = 0; index < databases; index++) this.databases.push(new Database(this));
    const opened = version.keys.makesDatabasesOnDemand ? 1 : databases;
    for (let index = 0; index < opened; index++) this.#opened.add(index);
    this.watched = new WatchedKeys(this.heap, version, databases, opened, this.resize);
    this.scripts = new Scripts(this.heap, version, this.resize);
    this.values = new ValueContext(this.heap, version, this.settings, this.resize, this.random, this);
    this.#eviction = new Eviction(this);
    this.commandPool = version.sizes.parsedCommand > 0 ? new CommandPool(this.heap, version) : undefined;
    const clients = new ServedClients(this);
    this.#clients = clients;
    this.defragger = new Defragger(this);
    const prefetcher = new Prefetcher(this.keyspace);
    const execution = new Execution(this, commands, prefetcher, writer, log);
    const blocking = new Blocking(execution, clients);
    const admission = new Admission(this, execution, blocking, this.#eviction);
    this.#execution = execution;
    this.blocking = blocking;
    this.#arrivals = new Arrivals(this, { commands, clients, execution, blocking, admission, isPipelined });
    this.#pipeline = new Pipeline(this, this.#arrivals, prefetcher, writer, isPipelined);
    this.#cron = new Cron(this);
  }

  /** The time in whole milliseconds since 1970. */
  get unixMs(): number {
    return Math.floor(this.epochMs + this.nowMs);
  }

  /** Allocates a database that no command has named before, where databases are made on demand. */
  openDatabase(number: number): void {
    if (this.#opened.has(number)) return;
    this.#opened.add(number);
    this.databases[number]!.open();
    this.watched.open(number);
  }

  /** Whether a database has been allocated. */
  isOpen(number: number): boolean {
    return this.#opened.has(number);
  }

  /** Turns the memory accounts of slots on or off. Existing keys are counted at once. */
  #trackSlots(isOn: boolean): void {
    const { keyspace } = this;
    keyspace.slots = undefined;
    if (!isOn) return;
    const slots = new SlotMemory(keyspace);
    for (const { keys } of this.databases) {
      for (const row of keys.rows()) slots.enter(row);
    }
    keyspace.slots = slots;
  }

  /** Evicts keys as a new limit of memory demands. */
  evict(): void {
    if (this.settings.maxmemory > 0) this.#eviction.run();
  }

  /** Whether a larger bucket array leaves memory within its limit (dictExpandAllowed). */
  readonly mayExpand = (bytes: number): boolean => {
    const { maxmemory } = this.settings;
    return maxmemory === 0 || this.heap.used + this.heap.usable(bytes) <= maxmemory;
  };

  /** Makes an order of the hashes that have fields that expire. */
  readonly newTimedRows = (timeOf: (row: number) => number): Ebuckets =>
    new Ebuckets(this.heap, this.version.sizes, timeOf);

  /**
   * Loads a data set in steps, before the first client connects. Yields the operations as chunks fill up. Virtual time
   * may pass, but cron does not run.
   */
  *load(steps: Iterable<void>): Generator<OpChunk, void> {
    this.isLoading = true;
    for (const _ of steps) {
      this.keyspace.slots?.settle();
      if (this.#writer.full) yield* this.#writer.takeFull();
    }
    this.keyspace.slots?.settle();
    this.isLoading = false;
  }

  /** Returns a client without a connection, which carries out the commands of a loaded file. */
  createLoadingClient(): Client {
    return this.#clients.create(undefined);
  }

  /** Carries out a command of a loaded file. Returns what makes a server refuse the file here, if anything does. */
  loadCommand(command: Command, client: Client): string | undefined {
    if (command.timeMs > this.nowMs) this.#cron.sleepWithoutTicks(command.timeMs);
    return this.#arrivals.ofFile(command, client);
  }

  /** Connects a client, as the first command of each client does. */
  connect(number: number): Client {
    return this.#clients.connect(number);
  }

  /** Closes the connection of the client with that number. A later command of that number opens a new one. */
  disconnect(number: number): void {
    const client = this.connections.byNumber.get(number);
    if (client === undefined) return;
    this.settle();
    client.queryBuffer.readEnd();
    this.#clients.freeBeforeSleep(client);
  }

  freeClient(client: Client): void {
    this.#clients.free(client);
  }

  /** Runs a stream of commands; yields the operations as chunks fill up. */
  run(commands: Iterable<Command | CommandBatch>): Generator<OpChunk, void> {
    return this.#pipeline.run(commands);
  }

  /** Executes one command from its arrival to the end of its arguments. If it leaves `unfinished`, call `finish`. */
  execute(command: Command): void {
    this.#arrivals.execute(command);
  }

  /** Finishes the command that is `unfinished`. Yields the operations as chunks fill up. */
  *finish(): Generator<OpChunk, void> {
    if (this.unfinished !== undefined) yield* this.#execution.finish(this.unfinished, this.#clients.current!);
  }

  /** Ends the current client's input and sends its replies. */
  settle(): void {
    if (this.replication?.isNested === true) this.#execution.endOfNested(this.replication);
    this.#clients.settle();
  }

  callQueued(info: CommandInfo, command: Command, client: Client, args: Arguments): void {
    this.#arrivals.ofTransaction(info, command, client, args);
  }

  block(call: Call, isReady: () => boolean, untilMs: number): boolean {
    if (!this.blocking.isAllowed || this.isLoading) return false;
    this.blocking.add(call, isReady, untilMs);
    return true;
  }

  /** Ends the wait of a client. A command is carried out in place of its own; without one, it has a short reply. */
  release(number: number, command: Command | undefined): void {
    const client = this.connections.byNumber.get(number);
    if (client !== undefined) this.blocking.release(client, command);
  }

  /** Advances virtual time, with the timeouts of blocked clients and the ticks of cron. */
  advanceTo(timeMs: number): void {
    this.settle();
    const { blocking } = this;
    while (!blocking.clients.isEmpty) {
      const late = blocking.clients.takeTimedOut(timeMs);
      if (late === undefined) break;
      this.#cron.advanceTo(late.untilMs);
      blocking.resume(late);
    }
    this.#cron.advanceTo(timeMs);
  }

  /**
   * Lets virtual time pass until active defragmentation rests: nothing has changed for so many passes that no further one
   * finds anything else. It takes at most `limitMs`. Yields the operations, and returns whether it rests.
   */
  *defragment(limitMs: number): Generator<OpChunk, boolean> {
    yield* this.idle(limitMs, () => this.defragger.isResting);
    return this.defragger.isResting;
  }

  /**
   * Lets virtual time pass until cron has rehashed the tables of keys, so that the old bucket arrays of loading are freed.
   * It takes at most `limitMs`.
   */
  finishRehashing(limitMs: number): Generator<OpChunk, void> {
    return this.idle(limitMs, () => !this.#cron.isRehashing);
  }

  /** Lets virtual time pass without commands, but with cron and decay, until `isOver` holds or to the end of so many milliseconds. */
  *idle(ms: number, isOver: () => boolean = () => false): Generator<OpChunk, void> {
    const endMs = this.nowMs + ms;
    while (!isOver() && this.nowMs < endMs) {
      this.advanceTo(Math.min(endMs, this.nowMs + Math.round(1000 / this.settings.hz)));
      this.heap.decay();
      if (this.#writer.full) yield* this.#writer.takeFull();
    }
    yield* this.#writer.takeAll();
  }

  /** Whether a watched key has expired since the client began to watch it. */
  hasExpiredWatch(client: Client): boolean {
    for (const { database, name, wasExpired } of this.watched.watchesOf(client)) {
      const row = wasExpired ? 0 : this.#rowOfName(database, name);
      const expiry = row === 0 ? 0 : this.keyspace.expiryOf(row);
      if (expiry !== 0 && expiry < this.nowMs) return true;
    }
    return false;
  }

  /** Marks the watches of a key that something other than a command changes. */
  touchWatched(database: Database, row: number): void {
    if (this.watched.isEmpty) return;
    const name = latin1(this.keyspace.nameOf(row));
    this.watched.touch(this.databases.indexOf(database), name);
  }

  #rowOfName(database: number, name: string): number {
    const bytes = latin1Bytes(name);
    const { length } = bytes;
    return this.databases[database]!.peek(hashOf(bytes, 0, length), bytes, 0, length);
  }
}
