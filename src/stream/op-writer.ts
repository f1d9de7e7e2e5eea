import { memoryOf, NumberPool } from '../base/index.js';
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

/** 768 KiB a chunk: large enough that the call per chunk costs nothing, small enough for the second-level cache. */
export const DEFAULT_CHUNK_CAPACITY = 65_536;

/**
 * Writes an operation stream: each method appends one operation and nothing is allocated per operation.
 *
 * Handles start at 1, so that models can keep 0 for "none". A freed handle is the next one handed out.
 *
 * A producer is a generator that looks at `full` between its steps:
 *
 *     for (const key of keys) {
 *       … writer.malloc(…) …
 *       if (writer.full) yield* writer.takeFull();
 *     }
 *     yield* writer.takeAll();
 *
 * A step may write any number of operations: chunks that fill up meanwhile wait in a queue.
 */
export class OpWriter {
  readonly #capacity: number;
  readonly #handles = new NumberPool(1, MAX_HANDLE, 'allocations');
  /** The chunk that is being written: its columns one behind the other. */
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

  /** Operations written so far: the position of the next one. */
  get position(): number {
    return this.#firstPosition + this.#length;
  }

  /** All handles so far are below it. */
  get handlesEnd(): number {
    return this.#handles.end;
  }

  /** Those of them that are not allocated. To be read at once. */
  get freeHandles(): Uint32Array {
    return this.#handles.returned;
  }

  /** True when at least one whole chunk is ready to be taken. */
  get full(): boolean {
    return this.#complete.length > 0;
  }

  malloc(sizeBytes: number, owner = 0): number {
    return this.#obtain(Kind.malloc, sizeBytes, owner);
  }

  calloc(sizeBytes: number, owner = 0): number {
    return this.#obtain(Kind.calloc, sizeBytes, owner);
  }

  /** aligned_alloc(1 << alignmentLog2, sizeBytes) */
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

  /** `sizeBytes` is the size last asked for. */
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

  purge(): void {
    this.#append(Kind.purge, 0, 0);
  }

  decay(): void {
    this.#append(Kind.decay, 0, 0);
  }

  flushTcache(): void {
    this.#append(Kind.flushTcache, 0, 0);
  }

  /** Marks the slabs that are open now as the cohort that cohort DSR is about. */
  mark(): void {
    this.#append(Kind.mark, 0, 0);
  }

  /** Ends phase number `phase` with a survey. */
  sweep(phase: number): void {
    this.#append(Kind.sweep, 0, checkedArgument('phase', phase, 0xffffffff));
  }

  /** The whole chunks that are ready. The caller owns them: the writer never touches them again. */
  takeFull(): OpChunk[] {
    const chunks = this.#complete;
    this.#complete = [];
    return chunks;
  }

  /** All that was written and not yet taken; the last chunk may be a short one. */
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
  return new Uint32Array(memoryOf(capacity * OPERATION_BYTES));
}

// jemalloc would take a size of 0 as "free" in realloc and leaves it undefined in mallocx, so a stream has none.
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
