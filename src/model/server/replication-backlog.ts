import { KIB } from '../../base/index.js';
import { DataType, type Heap, StructKind } from '../heap/index.js';
import { RadixTree } from '../values/index.js';
import type { ServerVersion, StructSizes } from '../versions/index.js';

/** Least room of a block in bytes (PROTO_REPLY_CHUNK_BYTES). At most it has room for one of PARTS of the backlog. */
const LEAST_ROOM = 16 * KIB;
const PARTS = 16;
/** Blocks for each entry in the index. */
const BLOCKS_PER_ENTRY = 64;
/** Blocks that one trim frees, at most. */
const TRIMMED_AT_ONCE = 64;

interface Block {
  readonly handle: number;
  readonly node: number;
  readonly size: number;
  used: number;
  /** The offset of its first byte in the stream. */
  readonly offset: number;
}

/**
 * Keeps the replication stream for replicas that reconnect. It is a list of blocks, the oldest of which are freed once
 * the rest is long enough. It is the only copy: blocks that replicas have not read yet stay.
 */
export class ReplicationBacklog {
  /** Bytes of the stream so far. */
  offset = 0;
  readonly #heap: Heap;
  readonly #sizes: StructSizes;
  readonly #index: RadixTree<Block>;
  readonly #key = new DataView(new ArrayBuffer(8));
  /** The blocks from `#first` on are allocated; those before it are freed. */
  #blocks: Block[] = [];
  #first = 0;
  /** The index of the block that replicas read; -1 before the first block. */
  #read = -1;
  #kept = 0;
  #bytes = 0;
  #notIndexed = 0;
  #limit: number;

  constructor(heap: Heap, { sizes }: ServerVersion, limit: number) {
    this.#heap = heap;
    this.#sizes = sizes;
    this.#limit = limit;
    heap.malloc(sizes.replicationBacklog, StructKind.replicationBacklog);
    this.#index = new RadixTree(heap, sizes, DataType.server);
  }

  /** Bytes that each block takes besides its stream: its head and its list node. */
  get #blockOverhead(): number {
    return this.#sizes.replicationBlockHead + this.#sizes.listNode;
  }

  resize(limit: number): void {
    this.#limit = limit;
    this.#trim();
  }

  /** Bytes of blocks beyond the configured size of the backlog and its block heads. */
  get excess(): number {
    if (this.#bytes <= this.#limit) return 0;
    const heads = (Math.floor(this.#limit / LEAST_ROOM) + 1) * this.#blockOverhead;
    return Math.max(0, this.#bytes - this.#limit - heads);
  }

  /** Appends bytes to the stream (feedReplicationBuffer). */
  feed(bytes: number): void {
    let left = bytes;
    while (left > 0) {
      const tail = this.#blocks.at(-1);
      if (tail !== undefined && tail.size > tail.used) left -= this.#fill(tail, left);
      if (left === 0) return;
      left -= this.#fill(this.#newBlock(left), left);
      if (this.#read < 0) this.#read = this.#blocks.length - 1;
      this.#trim();
    }
  }

  /** Marks the whole stream as read by the replicas. */
  wasSent(): void {
    const last = this.#blocks.length - 1;
    while (this.#read < last) {
      this.#read++;
      this.#trim();
    }
  }

  #fill(block: Block, bytes: number): number {
    const taken = Math.min(bytes, block.size - block.used);
    block.used += taken;
    this.offset += taken;
    this.#kept += taken;
    return taken;
  }

  #newBlock(bytes: number): Block {
    const most = Math.max(Math.floor(this.#limit / PARTS), LEAST_ROOM);
    const room = Math.min(Math.max(bytes, LEAST_ROOM), most);
    const { replicationBlockHead, listNode } = this.#sizes;
    const handle = this.#heap.malloc(room + replicationBlockHead, StructKind.replicationBacklog);
    const size = this.#heap.usableOf(handle) - replicationBlockHead;
    const node = this.#heap.malloc(listNode, StructKind.replicationBacklog);
    const block = { handle, node, size, used: 0, offset: this.offset + 1 };
    this.#blocks.push(block);
    this.#bytes += size + this.#blockOverhead;
    this.#notIndexed++;
    if (this.#notIndexed === BLOCKS_PER_ENTRY) {
      this.#index.insert(this.#keyOf(block), block);
      this.#notIndexed = 0;
    }
    return block;
  }

  /** Frees the oldest blocks beyond the limit (incrementalTrimReplicationBacklog). */
  #trim(): void {
    for (let trimmed = 0; trimmed < TRIMMED_AT_ONCE; trimmed++) {
      const first = this.#blocks[this.#first];
      if (first === undefined || this.#first >= this.#read) break;
      if (this.#kept - first.size <= this.#limit) break;
      this.#kept -= first.size;
      this.#bytes -= first.size + this.#blockOverhead;
      this.#index.remove(this.#keyOf(first));
      this.#heap.free(first.handle);
      this.#heap.free(first.node);
      this.#first++;
    }
    this.#forgetTrimmed();
  }

  #forgetTrimmed(): void {
    if (this.#first < 1024) return;
    this.#blocks = this.#blocks.slice(this.#first);
    this.#read -= this.#first;
    this.#first = 0;
  }

  #keyOf({ offset }: Block): Uint8Array {
    this.#key.setBigUint64(0, BigInt(offset));
    return new Uint8Array(this.#key.buffer);
  }
}
