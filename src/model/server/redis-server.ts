import { hashOf, latin1, latin1Bytes, Random } from '../../base/index.js';
import {
  argumentBytes,
  argumentText,
  type Command,
  type CommandBatch,
  type CommandInfo,
  type CommandLog,
  copyOfCommand,
  discardedBecause,
  fitsArity,
  isBatch,
  MAX_ECHO,
  OUT_OF_MEMORY,
  SCRIPT_CLIENT,
  subcommandOf,
  unknownSubcommand,
  wrongArity,
} from '../../commands/index.js';
import type { OpChunk, OpWriter } from '../../stream/index.js';
import {
  Arguments,
  BlockedClients,
  Client,
  type ClientContext,
  CommandPool,
  Connections,
  type Following,
  LOOK_AHEAD,
  SharedQueryBuffer,
  type Transaction,
  type Waiting,
  WatchedKeys,
} from '../client/index.js';
import { type Attribution, Heap, type MemoryAccounts, SizeClasses, StructKind } from '../heap/index.js';
import { Database, type DatabaseContext, Keyspace, SlotMemory } from '../keyspace/index.js';
import { Settings } from '../settings/index.js';
import { Ebuckets, ValueContext } from '../values/index.js';
import type { ServerVersion } from '../versions/index.js';
import { Call, type CallServer, UNKNOWN_HASH } from './call.js';
import { ChildProcess } from './child-process.js';
import { CommandStatistics } from './command-statistics.js';
import type { CommandSpec, CommandTable } from './command-table.js';
import { Cron } from './cron.js';
import { Defragger } from './defragger.js';
import { Eviction } from './eviction.js';
import { GapLog } from './gaps.js';
import type { DecisionLog } from './model-decisions.js';
import type { Observed } from './observed.js';
import { PREFETCH_BATCH, Prefetcher } from './prefetcher.js';
import { propagatedLengths } from './propagated-form.js';
import { ReadAhead } from './read-ahead.js';
import { Replication } from './replication.js';
import { Scripts } from './scripts.js';
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
  /** The remaining steps of a command that does its work in steps. */
  unfinished: Iterator<void> | undefined;
  readonly blocked = new BlockedClients();
  /** Whether clients wait until `release`, because the caller decides when each is served. */
  holdsWaiting = false;
  /** The records of parsed commands, in versions that have a pool of them. */
  readonly commandPool: CommandPool | undefined;
  #mayBlock = true;
  /** Records the decisions of the current command; undefined if they are not asked for. */
  decisions: DecisionLog | undefined;
  /** The outcome of the current command at a real server; undefined if the model decides. */
  observed: Observed | undefined;
  readonly #writer: OpWriter;
  readonly #origins: Attribution | undefined;
  readonly #log: CommandLog;
  readonly #commands: CommandTable;
  readonly statistics: CommandStatistics;
  readonly #call: Call;
  readonly #cron: Cron;
  readonly #eviction: Eviction;
  readonly #prefetcher: Prefetcher;
  readonly #shared: SharedQueryBuffer | undefined;
  readonly #isPipelined: boolean;
  #current: Client | undefined;
  #currentNumber = -1;
  /** The place of the next command in the prefetched batch; -1 if it was not prefetched. */
  #place = -1;
  #script: Client | undefined;
  /** The commands after the current one, as far as they are read. */
  #following: Following | undefined;
  /** The number of commands that have arrived. */
  #arrived = 0;

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
    this.nowMs = startsAtMs;
    this.#origins = options.accounts?.attribution;
    this.#writer = writer;
    this.#log = log;
    this.#commands = commands;
    this.version = version;
    this.isCluster = isCluster;
    this.#isPipelined = isPipelined;
    this.settings = new Settings(version);
    if (isSystemAllocator) this.settings.defragRefusal = version.defrag.refusal;
    this.random = new Random(seed);
    this.heap = new Heap(writer, new SizeClasses(options.sizeClasses), version.strings.sds, options.accounts);
    startUp(this.heap, version, isSystemAllocator, isCluster);
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
    this.watched = new WatchedKeys(this.heap, version, opened, this.resize);
    this.scripts = new Scripts(this.heap, version, this.resize);
    this.values = new ValueContext(this.heap, version, this.settings, this.resize, this.random, this);
    this.#eviction = new Eviction(this);
    this.#prefetcher = new Prefetcher(this.keyspace);
    this.commandPool = version.sizes.parsedCommand > 0 ? new CommandPool(this.heap, version) : undefined;
    this.#shared = version.clients.sharesQueryBuffer ? new SharedQueryBuffer(this.heap, version) : undefined;
    this.defragger = new Defragger(this);
    this.#call = new Call(this);
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

  /** Connects a client, as the first command of each client does. */
  connect(number: number): Client {
    const client = new Client(this.#clientContext, number);
    this.connections.byNumber.set(number, client);
    return client;
  }

  /** Closes the connection of the client with that number. A later command of that number opens a new one. */
  disconnect(number: number): void {
    const client = this.connections.byNumber.get(number);
    if (client === undefined) return;
    this.settle();
    client.queryBuffer.readEnd();
    this.#freeBeforeSleep(client);
  }

  /** Frees a client (freeClient) other than the one whose command is being carried out. */
  freeClient(client: Client): void {
    const waiting = this.blocked.takeOf(client);
    client.free({ waiting: waiting?.args, unwatch: () => this.watched.removeAllOf(client) });
    if (client.number !== undefined) this.connections.byNumber.delete(client.number);
  }

  /** Frees a client through a list (freeClientAsync), after all that was read has been carried out. */
  #freeBeforeSleep(client: Client): void {
    const node = this.heap.malloc(this.version.sizes.listNode, StructKind.clientState);
    this.freeClient(client);
    this.heap.free(node);
  }

  get #clientContext(): ClientContext {
    const { heap, version, connections, nowMs } = this;
    return { heap, version, shared: this.#shared, pool: this.commandPool, connections, nowMs };
  }

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
    return new Client(this.#clientContext, undefined);
  }

  /**
   * Carries out a command of a file, which is neither counted nor answered (aof.c: loadSingleAppendOnlyFile). Returns
   * what makes a server refuse the file here, and undefined after a command that was carried out.
   */
  loadCommand(command: Command, client: Client): string | undefined {
    if (command.timeMs > this.nowMs) this.#cron.sleepWithoutTicks(command.timeMs);
    const spec = this.#commands.find(command);
    const refusal = this.#commands.refusalOf(command, spec);
    if (refusal !== undefined) return refusal;
    this.#arrived++;
    this.#origins?.next();
    client.args.receive(command);
    if (spec === undefined) this.unknown.add(argumentText(command, 0));
    else if (client.transaction.isOpen && !spec.runsInMulti) this.#queue(spec, command, client);
    else this.#carryOut(spec, command, client, client.args, false);
    this.#finishAtOnce();
    this.#complete(client);
    return undefined;
  }

  /** Runs a stream of commands; yields the operations as chunks fill up. */
  *run(commands: Iterable<Command | CommandBatch>): Generator<OpChunk, void> {
    const parsesAhead = this.version.clients.parsesWholeReads || this.commandPool !== undefined;
    if (parsesAhead && this.#isPipelined) {
      yield* this.#runReads(commands);
      return;
    }
    for (const item of commands) {
      if (isBatch(item)) {
        yield* this.#runBatch(item);
        continue;
      }
      this.execute(item);
      if (this.unfinished !== undefined) yield* this.finish();
      if (this.#writer.full) yield* this.#writer.takeFull();
    }
    this.settle();
  }

  /** Runs commands whose reads are parsed ahead of them. */
  *#runReads(commands: Iterable<Command | CommandBatch>): Generator<OpChunk, void> {
    const ahead = new ReadAhead(this.commandPool === undefined ? Number.POSITIVE_INFINITY : LOOK_AHEAD);
    this.#following = ahead;
    try {
      for (const item of commands) {
        ahead.take(item);
        yield* this.#runReady(ahead);
        ahead.keep();
      }
    } catch (error) {
      // The commands before an invalid part of the input are carried out.
      ahead.end();
      yield* this.#runReady(ahead);
      throw error;
    }
    ahead.end();
    yield* this.#runReady(ahead);
    this.#following = undefined;
    this.settle();
  }

  *#runReady(ahead: ReadAhead): Generator<OpChunk, void> {
    while (ahead.next < ahead.ready) {
      const to = Math.min(ahead.next + PREFETCH_BATCH, ahead.ready);
      yield* this.#runPrefetched(ahead.commands, ahead.next, to, ahead);
    }
  }

  *#runBatch({ commands, count }: CommandBatch): Generator<OpChunk, void> {
    for (let from = 0; from < count; from += PREFETCH_BATCH) {
      yield* this.#runPrefetched(commands, from, Math.min(from + PREFETCH_BATCH, count));
    }
  }

  *#runPrefetched(
    commands: readonly Command[],
    from: number,
    to: number,
    ahead?: ReadAhead,
  ): Generator<OpChunk, void> {
    const client = this.connections.byNumber.get(commands[from]!.client);
    this.#prefetcher.prefetch(commands, from, to, this.databases[client?.database ?? 0]!);
    for (let index = from; index < to; index++) {
      this.#place = index - from;
      if (ahead !== undefined) ahead.next = index + 1;
      this.execute(commands[index]!);
      // A refused or queued command may not have used its hashes.
      this.#place = -1;
      if (this.unfinished !== undefined) yield* this.finish();
    }
    if (this.#writer.full) yield* this.#writer.takeFull();
  }

  /** Finishes the command that is `unfinished`. Yields the operations as chunks fill up. */
  *finish(): Generator<OpChunk, void> {
    const { unfinished } = this;
    if (unfinished === undefined) return;
    while (this.#takesStep(unfinished)) {
      if (this.#writer.full) yield* this.#writer.takeFull();
    }
    if (this.unfinished !== undefined) {
      this.unfinished = undefined;
      this.#afterCall(this.#call.spec, this.#call.args);
    }
    this.#complete(this.#current!);
  }

  /** Executes one command from its arrival to the end of its arguments. If it leaves `unfinished`, call `finish`. */
  execute(command: Command): void {
    this.#arrived++;
    try {
      if (command.client === SCRIPT_CLIENT) this.#executeScripted(command);
      else this.#executeOfClient(command);
    } catch (error) {
      this.#dropClient(command, error);
    }
  }

  #executeOfClient(command: Command): void {
    if (this.replication?.isNested === true) this.#endOfScript(this.replication);
    if (command.timeMs > this.nowMs) this.advanceTo(command.timeMs);
    this.#origins?.next();
    const client = this.#clientOf(command.client);
    if (client.isBlocked) this.#unblock(client);
    client.lastCommandMs = this.nowMs;
    client.args = client.queryBuffer.next(command, client.args, this.#isPipelined, this.#following);
    const spec = this.#commands.find(command);
    const outcome = this.observed?.outcome;
    if (outcome === 'refused') this.#refuse(client, REFUSED);
    else if (outcome === 'failed') client.reply.error(REFUSED);
    else if (spec === undefined) this.#refuseUnknown(command, client);
    else this.#process(spec, command, client);
    if (outcome === 'failed' || (outcome === 'executed' && spec === undefined))
      this.#countUnmodelled(command);
    if (this.unfinished === undefined) this.#complete(client);
    if (client.isClosing) {
      this.settle();
      this.#freeBeforeSleep(client);
    }
  }

  /** Counts a command that a real server called, and that the model did not carry out. */
  #countUnmodelled(command: Command): void {
    const info = this.#commands.info(argumentText(command, 0).toLowerCase());
    if (info !== undefined && this.settings.latencyTracking) this.statistics.called(info, command);
  }

  /**
   * Executes a command that a script calls. Time stands still, the command never blocks, and propagation waits for the
   * end of the script.
   */
  #executeScripted(command: Command): void {
    this.#origins?.next();
    this.#script ??= this.#scriptClient();
    const client = this.#script;
    client.args.addAll(command.length, command.argumentCount);
    const spec = this.#commands.find(command);
    if (spec === undefined) {
      this.unknown.add(argumentText(command, 0));
    } else {
      if (this.replication !== undefined) this.replication.isNested = true;
      this.#mayBlock = false;
      // A script starts in its caller's database: a SELECT in a log is hardly ever the script's own.
      const isItsOwn = spec.name !== 'select';
      if (isItsOwn) this.scripts.scripted++;
      this.#carryOut(spec, command, client, client.args, isItsOwn);
      this.#mayBlock = true;
      this.#finishAtOnce();
    }
    this.#complete(client);
    if (!this.blocked.isEmpty) this.#serveBlocked();
  }

  #endOfScript(replication: Replication): void {
    replication.isNested = false;
    replication.send();
  }

  /** Returns the client of scripts, whose regions are part of the start-up counts. */
  #scriptClient(): Client {
    const client = new Client(this.#clientContext, SCRIPT_CLIENT);
    client.free();
    return client;
  }

  /** Advances virtual time, with the timeouts of blocked clients and the ticks of cron. */
  advanceTo(timeMs: number): void {
    this.settle();
    while (!this.blocked.isEmpty) {
      const late = this.blocked.takeTimedOut(timeMs);
      if (late === undefined) break;
      this.#cron.advanceTo(late.untilMs);
      this.#resume(late);
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

  /** Ends the current client's input and sends its replies. */
  settle(): void {
    const client = this.#current;
    if (this.replication?.isNested === true) this.#endOfScript(this.replication);
    if (client === undefined) return;
    client.queryBuffer.endOfInput();
    client.replyBuffer.flush();
    this.#current = undefined;
    this.#currentNumber = -1;
  }

  /** Carries out a command that was queued for EXEC. EXEC itself is the outer call. */
  callQueued(info: CommandInfo, command: Command, client: Client, args: Arguments): void {
    const call = this.#call;
    const { spec: outerSpec, command: outerCommand, args: outerArgs } = call;
    this.#mayBlock = false;
    if (this.replication !== undefined) this.replication.isNested = true;
    this.#carryOut(this.#specOf(info), command, client, args);
    if (this.replication !== undefined) this.replication.isNested = false;
    this.#mayBlock = true;
    call.spec = outerSpec;
    call.command = outerCommand;
    call.args = outerArgs;
    call.forgetHash(UNKNOWN_HASH);
  }

  block({ client, spec, command, args }: Call, isReady: () => boolean, untilMs: number): boolean {
    if (!this.#mayBlock || this.isLoading) return false;
    args.keep();
    const wait = this.holdsWaiting ? HELD : { isReady, untilMs };
    this.blocked.add({ client, info: spec, command: copyOfCommand(command), args, ...wait });
    client.isBlocked = true;
    client.args = new Arguments(this.heap, this.version);
    return true;
  }

  /**
   * Lets a blocked client go on, which was answered, since it sends another command. A real server has served it with an
   * element that the stream may only bring later, so that its command still waits for that element.
   */
  #unblock(client: Client): void {
    if (this.observed === undefined) this.#resume(this.blocked.takeOf(client));
    else client.isBlocked = false;
  }

  /** Ends the wait of a client. A command is carried out in place of its own; without one, it has a short reply. */
  release(number: number, command: Command | undefined): void {
    const client = this.connections.byNumber.get(number);
    const waiting = client === undefined ? undefined : this.blocked.takeOf(client);
    if (client === undefined || waiting === undefined) return;
    if (command !== undefined) {
      this.#resume({ ...waiting, command });
      return;
    }
    client.isBlocked = false;
    client.reply.nilArray();
    waiting.args.free();
    client.replyBuffer.flush();
  }

  /** Carries out a blocked command again, which must not block a second time. */
  #resume(waiting: Waiting | undefined): void {
    if (waiting === undefined) return;
    const { client, info, command, args } = waiting;
    client.isBlocked = false;
    this.#mayBlock = false;
    this.#carryOut(this.#specOf(info), command, client, args);
    this.#mayBlock = true;
    args.endDetached();
    if (client !== this.#current) client.replyBuffer.flush();
  }

  /** Returns the command with its handler. Clients keep only its facts. */
  #specOf({ name }: CommandInfo): CommandSpec {
    const spec = this.#commands.named(name);
    if (spec === undefined)
      throw new Error(`command '${name}' was queued, but the server has none of that name`);
    return spec;
  }

  /**
   * Serves blocked clients, the longest blocked first (handleClientsBlockedOnKeys). What one moves may serve another.
   */
  #serveBlocked(): void {
    for (let next = this.blocked.takeReady(); next !== undefined; next = this.blocked.takeReady()) {
      this.#resume(next);
    }
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

  /** Finishes a loaded or scripted command, all steps at once. */
  #finishAtOnce(): void {
    const { unfinished } = this;
    if (unfinished === undefined) return;
    while (this.#takesStep(unfinished));
    this.unfinished = undefined;
    this.#call.args.freeOriginal();
    this.keyspace.slots?.settle();
  }

  #carryOut(spec: CommandSpec, command: Command, client: Client, args: Arguments, isCounted = true): void {
    const call = this.#call;
    call.command = command;
    call.spec = spec;
    call.args = args;
    call.client = client;
    call.reply = client.reply;
    call.db = this.databases[client.database]!;
    call.dirty = 0;
    if (this.#place < 0) call.forgetHash(UNKNOWN_HASH);
    else this.#prefetcher.handHashes(call, this.#place);
    this.#place = -1;
    const { position } = this.#writer;
    try {
      spec.handler(call);
    } catch (error) {
      this.#leaveOut(error, this.#writer.position > position);
      return;
    }
    if (this.unfinished === undefined) this.#afterCall(spec, args, isCounted);
    if (call.dirty > 0 && this.settings.notesChanges) call.noteModified();
    if (call.dirty > 0 && !this.watched.isEmpty) this.#touchNamed(command, client);
  }

  /** Makes a gap of a command that failed outside of its handler, and forgets its client with all that it has. */
  #dropClient(command: Command, error: unknown): void {
    this.gaps.add(command, this.#arrived, error, true);
    const client = this.connections.byNumber.get(command.client);
    this.connections.byNumber.delete(command.client);
    if (this.#current === client) this.#current = undefined;
    this.#currentNumber = -1;
    this.unfinished = undefined;
    this.#mayBlock = true;
    if (this.replication !== undefined) this.replication.isNested = false;
  }

  /** Takes a step of a command that is `unfinished`. Returns false at its end. */
  #takesStep(steps: Iterator<void>): boolean {
    try {
      return steps.next().done !== true;
    } catch (error) {
      this.#leaveOut(error, true);
      return false;
    }
  }

  /**
   * Makes a gap of the current command, whose handler failed. If it has changed anything, its keys are taken out. Its
   * regions stay allocated, because some of them may be in use.
   */
  #leaveOut(error: unknown, isPartial: boolean): void {
    const { command, client, args } = this.#call;
    this.unfinished = undefined;
    this.gaps.add(command, this.#arrived, error, isPartial);
    client.replyBuffer.abandonDeferred();
    client.reply.error(NOT_MODELLED);
    if (!isPartial) return;
    args.abandon();
    for (let index = 1; index < command.argumentCount; index++) {
      const bytes = argumentBytes(command, index);
      const hash = hashOf(bytes, 0, bytes.length);
      for (const database of this.databases) database.takeOut(hash, bytes);
    }
    this.keyspace.slots?.settle();
  }

  /** Touches the watches of all arguments, since the changed keys are among them. */
  #touchNamed(command: Command, client: Client): void {
    for (let index = 1; index < command.argumentCount; index++) {
      this.watched.touch(client.database, argumentText(command, index));
    }
  }

  #afterCall(spec: CommandSpec, args: Arguments, isCounted = true): void {
    args.freeOriginal();
    this.keyspace.slots?.settle();
    if (isCounted && this.settings.latencyTracking) this.statistics.called(spec, this.#call.command);
    if (isCounted && this.replication !== undefined) this.#replicate(this.replication, spec, args);
  }

  /**
   * Propagates the changes of a command. EXEC itself changes nothing: the changes of its commands are sent at its end.
   */
  #replicate(replication: Replication, spec: CommandSpec, args: Arguments): void {
    const { dirty, command, client } = this.#call;
    if (dirty > 0 && spec.name !== 'exec') {
      replication.add(client.database, propagatedLengths(spec, command, args.rewriting));
    }
    replication.send();
  }

  #process(spec: CommandSpec, command: Command, client: Client): void {
    const info = subcommandOf(spec, command);
    if (info === undefined) {
      this.#refuse(client, unknownSubcommand(spec.name, argumentText(command, 1)));
      return;
    }
    if (!fitsArity(info.arity, command.argumentCount)) {
      if (spec.name === 'exec') this.#refuseExec(client, discardedBecause(wrongArity(info.name)));
      else this.#refuse(client, wrongArity(info.name));
      return;
    }
    if (this.settings.maxmemory > 0 && !this.#eviction.run() && this.#isDenied(info, client)) {
      this.#refuseFull(spec, client);
      return;
    }
    if (client.transaction.isOpen && !spec.runsInMulti) {
      this.#queue(spec, command, client);
      return;
    }
    this.#carryOut(spec, command, client, client.args);
    if (!this.blocked.isEmpty && this.unfinished === undefined) this.#serveBlocked();
  }

  #isDenied(info: CommandInfo, { transaction }: Client): boolean {
    return this.observed === undefined && isDeniedWhenFull(info, transaction);
  }

  #refuseFull(spec: CommandSpec, client: Client): void {
    if (this.decisions !== undefined) this.decisions.isFull = true;
    if (spec.name === 'exec') this.#refuseExec(client, discardedBecause(OUT_OF_MEMORY));
    else this.#refuse(client, OUT_OF_MEMORY);
  }

  /** Refuses EXEC, which ends the transaction. */
  #refuseExec(client: Client, message: string): void {
    client.reply.error(message);
    client.transaction.discard();
    this.watched.removeAllOf(client);
  }

  #queue(spec: CommandSpec, command: Command, client: Client): void {
    const { transaction } = client;
    if (this.observed !== undefined || !(transaction.isBroken || transaction.isStale)) {
      transaction.queue(spec, command, client.args);
      client.args = new Arguments(this.heap, this.version);
    }
    client.reply.status('QUEUED'.length);
  }

  #refuseUnknown(command: Command, client: Client): void {
    const name = argumentText(command, 0).slice(0, MAX_ECHO);
    this.unknown.add(name);
    this.#refuse(client, `ERR unknown command '${name}', with args beginning with: `);
  }

  /** Refuses a command before it is carried out, which makes EXEC refuse its transaction. */
  #refuse(client: Client, message: string): void {
    client.reply.error(message);
    // A real server may have queued what the model does not know.
    if (client.transaction.isOpen && this.observed?.outcome !== 'executed')
      client.transaction.isBroken = true;
  }

  #complete(client: Client): void {
    if (client.isConnected) client.args.end();
    else client.args.free();
    this.#log.completed(this.#writer.position);
  }

  #clientOf(number: number): Client {
    if (this.#currentNumber === number) return this.#current!;
    this.settle();
    const client = this.connections.byNumber.get(number) ?? this.connect(number);
    this.#current = client;
    this.#currentNumber = number;
    return client;
  }
}

/**
 * Whether a full server refuses the command. It refuses all commands that a transaction would queue, since the queue
 * takes memory.
 */
function isDeniedWhenFull(info: CommandInfo, { isOpen, queued }: Transaction): boolean {
  if (!isOpen || NEVER_QUEUED_FULL.has(info.name)) return info.isDeniedWhenFull;
  if (info.name !== 'exec') return true;
  return queued.some(({ info, command }) => subcommandOf(info, command)?.isDeniedWhenFull === true);
}

const HELD: Pick<Waiting, 'isReady' | 'untilMs'> = {
  isReady: () => false,
  untilMs: Number.POSITIVE_INFINITY,
};

/** Stands for the text of a real server's error, which is not in the stream. */
const REFUSED = 'ERR';
const NOT_MODELLED = 'ERR the command could not be carried out';

const NEVER_QUEUED_FULL: ReadonlySet<string> = new Set(['discard', 'quit', 'reset']);
