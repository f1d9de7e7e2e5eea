/**
 * Reuses the memory of snapshots that are no longer read. The columns of a million slabs take tens of megabytes. The
 * kernel needs as long to clear fresh pages as the lab to survey every slab.
 */
import { buffersOf, type Snapshot } from './snapshot.js';

/** The number of columns of a snapshot. */
const MAX_SPARES = 16;
/** Smaller buffers are served from pages that the process has already. */
const MIN_SPARE_BYTES = 1 << 16;
const spares: ArrayBuffer[] = [];

/**
 * Returns a buffer of at least `bytes` bytes with undefined contents. A new one has some spare room, since columns grow
 * from one snapshot to the next.
 */
export function columnMemory(bytes: number): ArrayBuffer {
  if (bytes < MIN_SPARE_BYTES) return new ArrayBuffer(bytes);
  const index = spares.findIndex(({ byteLength }) => byteLength >= bytes && byteLength <= 2 * bytes);
  const [spare] = index < 0 ? [] : spares.splice(index, 1);
  return spare ?? new ArrayBuffer(Math.ceil(bytes / 8 + bytes / 64) * 8);
}

/** Returns a snapshot's memory for reuse. Columns transferred to another thread are skipped. */
export function giveBackColumns(snapshot: Snapshot): void {
  giveBackBuffers(buffersOf(snapshot));
}

export function giveBackBuffers(buffers: readonly ArrayBuffer[]): void {
  for (const buffer of buffers) {
    if (buffer.byteLength >= MIN_SPARE_BYTES && !spares.includes(buffer)) spares.push(buffer);
  }
  spares.splice(0, spares.length - MAX_SPARES);
}
