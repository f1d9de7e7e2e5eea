import { Arguments } from './arguments.js';
import type { Heap } from './heap.js';
import { Owner } from './owners.js';
import { QueryBuffer, type SharedQueryBuffer } from './query-buffer.js';
import { Reply } from './reply.js';
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
  readonly #heap: Heap;
  /** Everything that is freed as it is when the client goes, in the order in which it is. */
  readonly #state: readonly number[];

  constructor(heap: Heap, version: ServerVersion, shared: SharedQueryBuffer | undefined, nowMs: number) {
    this.#heap = heap;
    this.args = new Arguments(heap, version);
    this.lastCommandMs = nowMs;
    const { list, dict, listNode } = version;
    const state = (bytes: number) => heap.malloc(bytes, Owner.clientState);

    const connection = heap.calloc(version.connection, Owner.clientState);
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
    const inClients = state(listNode);
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
    this.reply = new Reply(this.replyBuffer);
  }

  /** freeClient */
  free(): void {
    this.transaction.discard();
    this.queryBuffer.free();
    this.replyBuffer.free();
    for (const handle of this.#state) this.#heap.free(handle);
  }
}
