/**
 * Memory of snapshots that are done with is the next ones': the columns of a million slabs take tens of megabytes, and
 * the kernel takes as long to clear fresh pages as the lab to look at every slab.
 */
import { buffersOf, type Snapshot } from './snapshot.js';

/** All columns of a snapshot. */
const MOST = 16;
/** Of less there are spare pages anyhow. */
const WORTHWHILE = 1 << 16;
const spares: ArrayBuffer[] = [];

/** At least so many bytes; what is in them means nothing. Columns grow from one snapshot to the next, hence the room. */
export function columnMemory(bytes: number): ArrayBuffer {
  if (bytes < WORTHWHILE) return new ArrayBuffer(bytes);
  const index = spares.findIndex(({ byteLength }) => byteLength >= bytes && byteLength <= 2 * bytes);
  const [spare] = index < 0 ? [] : spares.splice(index, 1);
  return spare ?? new ArrayBuffer(Math.ceil(bytes / 8 + bytes / 64) * 8);
}

/** Nobody looks at it any more. What has been handed over to another thread has nothing left to give. */
export function giveBackColumns(snapshot: Snapshot): void {
  giveBackBuffers(buffersOf(snapshot));
}

export function giveBackBuffers(buffers: readonly ArrayBuffer[]): void {
  for (const buffer of buffers) {
    if (buffer.byteLength >= WORTHWHILE && !spares.includes(buffer)) spares.push(buffer);
  }
  spares.splice(0, spares.length - MOST);
}
