/**
 * What a heap keeps of its regions, by handle: their size classes, and whatever else is asked for beside them, since
 * handles come in no order, and each look at another place in memory costs as much as all the rest. There are two kinds,
 * so that each keeps no more than is asked for: with more bytes a region, fewer regions are in the processor's cache.
 *
 * Nothing is written when a region is freed: the writer knows which handles are free, and what the table has of those
 * means nothing.
 */
export interface RegionTable {
  /** `owner` as the heap is given it (see subjects.ts). */
  entered(handle: number, owner: number, sizeClass: number): void;
  resized(handle: number, sizeClass: number): void;
  /** The region is something else's now: it keeps its age. */
  retag(handle: number, owner: number): void;
  classOf(handle: number): number;
  /** Looks at what freeing the region, and using its handle again, will look at. Any number will do. See Foresight. */
  foresee(handle: number): number;
  /** Allocated regions by owner and size class. All handles are below `end`; those in `free` are not allocated. */
  count(end: number, free: Uint32Array, note: NoteRegions): void;
}

/** So many regions are for that owner and of that size class. */
export type NoteRegions = (owner: number, sizeClass: number, regions: number) => void;

/** Numbers of size classes. */
export const CLASS_BITS = 8;
export const CLASS_MASK = (1 << CLASS_BITS) - 1;

/** What a table counts, by cell: the lowest bits of the word at `handle << shift`. There are `cells`, a power of two. */
export function countCells(
  words: Uint8Array | Uint16Array | Uint32Array,
  shift: number,
  cells: number,
  end: number,
  free: Uint32Array,
): Int32Array {
  const counts = new Int32Array(cells);
  const mask = cells - 1;
  for (let handle = 1; handle < end; handle++) {
    const cell = (words[handle << shift] as number) & mask;
    counts[cell] = (counts[cell] as number) + 1;
  }
  for (let at = 0; at < free.length; at++) {
    const cell = (words[(free[at] as number) << shift] as number) & mask;
    counts[cell] = (counts[cell] as number) - 1;
  }
  return counts;
}
