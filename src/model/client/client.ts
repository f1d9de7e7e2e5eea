import { SCRIPT_CLIENT } from '../../commands/index.js';
import { type Heap, StructKind } from '../heap/index.js';
import type { ServerVersion } from '../versions/index.js';
import { Arguments } from './arguments.js';
import type { CommandPool } from './command-pool.js';
import type { Connections } from './connections.js';
import type { ErrorNames } from './error-names.js';
import { QueryBuffer, type SharedQueryBuffer } from './query-buffer.js';
import { ReplyBuffer } from './reply-buffer.js';
import { Reply, type ReplySink } from './reply-lengths.js';
import { Transaction } from './transaction.js';

/** The parts of a server that a client is made with. */
export interface ClientContext {
  readonly heap: Heap;
  readonly version: ServerVersion;
  readonly shared: SharedQueryBuffer | undefined;
  readonly pool: CommandPool | undefined;
  readonly connections: Connections;
  readonly errors: ErrorNames;
  readonly nowMs: number;
}

/** State outside of a client that is freed with it. */
export interface ClientEnd {
  /** The vector of its blocked command, which is never carried out. */
  readonly waiting: Arguments | undefined;
  /** unwatchAllKeys */
  unwatch(): void;
}

/** The id of Lua's client, which is the first that a server makes. */
const SCRIPT_CLIENT_ID = 1;

/** A connected client: its buffers, its selected database, its transaction. */
export class Client {
  readonly id: number;
  readonly queryBuffer: QueryBuffer;
  readonly replyBuffer: ReplyBuffer;
  readonly reply: Reply;
  readonly transaction: Transaction;
  args: Arguments;
  database = 0;
  lastCommandMs: number;
  /** Whether its last command waits for its keys. */
  isBlocked = false;
  /** Whether the server frees it after the reply (QUIT). */
  isClosing = false;
  /** Arguments that became its labels, by CLIENT SETNAME and CLIENT SETINFO. */
  readonly labels = new Map<ClientLabel, { readonly object: number; readonly sds: number; length: number }>();
  readonly #heap: Heap;
  readonly #connections: Connections;
  readonly #replyBlocks: number;
  readonly #blockedOn: number;
  readonly #watched: number;
  readonly #subscriptions: readonly number[];
  /** Its node in the list of clients, and its connection; both are 0 for a client without a connection. */
  readonly #inClients: number;
  readonly #connection: number;
  readonly #client: number;

  /** `number` is undefined for the client that carries out a file's commands. It has no connection, nor has a script's. */
  constructor(
    { heap, version, shared, pool, connections, errors, nowMs }: ClientContext,
    readonly number: number | undefined,
  ) {
    this.#heap = heap;
    this.#connections = connections;
    this.args = new Arguments(heap, version);
    this.lastCommandMs = nowMs;
    const { list, dict, listNode } = version.sizes;
    const state = (bytes: number) => heap.malloc(bytes, StructKind.clientState);
    const { isConnected } = this;

    this.#connection = isConnected ? heap.calloc(version.sizes.connection, StructKind.clientState) : 0;
    this.#client = heap.malloc(version.sizes.client, StructKind.client);
    this.replyBuffer = new ReplyBuffer(heap, version);
    this.id = number === SCRIPT_CLIENT ? SCRIPT_CLIENT_ID : connections.nextId();
    this.queryBuffer = new QueryBuffer(heap, version, shared, pool);
    this.queryBuffer.onRead = () => this.replyBuffer.flush();
    this.#replyBlocks = state(list);
    const { makesStateOnDemand } = version.clients;
    this.#blockedOn = makesStateOnDemand ? 0 : state(dict);
    this.#watched = makesStateOnDemand ? 0 : state(list);
    this.#subscriptions = makesStateOnDemand
      ? []
      : [dict, version.clients.patternsInDict ? dict : list, dict].map(state);
    this.#inClients = isConnected ? state(listNode) : 0;
    if (isConnected) connections.link(this);
    this.transaction = new Transaction(heap, version);
    this.reply = new Reply(isConnected ? this.replyBuffer : DISCARDING_SINK, errors);
  }

  /** Whether it has a connection: the clients of files and of scripts have none. */
  get isConnected(): boolean {
    return this.number !== undefined && this.number !== SCRIPT_CLIENT;
  }

  /** Makes an argument a label, in place of the one before. */
  label(which: ClientLabel, args: Arguments, index: number, length: number): void {
    this.unlabel(which);
    if (length === 0) return;
    const object = args.object[index]!;
    const sds = args.sds[index]!;
    this.#heap.retagString(object, sds, StructKind.clientState);
    this.labels.set(which, { object, sds, length });
    args.take(index);
  }

  unlabel(which: ClientLabel): void {
    const { object = 0, sds = 0 } = this.labels.get(which) ?? {};
    if (sds !== 0) this.#heap.free(sds);
    if (object !== 0) this.#heap.free(object);
    this.labels.delete(which);
  }

  /** freeClient */
  free(end?: ClientEnd): void {
    const heap = this.#heap;
    this.queryBuffer.free();
    if (this.#blockedOn !== 0) heap.free(this.#blockedOn);
    end?.unwatch();
    if (this.#watched !== 0) heap.free(this.#watched);
    for (const handle of this.#subscriptions) heap.free(handle);
    this.replyBuffer.free(this.#replyBlocks);
    end?.waiting?.free();
    this.args.free();
    if (this.#connection !== 0) {
      this.#connections.unlink(this);
      heap.free(this.#inClients);
      heap.free(this.#connection);
    }
    for (const which of CLIENT_LABELS) this.unlabel(which);
    this.transaction.free();
    heap.free(this.#client);
  }
}

/** The kinds of label, in the order in which they are freed. */
const CLIENT_LABELS = ['name', 'library', 'version'] as const;
export type ClientLabel = (typeof CLIENT_LABELS)[number];

const DISCARDING_SINK: ReplySink = {
  write() {},
  writeReference() {},
  startDeferred() {},
  endDeferred() {},
};
