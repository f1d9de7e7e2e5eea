import { Arguments } from './arguments.js';
import type { Heap } from './heap.js';
import { Owner } from './owners.js';
import { QueryBuffer, type SharedQueryBuffer } from './query-buffer.js';
import { Reply, type ReplySink } from './reply.js';
import { ReplyBuffer } from './reply-buffer.js';
import type { ServerVersion } from './servers.js';
import { Transaction } from './transaction.js';

/**
 * A connected client: its buffers, the database it has selected, the transaction it may be in. Not modelled: the index
 * of clients by id (a radix tree of a few nodes).
 */
export class Client {
  readonly queryBuffer: QueryBuffer;
  readonly replyBuffer: ReplyBuffer;
  readonly reply: Reply;
  readonly transaction: Transaction;
  args: Arguments;
  database = 0;
  lastCommandMs: number;
  /** Its last command waits for keys to have something. */
  isBlocked = false;
  readonly #heap: Heap;
  /** Everything that is freed as it is when the client goes, in the order in which it is. */
  readonly #state: readonly number[];

  /** `isConnected` is false for the one that carries out a file's commands: nobody reads its replies. */
  constructor(
    heap: Heap,
    version: ServerVersion,
    shared: SharedQueryBuffer | undefined,
    nowMs: number,
    isConnected = true,
  ) {
    this.#heap = heap;
    this.args = new Arguments(heap, version);
    this.lastCommandMs = nowMs;
    const { list, dict, listNode } = version;
    const state = (bytes: number) => heap.malloc(bytes, Owner.clientState);

    const connection = isConnected ? heap.calloc(version.connection, Owner.clientState) : 0;
    const client = heap.malloc(version.client, Owner.client);
    this.replyBuffer = new ReplyBuffer(heap, version);
    this.queryBuffer = new QueryBuffer(heap, version, shared);
    this.queryBuffer.onRead = () => this.replyBuffer.flush();
    const replyBlocks = state(list);
    const blockedOn = state(dict);
    const watched = state(list);
    const channels = state(dict);
    const patterns = state(version.generation === 70 ? list : dict);
    const shardChannels = state(dict);
    const inClients = isConnected ? state(listNode) : 0;
    this.#state = [
      channels,
      patterns,
      shardChannels,
      blockedOn,
      watched,
      replyBlocks,
      inClients,
      connection,
      client,
    ];
    this.transaction = new Transaction(heap, version);
    this.reply = new Reply(isConnected ? this.replyBuffer : NOBODY);
  }

  /** freeClient */
  free(): void {
    this.transaction.discard();
    this.queryBuffer.free();
    this.replyBuffer.free();
    for (const handle of this.#state) if (handle !== 0) this.#heap.free(handle);
  }
}

const NOBODY: ReplySink = { write() {}, startDeferred() {}, endDeferred() {} };
