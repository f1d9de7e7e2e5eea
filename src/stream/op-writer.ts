import { NumberPool } from '../base/index.js';
import { chunkMemory } from './chunk-memory.js';
import { DEFRAG_SETTINGS, type DefragSetting, SCAN_NS_SHIFT } from './defrag.js';
import {
  columnsOver,
  Kind,
  MAX_HANDLE,
  MAX_OWNER,
  MAX_SIZE,
  MAX_THREADS,
  OPERATION_BYTES,
  type OpChunk,
} from './operation.js';

/** Operations of a chunk (768 KiB): many enough to amortise the call per chunk, few enough for the L2 cache. */
export const DEFAULT_CHUNK_CAPACITY = 65_536;

/**
 * Writes an operation stream. Each method appends one operation and allocates no memory. Methods that allocate return
 * the handle. All throw a RangeError for arguments out of range.
 *
 * Handles start at 1, so that models can use 0 for "none". The last freed handle is reused first. `owner` is the owner
 * tag of operation.ts.
 *
 * A producer is a generator that checks `full` between its steps:
 *
 *     for (const key of keys) {
 *       … writer.malloc(…) …
 *       if (writer.full) yield* writer.takeFull();
 *     }
 *     yield* writer.takeAll();
 *
 * A step may write any number of operations; full chunks wait in a queue.
 */
export class OpWriter {
  readonly #capacity: number;
  readonly #handles = new NumberPool(1, MAX_HANDLE, 'allocations');
  /** The columns `what`, `handle` and `size` of the current chunk, one after the other. */
  #words: Uint32Array;
  #length = 0;
  #firstPosition = 0;
  #complete: OpChunk[] = [];

  constructor(chunkCapacity = DEFAULT_CHUNK_CAPACITY) {
    if (!Number.isInteger(chunkCapacity) || chunkCapacity < 1) {
      throw new RangeError(`chunk capacity ${chunkCapacity}: must be a whole number of at least 1`);
    }
    this.#capacity = chunkCapacity;
    this.#words = newWords(chunkCapacity);
  }

  /** Number of operations written, which is the position of the next one. */
  get position(): number {
    return this.#firstPosition + this.#length;
  }

  /** One past the highest handle used so far. */
  get handlesEnd(): number {
    return this.#handles.end;
  }

  /** The handles below handlesEnd that are not allocated. The view is valid until the next operation. */
  get freeHandles(): Uint32Array {
    return this.#handles.returned;
  }

  /** Whether takeFull would return a chunk. */
  get full(): boolean {
    return this.#complete.length > 0;
  }

  malloc(sizeBytes: number, owner = 0): number {
    return this.#obtain(Kind.malloc, sizeBytes, owner);
  }

  calloc(sizeBytes: number, owner = 0): number {
    return this.#obtain(Kind.calloc, sizeBytes, owner);
  }

  /** Appends aligned_alloc(1 << alignmentLog2, sizeBytes). */
  aligned(alignmentLog2: number, sizeBytes: number, owner = 0): number {
    if (!Number.isInteger(alignmentLog2) || alignmentLog2 < 3 || alignmentLog2 > 30) {
      throw new RangeError(`alignment 2^${alignmentLog2}: the exponent must be 3 to 30`);
    }
    return this.#obtain(Kind.aligned + alignmentLog2, sizeBytes, owner);
  }

  mallocNoTcache(sizeBytes: number, owner = 0): number {
    return this.#obtain(Kind.mallocNoTcache, sizeBytes, owner);
  }

  realloc(handle: number, sizeBytes: number, owner = 0): void {
    this.#change(Kind.realloc, handle, sizeBytes, owner);
  }

  rallocx(handle: number, sizeBytes: number, owner = 0): void {
    this.#change(Kind.rallocx, handle, sizeBytes, owner);
  }

  xallocx(handle: number, sizeBytes: number, owner = 0): void {
    this.#change(Kind.xallocx, handle, sizeBytes, owner);
  }

  free(handle: number): void {
    this.#release(Kind.free, handle, 0);
  }

  /** Appends a sized free. `sizeBytes` must be the size last requested for the handle. */
  freeSized(handle: number, sizeBytes: number): void {
    this.#release(Kind.freeSized, handle, checkedSize(sizeBytes));
  }

  freeNoTcache(handle: number): void {
    this.#release(Kind.freeNoTcache, handle, 0);
  }

  /** Advances the virtual clock. */
  advance(milliseconds: number): void {
    this.#append(Kind.advance, 0, checkedArgument('milliseconds', milliseconds, 0xffffffff));
  }

  /** Continues as simulated thread `number`. */
  thread(number: number): void {
    this.#append(Kind.thread, 0, checkedArgument('thread', number, MAX_THREADS - 1));
  }

  /** Ends simulated thread `number`. If it is the current one, what follows are calls of its late destructors. */
  threadEnd(number: number): void {
    this.#append(Kind.threadEnd, 0, checkedArgument('thread', number, MAX_THREADS - 1));
  }

  /** Gives the current thread a new arena that no other thread uses. */
  ownArena(): void {
    this.#append(Kind.ownArena, 0, 0);
  }

  purge(): void {
    this.#append(Kind.purge, 0, 0);
  }

  decay(): void {
    this.#append(Kind.decay, 0, 0);
  }

  flushTcache(): void {
    this.#append(Kind.flushTcache, 0, 0);
  }

  /** Makes the slabs that are open now the cohort of cohort DSR. */
  mark(): void {
    this.#append(Kind.mark, 0, 0);
  }

  /** Ends phase number `phase` with a survey. */
  sweep(phase: number): void {
    this.#append(Kind.sweep, 0, checkedArgument('phase', phase, 0xffffffff));
  }

  /** Gives a setting of the defragger a value, a whole number of up to 53 bits. */
  defragSet(setting: DefragSetting, value: number): void {
    checkedArgument(setting, value, Number.MAX_SAFE_INTEGER);
    const upper = Math.floor(value / 2 ** 32);
    this.#append(Kind.defragSet | (upper << 8), DEFRAG_SETTINGS.indexOf(setting), value % 2 ** 32);
  }

  /** Begins a pass of the defragger, or ends it. */
  defragPass(begins: boolean): void {
    this.#append(Kind.defragPass, 0, begins ? 1 : 0);
  }

  /** Tries a region of a scan. `marks` are SCAN_BEGINS_KEY and SCAN_ENDS_KEY, `scanNs` the time to reach the region. */
  defragTry(handle: number, marks: number, scanNs: number): void {
    this.#append(Kind.defragTry, checkedHandle(handle), marks | (scanNs << SCAN_NS_SHIFT));
  }

  /** Allocates a region for the defragger itself, which exists only while the engine's defragger runs. */
  defragMalloc(sizeBytes: number, owner = 0): number {
    return this.#obtain(Kind.defragMalloc, sizeBytes, owner);
  }

  defragFree(handle: number): void {
    this.#release(Kind.defragFree, handle, 0);
  }

  /** Returns the full chunks, which the caller then owns. */
  takeFull(): OpChunk[] {
    const chunks = this.#complete;
    this.#complete = [];
    return chunks;
  }

  /** Returns all chunks not yet taken; the last one may be short. */
  takeAll(): OpChunk[] {
    if (this.#length > 0) this.#finishChunk();
    return this.takeFull();
  }

  #obtain(kind: number, sizeBytes: number, owner: number): number {
    checkedSize(sizeBytes);
    checkedOwner(owner);
    const handle = this.#handles.take();
    this.#append(kind | (owner << 8), handle, sizeBytes);
    return handle;
  }

  #change(kind: number, handle: number, sizeBytes: number, owner: number): void {
    checkedSize(sizeBytes);
    checkedOwner(owner);
    this.#append(kind | (owner << 8), checkedHandle(handle), sizeBytes);
  }

  #release(kind: number, handle: number, sizeBytes: number): void {
    this.#append(kind, checkedHandle(handle), sizeBytes);
    this.#handles.give(handle);
  }

  #append(what: number, handle: number, size: number): void {
    const at = this.#length;
    const capacity = this.#capacity;
    const words = this.#words;
    words[at] = what;
    words[(at + capacity) | 0] = handle;
    words[(at + capacity + capacity) | 0] = size;
    this.#length = at + 1;
    if (this.#length === capacity) this.#finishChunk();
  }

  #finishChunk(): void {
    const length = this.#length;
    const columns = columnsOver(this.#words.buffer, this.#capacity);
    this.#complete.push({ firstPosition: this.#firstPosition, length, ...columns });
    this.#firstPosition += length;
    this.#length = 0;
    this.#words = newWords(this.#capacity);
  }
}

function newWords(capacity: number): Uint32Array {
  return new Uint32Array(chunkMemory.take(capacity * OPERATION_BYTES));
}

// Size 0 is refused: jemalloc's realloc would free the region, and in mallocx it is undefined.
function checkedSize(sizeBytes: number): number {
  if (sizeBytes >= 1 && sizeBytes <= MAX_SIZE && (sizeBytes | 0) === sizeBytes) return sizeBytes;
  throw new RangeError(`size ${sizeBytes}: must be a whole number of bytes from 1 to ${MAX_SIZE}`);
}

function checkedOwner(owner: number): void {
  if ((owner | 0) !== owner || owner < 0 || owner > MAX_OWNER) checkedArgument('owner', owner, MAX_OWNER);
}

function checkedHandle(handle: number): number {
  if (handle >= 1 && handle <= MAX_HANDLE && (handle | 0) === handle) return handle;
  throw new RangeError(`handle ${handle}: not a handle that this writer gave out`);
}

function checkedArgument(what: string, value: number, max: number): number {
  if (value >= 0 && value <= max && Number.isInteger(value)) return value;
  throw new RangeError(`${what} ${value}: must be a whole number from 0 to ${max}`);
}
