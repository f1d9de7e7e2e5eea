import { KIB } from '../../base/index.js';
import { DataType, type Heap, StructKind } from '../heap/index.js';
import { RadixTree } from '../values/index.js';
import type { ServerVersion, StructSizes } from '../versions/index.js';

/** PROTO_REPLY_CHUNK_BYTES: a block has room for at least that, and at most for a part of the backlog. */
const LEAST_ROOM = 16 * KIB;
const PARTS = 16;
/** Every so many blocks one is entered in the index. */
const BLOCKS_PER_ENTRY = 64;
/** Blocks that are given up at one time, at most. */
const TRIMMED_AT_ONCE = 64;

interface Block {
  readonly handle: number;
  readonly node: number;
  readonly size: number;
  used: number;
  /** Of its first byte in the stream. */
  readonly offset: number;
}

/**
 * What replicas are sent, kept for those that were away for a while: blocks in a list, the oldest of which go once the
 * rest is long enough. There is only this one copy: a block that replicas have yet to read stays.
 */
export class ReplicationBacklog {
  /** Bytes of the stream so far. */
  offset = 0;
  readonly #heap: Heap;
  readonly #sizes: StructSizes;
  readonly #index: RadixTree<Block>;
  readonly #key = new DataView(new ArrayBuffer(8));
  /** From `#first` on; what is before has been given up. */
  #blocks: Block[] = [];
  #first = 0;
  /** Place of the block that replicas are at. */
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

  /** Bytes of blocks beyond what a backlog of its size has. */
  get excess(): number {
    if (this.#bytes <= this.#limit) return 0;
    const heads = (Math.floor(this.#limit / LEAST_ROOM) + 1) * this.#blockOverhead;
    return Math.max(0, this.#bytes - this.#limit - heads);
  }

  /** feedReplicationBuffer */
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

  /** Replicas have read all there is. */
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

  /** incrementalTrimReplicationBacklog */
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
