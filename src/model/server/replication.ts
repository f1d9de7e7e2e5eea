import { type Command, CommandWriter } from '../../commands/index.js';
import { type Client, decimalLength } from '../client/index.js';
import { type Heap, StructKind } from '../heap/index.js';
import type { Settings } from '../settings/index.js';
import type { ServerVersion } from '../versions/index.js';
import type { CommandStatistics } from './command-statistics.js';
import type { CommandTable } from './command-table.js';
import { ReplicationBacklog } from './replication-backlog.js';

/** Client number of the first replica; the others follow downwards. No input has these numbers. */
const REPLICA = 0xfffffffe;
/** The seconds between two pings to replicas (repl-ping-replica-period). */
const PING_SECONDS = 10;
/** Initial room, in commands, of the array of commands to propagate. */
const FIRST_ROOM = 16;

const PING = [4];
const MULTI = [5];
const EXEC = [4];

/** Commands with which a replica introduces itself. */
const HANDSHAKE = ['ping', 'replconf', 'psync'];

interface Propagated {
  readonly database: number;
  /** The length of each word. */
  readonly lengths: readonly number[];
}

/** Offers the parts of a server that its replication uses. */
export interface ReplicatedServer {
  readonly heap: Heap;
  readonly version: ServerVersion;
  readonly settings: Settings;
  readonly statistics: CommandStatistics;
  connect(number: number): Client;
}

/**
 * Models the master's side of replication: changes pass through the backlog in their propagated form. The replicas read
 * as fast as the master writes, so that no output is pending after a command.
 */
export class Replication {
  /** Whether a transaction or script is running, whose changes are sent together. */
  isNested = false;
  readonly #server: ReplicatedServer;
  readonly #backlog: ReplicationBacklog;
  readonly #replicas: Client[] = [];
  readonly #writer = new CommandWriter();
  readonly #waiting: Propagated[] = [];
  /** The database of the last SELECT in the stream. */
  #selected = -1;
  #seconds = 0;
  #array = 0;
  #room = 0;
  #nextMs: number;

  constructor(server: ReplicatedServer, commands: CommandTable, replicas: number, nowMs: number) {
    this.#server = server;
    const { heap, version } = server;
    this.#backlog = new ReplicationBacklog(heap, version, server.settings.replBacklogSize);
    for (let index = 0; index < replicas; index++) {
      this.#replicas.push(server.connect(REPLICA - index));
      heap.malloc(version.sizes.listNode, StructKind.clientState);
    }
    this.#nextMs = nowMs + 1000;
    this.#shakeHands(commands);
  }

  #shakeHands(commands: CommandTable): void {
    const { settings, statistics } = this.#server;
    if (!settings.latencyTracking) return;
    for (const name of HANDSHAKE) {
      const info = commands.info(name);
      if (info !== undefined) statistics.called(info, this.#writer.words(name));
    }
  }

  /** Resizes the backlog, as CONFIG SET repl-backlog-size does. */
  resize(bytes: number): void {
    this.#backlog.resize(bytes);
  }

  /** Bytes of the stream so far (master_repl_offset). */
  get offset(): number {
    return this.#backlog.offset;
  }

  /** Bytes that eviction does not count: blocks beyond the backlog's size. */
  get notCounted(): number {
    return this.#backlog.excess;
  }

  /** Adds a command to those that the next `send` propagates (alsoPropagate). */
  add(database: number, lengths: readonly number[]): void {
    this.#waiting.push({ database, lengths });
  }

  /** Propagates the deletion of an expired or evicted key. */
  deleted(database: number, nameLength: number, isLazy: boolean): void {
    this.add(database, [isLazy ? 'UNLINK'.length : 'DEL'.length, nameLength]);
  }

  /** Propagates the pending commands, several as one transaction (propagatePendingCommands). */
  send(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0 || this.isNested) return;
    const given = this.#copies();
    const first = waiting[0]!.database;
    const isTransaction = waiting.length > 1;
    if (isTransaction) this.#feed(first, MULTI);
    for (const { database, lengths } of waiting) this.#feed(database, lengths);
    if (isTransaction) this.#feed(this.#selected, EXEC);
    for (const handle of given) this.#server.heap.free(handle);
    this.#waiting.length = 0;
    this.#backlog.wasSent();
  }

  /** Runs replicationCron, and the acknowledgement that each replica sends every second. */
  tick(nowMs: number): void {
    for (; this.#nextMs <= nowMs; this.#nextMs += 1000) {
      if (this.#seconds++ % PING_SECONDS === 0) {
        this.#feed(this.#selected, PING);
        this.#backlog.wasSent();
      }
      for (const replica of this.#replicas) this.#acknowledge(replica, nowMs);
    }
  }

  #acknowledge(replica: Client, nowMs: number): void {
    const command: Command = this.#writer.words('REPLCONF', 'ACK', `${this.#backlog.offset}`);
    replica.lastCommandMs = nowMs;
    replica.queryBuffer.receive(command, replica.args, true);
    replica.args.free();
    replica.queryBuffer.endOfInput();
  }

  /** Allocates a copy of each pending vector, and the array of the copies. Returns the regions that `send` frees. */
  #copies(): number[] {
    const { heap, version } = this.#server;
    let room = FIRST_ROOM;
    while (room < this.#waiting.length) room *= 2;
    const vectors = this.#waiting.map(({ lengths }) =>
      heap.malloc(lengths.length * version.sizes.pointer, StructKind.temporary),
    );
    vectors.reverse();
    const bytes = room * version.sizes.propagatedCommand;
    if (!version.commands.keepsPropagatedArray) return [...vectors, heap.malloc(bytes, StructKind.temporary)];
    if (this.#array === 0) this.#array = heap.malloc(bytes, StructKind.clientState);
    else if (room > this.#room) heap.realloc(this.#array, bytes, StructKind.clientState);
    this.#room = Math.max(this.#room, room);
    return vectors;
  }

  /** Writes a command to the stream, after a SELECT if the database differs (replicationFeedSlaves). */
  #feed(database: number, lengths: readonly number[]): void {
    const backlog = this.#backlog;
    if (database !== this.#selected) {
      this.#selected = database;
      backlog.feed('*2\r\n$6\r\nSELECT\r\n$1\r\n\r\n'.length + decimalLength(database));
    }
    backlog.feed(1 + decimalLength(lengths.length) + 2);
    for (const length of lengths) {
      backlog.feed(1 + decimalLength(length) + 2);
      backlog.feed(length);
      backlog.feed(2);
    }
  }
}
