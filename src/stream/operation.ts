/**
 * The operation stream: what a program asks of its allocator, and nothing else.
 *
 * An operation is three 32-bit words, kept as three columns:
 *
 *     what    bits 0-7: the kind; bits 8-31: the owner tag (what the region is for; 0 = not said)
 *     handle  the number by which the stream knows the allocation, chosen by whoever writes the stream
 *     size    bytes asked for; for control operations, their argument
 *
 * The owner shares a word with the kind because the stream is read at memory speed: a quarter fewer bytes
 * per operation, and 16 million owners are more than key patterns x types x struct kinds ever give.
 */

/** Kinds of operation. The numbers are part of the file format; native/lab/operation.h lists the same. */
export const Kind = {
  /** malloc(size) -> handle */
  malloc: 1,
  /** calloc(1, size) -> handle */
  calloc: 2,
  /** realloc(handle, size): the handle keeps its number, wherever the region goes. */
  realloc: 3,
  /** free(handle) */
  free: 4,
  /** sdallocx(handle, size): a sized free; `size` must be the size last asked for. */
  freeSized: 5,
  /** mallocx(size, MALLOCX_TCACHE_NONE) -> handle: what active defragmentation moves a region with. */
  mallocNoTcache: 6,
  /** dallocx(handle, MALLOCX_TCACHE_NONE) */
  freeNoTcache: 7,
  /** rallocx(handle, size, 0) */
  rallocx: 8,
  /** xallocx(handle, size, 0, 0): resize in place if possible, else leave as it is. */
  xallocx: 9,
  /** Advance the virtual clock by `size` milliseconds. */
  advance: 16,
  /** Continue as simulated thread number `size` (0 is the first; a new number starts a thread). */
  thread: 17,
  /** Purge all dirty and muzzy pages of all arenas, as MEMORY PURGE does. */
  purge: 18,
  /** Let decay run in all arenas, as a passing tick would. */
  decay: 19,
  /** Flush the tcache of the current thread. */
  flushTcache: 20,
  /** Mark all slabs that are open now as the cohort that cohort DSR is about. */
  mark: 21,
  /** Survey: the engine reconciles and takes a snapshot here; `size` is the number of the phase that ends. */
  sweep: 22,
  /** Kinds 64 + a are aligned_alloc(1 << a, size) -> handle, 3 <= a <= 30. */
  aligned: 64,
} as const;

/** Largest size one operation may ask for: the largest size class of a 32-bit jemalloc, 0x70000000 bytes. */
export const MAX_SIZE = 0x70000000;
/** Handles are dense small numbers; this many at most (the engine keeps a word for each). */
export const MAX_HANDLE = 0x0fffffff;
export const MAX_OWNER = 0x00ffffff;
/** Simulated threads, numbered from 0. */
export const MAX_THREADS = 64;

/**
 * A run of consecutive operations. The three columns share one buffer, which threads share where they can; whoever
 * replays it only reads, for the buffer may be one that all workers of a sweep see.
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

/** Lays three columns of `capacity` words over one new buffer. */
export function allocateColumns(capacity: number): Columns<ArrayBuffer> {
  return columnsOver(new ArrayBuffer(capacity * OPERATION_BYTES), capacity);
}

/** Lays three columns of `capacity` words over a buffer that is as long as they are. */
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

/** Bytes of an operation. */
export const OPERATION_BYTES = 12;
