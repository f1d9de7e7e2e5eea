/**
 * The operation stream: the calls of a program to its allocator, and nothing else.
 *
 * An operation is three 32-bit words, kept as three columns:
 *
 *     what    bits 0-7: the kind; bits 8-31: the owner tag (the use of the region; 0: unknown)
 *     handle  the number of the allocation, chosen by the producer of the stream
 *     size    requested bytes; for control operations, their argument
 *
 * defrag.ts describes the operations of active defragmentation.
 *
 * The owner shares a word with the kind, which saves a quarter of the bytes; replays run at memory speed. The 16
 * million owners are more than key patterns × types × struct kinds can give.
 */

/** Kinds of operation. The numbers are part of the .ops format; native/lab/operation.h has the same. */
export const Kind = {
  /** malloc(size) -> handle */
  malloc: 1,
  /** calloc(1, size) -> handle */
  calloc: 2,
  /** realloc(handle, size): the handle keeps its number when the region moves. */
  realloc: 3,
  /** free(handle) */
  free: 4,
  /** sdallocx(handle, size): a sized free; `size` must be the size last requested. */
  freeSized: 5,
  /** mallocx(size, MALLOCX_TCACHE_NONE) -> handle: active defragmentation moves regions with it. */
  mallocNoTcache: 6,
  /** dallocx(handle, MALLOCX_TCACHE_NONE) */
  freeNoTcache: 7,
  /** rallocx(handle, size, 0) */
  rallocx: 8,
  /** xallocx(handle, size, 0, 0): resizes in place if possible, else does nothing. */
  xallocx: 9,
  /** Advances the virtual clock by `size` milliseconds. */
  advance: 16,
  /** Switches to simulated thread number `size`; 0 is the first, and a new number starts a thread. */
  thread: 17,
  /** Purges all dirty and muzzy pages of all arenas, as MEMORY PURGE does. */
  purge: 18,
  /** Runs decay in all arenas, as a clock tick would. */
  decay: 19,
  /** Flushes the tcache of the current thread. */
  flushTcache: 20,
  /** Makes all slabs that are open now the cohort of cohort DSR. */
  mark: 21,
  /** Makes the engine take a reconciled snapshot; `size` is the number of the phase that ends. */
  sweep: 22,
  /** Ends simulated thread number `size`, whose number a later `thread` may give to a new thread. */
  threadEnd: 23,
  /** Gives the current thread a new arena that no other thread uses. */
  ownArena: 24,
  /** Gives setting number `handle` of the defragger the value `size` + 2^32 × the owner. */
  defragSet: 32,
  /** Begins (`size` 1) or ends (0) a pass of the defragger over all keys. */
  defragPass: 33,
  /** Moves the region of `handle` if the defragger runs and the allocator says so; the handle keeps its number. */
  defragTry: 34,
  /** malloc(size) -> handle if the defragger runs; otherwise the handle stands for no region. */
  defragMalloc: 35,
  /** free(handle) of a handle of defragMalloc, if it stands for a region. */
  defragFree: 36,
  /** Kinds 64 + a are aligned_alloc(1 << a, size) -> handle, 3 <= a <= 30. */
  aligned: 64,
} as const;

/** Whether an operation of this kind makes the region of its handle. */
export function makesRegion(kind: number): boolean {
  switch (kind) {
    case Kind.malloc:
    case Kind.calloc:
    case Kind.mallocNoTcache:
    case Kind.defragMalloc:
      return true;
    default:
      return kind > Kind.aligned;
  }
}

/** Whether an operation of this kind ends the region of its handle. */
export function endsRegion(kind: number): boolean {
  switch (kind) {
    case Kind.free:
    case Kind.freeSized:
    case Kind.freeNoTcache:
    case Kind.defragFree:
      return true;
    default:
      return false;
  }
}

/** Largest size of an operation, in bytes: the largest size class of a 32-bit jemalloc. */
export const MAX_SIZE = 0x70000000;
/** Largest handle. Producers use dense small numbers, since the engine keeps a word for each. */
export const MAX_HANDLE = 0x0fffffff;
export const MAX_OWNER = 0x00ffffff;
/** Number of simulated threads, which are numbered from 0. */
export const MAX_THREADS = 0x01000000;

/**
 * A run of consecutive operations. The three columns share one buffer, which can be shared memory that all workers of a
 * sweep read. A chunk is therefore read-only for those that replay it.
 */
export interface OpChunk {
  /** Position of the first operation in the whole stream; errors name positions. */
  readonly firstPosition: number;
  readonly length: number;
  readonly what: Uint32Array;
  readonly handle: Uint32Array;
  readonly size: Uint32Array;
}

type Columns<Memory extends ArrayBufferLike> = Record<'what' | 'handle' | 'size', Uint32Array<Memory>>;

/** Allocates one buffer with three columns of `capacity` words. */
export function allocateColumns(capacity: number): Columns<ArrayBuffer> {
  return columnsOver(new ArrayBuffer(capacity * OPERATION_BYTES), capacity);
}

/** Returns three columns of `capacity` words as views of a buffer of exactly their length. */
export function columnsOver<Memory extends ArrayBufferLike>(
  buffer: Memory,
  capacity: number,
): Columns<Memory> {
  return {
    what: new Uint32Array(buffer, 0, capacity),
    handle: new Uint32Array(buffer, capacity * 4, capacity),
    size: new Uint32Array(buffer, capacity * 8, capacity),
  };
}

/** Bytes of an operation: three words. */
export const OPERATION_BYTES = 12;
