/**
 * What a heap keeps of its regions, by handle: their size classes, and whatever else is asked for beside them, since
 * handles come in no order, and each look at another place in memory costs as much as all the rest. There are kinds,
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
  /** An argument outlives the command that it came with. */
  argumentKept(handle: number): void;
  classOf(handle: number): number;
  /** Prefetches what freeing the region, and using its handle again, will read. See Prefetcher. */
  prefetch(handle: number): number;
  /** Prefetches the same for a part of a string, which another string replaces. */
  prefetchString(handle: number): number;
}

/** So many regions are for that owner and of that size class. */
export type NoteRegions = (owner: number, sizeClass: number, regions: number) => void;

/** Bits of the number of a size class. */
export const CLASS_BITS = 8;
