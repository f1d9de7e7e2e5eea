/**
 * Keeps the facts of a heap's regions by handle: size classes, with owners beside them if asked for. Handles are in no
 * order, and each cache miss costs as much as the remaining work. Each kind of table keeps only the facts in use: with
 * more bytes a region, fewer regions fit the processor's cache.
 *
 * A free writes nothing: the writer knows which handles are free, and the table's entries for them mean nothing.
 */
export interface RegionTable {
  /** Enters a region. `owner` is the tag that the heap was given (see tag.ts). */
  entered(handle: number, owner: number, sizeClass: number): void;
  resized(handle: number, sizeClass: number): void;
  /** Changes the owner of a region, which keeps its age. */
  retag(handle: number, owner: number): void;
  /** Marks an argument that outlives its command. */
  argumentKept(handle: number): void;
  classOf(handle: number): number;
  /** Prefetches what freeing the region, and using its handle again, will read. See Prefetcher. */
  prefetch(handle: number): number;
  /** Prefetches the same for a part of a string that another string replaces. */
  prefetchString(handle: number): number;
}

/** Notes a number of regions of an owner and a size class. */
export type NoteRegions = (owner: number, sizeClass: number, regions: number) => void;

/** The number of bits of a size class's index. */
export const CLASS_BITS = 8;
