import { BufferPool } from '../base/index.js';

/**
 * The memory of chunks. Threads share it where they can, so that a chunk is replayed in a worker without a copy. Transfer
 * would not copy it either, but engines that have seen an array lose its memory check every later access to any array.
 */
export const chunkMemory = new BufferPool<ArrayBufferLike>({
  // Pages that are not isolated from others have no shared memory.
  allocate: (bytes) =>
    typeof SharedArrayBuffer === 'function' ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes),
  // One chunk is written, one waits, one is replayed.
  maxUnused: 3,
  // Other chunks may lie in memory of their caller's.
  ownOnly: true,
});
