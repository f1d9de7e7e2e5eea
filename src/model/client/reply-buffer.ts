import { KIB } from '../../base/index.js';
import { type Heap, StructKind } from '../heap/index.js';
import type { ServerVersion } from '../versions/index.js';
import type { ReplySink } from './reply-lengths.js';

const MIN_BUFFER = 1024;
const PEAK_RESET_MS = 5000;
/** A deferred length is put into the next block only if that block has at most this many bytes to move. */
const MAX_MOVED = 4 * 16 * KIB;

/** A list node and its block. The node of a deferred length has no block yet. */
interface Block {
  readonly node: number;
  handle: number;
  size: number;
  used: number;
  /** Whether it has references, and keeps each part of a reply whole. */
  inParts: boolean;
}

/**
 * A client's replies until they are written to its socket. They fill a buffer, whose size cron adapts to its use, and then
 * blocks. All of them are written before the next read.
 */
export class ReplyBuffer implements ReplySink {
  readonly #heap: Heap;
  readonly #version: ServerVersion;
  #buffer: number;
  #size: number;
  #used = 0;
  /** Whether the buffer has references, and keeps each part of a reply whole. */
  #inParts = false;
  #peak: number;
  /** A new client's time is in seconds but read as milliseconds, so its first tick always resets the peak. */
  #peakResetMs = Number.NEGATIVE_INFINITY;
  #blocks: Block[] = [];
  #waitsToBeWritten = false;
  /** Its node in the list of clients to write to, if that is an allocation. */
  #pendingNode = 0;

  constructor(heap: Heap, version: ServerVersion) {
    this.#heap = heap;
    this.#version = version;
    this.#buffer = heap.malloc(version.clients.replyBuffer, StructKind.replyBuffer);
    this.#size = heap.usableOf(this.#buffer);
    this.#peak = this.#size;
  }

  /** Bytes of the buffer without the blocks. */
  get size(): number {
    return this.#size;
  }

  write(bytes: number): void {
    if (!this.#waitsToBeWritten) this.#wait();
    let left = bytes;
    if (this.#blocks.length === 0) {
      if (this.#inParts) {
        if (this.#takePart(bytes)) return;
      } else {
        const taken = Math.min(left, this.#size - this.#used);
        this.#used += taken;
        if (this.#peak < this.#used) this.#peak = this.#used;
        left -= taken;
      }
    }
    if (left > 0) this.#writeToBlocks(left, false);
  }

  writeReference(): void {
    const { replyPartHead, replyReference } = this.#version.sizes;
    if (replyPartHead === 0) {
      this.write(replyReference);
      return;
    }
    if (!this.#waitsToBeWritten) this.#wait();
    const isPossible = this.#blocks.length === 0 && (this.#inParts || this.#used === 0);
    if (isPossible && this.#takePart(replyReference)) this.#inParts = true;
    else this.#writeToBlocks(replyReference, true);
  }

  /** Adds a part with its head to the buffer, if there is room (tryAddPayload). */
  #takePart(bytes: number): boolean {
    const used = this.#used + this.#version.sizes.replyPartHead + bytes;
    if (used > this.#size) return false;
    this.#used = used;
    if (this.#peak < used) this.#peak = used;
    return true;
  }

  startDeferred(): void {
    if (!this.#waitsToBeWritten) this.#wait();
    this.#trimLast();
    this.#blocks.push({ node: this.#newNode(), handle: 0, size: 0, used: 0, inParts: false });
  }

  /** Puts a deferred length into the block before, the block after, or a new block (setDeferredReply). */
  endDeferred(bytes: number): void {
    let at = this.#blocks.length - 1;
    while (at >= 0 && this.#blocks[at]?.handle !== 0) at--;
    const waiting = this.#blocks[at];
    if (waiting === undefined) throw new Error('a deferred length was ended that was not started');
    const [before, after] = [at - 1, at + 1].map((index) => {
      const block = this.#blocks[index];
      return block?.inParts === true ? undefined : block;
    });
    let left = bytes;
    if (before !== undefined && before.size > before.used) {
      const taken = Math.min(left, before.size - before.used);
      before.used += taken;
      left -= taken;
    }
    if (left > 0 && (after === undefined || after.size - after.used < left || after.used >= MAX_MOVED)) {
      const { replyBlockHead } = this.#version.sizes;
      waiting.handle = this.#heap.malloc(left + replyBlockHead, StructKind.replyBlock);
      waiting.size = this.#heap.usableOf(waiting.handle) - replyBlockHead;
      waiting.used = left;
      return;
    }
    if (left > 0 && after !== undefined) after.used += left;
    this.#heap.free(waiting.node);
    this.#blocks.splice(at, 1);
  }

  /** Gives up deferred lengths that were not ended, after a command that failed. */
  abandonDeferred(): void {
    for (const { handle, node } of this.#blocks) if (handle === 0) this.#heap.free(node);
    this.#blocks = this.#blocks.filter(({ handle }) => handle !== 0);
  }

  /** Writes the replies to the socket, as beforeSleep does. */
  flush(): void {
    if (!this.#waitsToBeWritten) return;
    this.#waitsToBeWritten = false;
    if (this.#pendingNode !== 0) this.#heap.free(this.#pendingNode);
    this.#pendingNode = 0;
    this.#used = 0;
    this.#inParts = false;
    if (this.#blocks.length === 0) return;
    for (const { handle, node } of this.#blocks) {
      this.#heap.free(handle);
      this.#heap.free(node);
    }
    this.#blocks = [];
  }

  /** clientsCronResizeOutputBuffer */
  cron(nowMs: number): void {
    const { replyBuffer } = this.#version.clients;
    const half = Math.floor(this.#size / 2);
    let size = 0;
    if (half >= MIN_BUFFER && this.#peak < half) size = Math.max(MIN_BUFFER, this.#peak + 1);
    else if (this.#size * 2 < replyBuffer * 2 && this.#peak === this.#size) {
      size = Math.min(replyBuffer, this.#size * 2);
    }
    if (nowMs - this.#peakResetMs >= PEAK_RESET_MS) {
      this.#peak = this.#used;
      this.#peakResetMs = nowMs;
    }
    if (size === 0) return;
    const buffer = this.#heap.malloc(size, StructKind.replyBuffer);
    this.#heap.free(this.#buffer);
    this.#buffer = buffer;
    this.#size = this.#heap.usableOf(buffer);
  }

  /** Whether cron leaves the buffer as it is, however long its client is idle. */
  get isAtRest(): boolean {
    return this.#peak === this.#used && this.#peak < this.#size && Math.floor(this.#size / 2) < MIN_BUFFER;
  }

  /** Sets the time of the last reset to what `skip` makes of it, for visits of cron that change nothing else. */
  skipResets(skip: (peakResetMs: number, resetEveryMs: number) => number): void {
    this.#peakResetMs = skip(this.#peakResetMs, PEAK_RESET_MS);
  }

  /** Frees the blocks, then `blocks`, which is their list, then the buffer. */
  free(blocks: number): void {
    this.flush();
    this.#heap.free(blocks);
    this.#heap.free(this.#buffer);
  }

  #wait(): void {
    this.#waitsToBeWritten = true;
    if (this.#version.clients.pendingWriteNode) this.#pendingNode = this.#newNode();
  }

  #writeToBlocks(bytes: number, isReference: boolean): void {
    const { clients, sizes } = this.#version;
    let left = bytes;
    const last = this.#blocks.at(-1);
    if (last !== undefined && last.handle !== 0) {
      if (last.inParts) {
        const used = last.used + sizes.replyPartHead + bytes;
        if (used <= last.size) {
          last.used = used;
          return;
        }
      } else if (!isReference) {
        const taken = Math.min(left, last.size - last.used);
        last.used += taken;
        left -= taken;
        if (left === 0) return;
      }
    }
    const used = isReference ? sizes.replyPartHead + left : left;
    const room = Math.max(used, clients.replyBuffer) + sizes.replyBlockHead;
    const handle = this.#heap.malloc(room, StructKind.replyBlock);
    const size = this.#heap.usableOf(handle) - sizes.replyBlockHead;
    this.#blocks.push({ node: this.#newNode(), handle, size, used, inParts: isReference });
  }

  #trimLast(): void {
    const last = this.#blocks.at(-1);
    if (last === undefined || last.handle === 0) return;
    const { clients, sizes } = this.#version;
    if (last.size - last.used <= Math.floor(last.size / 4) || last.used >= clients.replyBuffer) return;
    this.#heap.realloc(last.handle, last.used + sizes.replyBlockHead, StructKind.replyBlock);
    last.size = this.#heap.usableOf(last.handle) - sizes.replyBlockHead;
  }

  #newNode(): number {
    return this.#heap.malloc(this.#version.sizes.listNode, StructKind.clientState);
  }
}
