import { BufferPool, KIB } from '../base/index.js';
import { buffersOf, type Snapshot } from './snapshot.js';

/** Smaller buffers are served from pages that the process has already. */
const MIN_BYTES = 64 * KIB;

/** The memory of the columns of snapshots, which take tens of megabytes for a million slabs. */
export const columnMemory = new BufferPool<ArrayBuffer>({
  // Columns grow from one snapshot to the next, so a new buffer has some room for more.
  allocate: (bytes) => new ArrayBuffer(bytes < MIN_BYTES ? bytes : Math.ceil(bytes / 8 + bytes / 64) * 8),
  // The columns of one snapshot.
  maxUnused: 16,
  maxRatio: 2,
  minBytes: MIN_BYTES,
});

/** Reuses the memory of a snapshot. Columns that were transferred to another thread are skipped. */
export function giveBackColumns(snapshot: Snapshot): void {
  for (const buffer of buffersOf(snapshot)) columnMemory.giveBack(buffer);
}
