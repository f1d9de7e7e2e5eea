/** The rows of the table of size classes beside the map, as values. */
import type { BuildInfo, Snapshot } from '../../../src/engine/index.js';
export interface ClassRow {
  /** Size of the class in bytes. */
  readonly size: number;
  readonly isLarge: boolean;
  /** Number of slabs, or of large extents. */
  readonly slabs: number;
  /** Bytes of the pages of those slabs or extents. */
  readonly bytes: number;
  readonly live: number;
  readonly parked: number;
  readonly free: number;
  /** Slabs without a live region. */
  readonly drainable: number;
  /** Slabs that the live regions would not need if they were packed. */
  readonly aboveMinimum: number;
}

/** Returns the rows of a snapshot, most memory first. */
export function classRows({ bins, large }: Snapshot, { pageSize }: Pick<BuildInfo, 'pageSize'>): ClassRow[] {
  const small = bins
    .filter(({ curslabs }) => curslabs > 0)
    .map(({ size, regs, pages, curslabs, live, parked, free, drainable }) => ({
      size,
      isLarge: false,
      slabs: curslabs,
      bytes: curslabs * pages * pageSize,
      live,
      parked,
      free,
      drainable,
      aboveMinimum: curslabs - Math.ceil(live / regs),
    }));
  const extents = large.map(({ size, count }) => ({
    size,
    isLarge: true,
    slabs: count,
    bytes: count * size,
    live: count,
    parked: 0,
    free: 0,
    drainable: 0,
    aboveMinimum: 0,
  }));
  return [...small, ...extents].sort((a, b) => b.bytes - a.bytes || a.size - b.size);
}
