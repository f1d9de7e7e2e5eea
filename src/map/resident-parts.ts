/**
 * Splits the resident memory of a snapshot by what can become of it. Every byte is in one part, and the parts add up to
 * resident.
 */
import { EXTENT_STATES } from '../engine/index.js';
import { type MapInfo, type MapSource, metadataBytes } from './map-source.js';

export interface ResidentParts {
  /** Live regions and live large extents. */
  readonly use: number;
  /** Free and parked regions of slabs with at least one live region. */
  readonly pinned: number;
  /** The share of `pinned` that is in parked regions: a tcache has them. */
  readonly parked: number;
  /** Pages that wait for decay or a purge. */
  readonly dirty: number;
  /** Slabs and large extents without anything live. */
  readonly empty: number;
  /** The allocator's own records. */
  readonly records: number;
  readonly resident: number;
  /** Pages that the system may take. They are not resident for jemalloc, so no part has them. */
  readonly muzzy: number;
  readonly slabs: SlabCounts;
}

interface SlabCounts {
  readonly all: number;
  readonly pinned: number;
  readonly empty: number;
}

export function residentParts(
  source: MapSource,
  { pageSize, smallClasses, sizeClasses }: MapInfo,
): ResidentParts {
  const { granules, unused, memory } = source;
  const sums = { use: 0, pinned: 0, parked: 0, empty: 0 };
  const slabs = { all: 0, pinned: 0, empty: 0 };
  for (let granule = 0; granule < granules.count; granule++) {
    const bytes = granules.pages[granule]! * pageSize;
    const sizeClass = granules.sizeClass[granule]!;
    const live = granules.live[granule]!;
    const isSlab = sizeClass < smallClasses;
    if (isSlab) slabs.all++;
    if (live === 0) {
      sums.empty += bytes;
      if (isSlab) slabs.empty++;
    } else if (isSlab) {
      const size = sizeClasses[sizeClass]!;
      sums.use += live * size;
      sums.pinned += bytes - live * size;
      sums.parked += granules.parked[granule]! * size;
      if (live * size < bytes) slabs.pinned++;
    } else sums.use += bytes;
  }
  return {
    ...sums,
    dirty: memory.dirty,
    records: metadataBytes(source),
    resident: memory.resident,
    muzzy: muzzyPages(unused) * pageSize,
    slabs,
  };
}

const MUZZY = EXTENT_STATES.indexOf('muzzy');

function muzzyPages({ count, state, pages }: MapSource['unused']): number {
  let sum = 0;
  for (let extent = 0; extent < count; extent++) if (state[extent] === MUZZY) sum += pages[extent]!;
  return sum;
}

/** Bytes and counts of one class of slabs, or of all large extents. */
export interface ClassParts {
  /** Size of the regions; null for large extents of any size. */
  readonly size: number | null;
  readonly slabs: number;
  readonly full: number;
  readonly empty: number;
  readonly bytes: number;
  readonly live: number;
  readonly pinned: number;
}

/** Returns the parts of each class with slabs, ascending, and of the large extents, if there are any. */
export function classParts(
  { granules }: MapSource,
  { pageSize, smallClasses, sizeClasses }: MapInfo,
): ClassParts[] {
  const byClass = new Map<
    number,
    { slabs: number; full: number; empty: number; bytes: number; live: number; pinned: number }
  >();
  for (let granule = 0; granule < granules.count; granule++) {
    const sizeClass = Math.min(smallClasses, granules.sizeClass[granule]!);
    const sums = byClass.get(sizeClass) ?? { slabs: 0, full: 0, empty: 0, bytes: 0, live: 0, pinned: 0 };
    byClass.set(sizeClass, sums);
    const bytes = granules.pages[granule]! * pageSize;
    const live = granules.live[granule]!;
    const used = sizeClass === smallClasses ? Math.sign(live) * bytes : live * sizeClasses[sizeClass]!;
    sums.slabs++;
    sums.bytes += bytes;
    sums.live += used;
    if (live === 0) sums.empty++;
    else sums.pinned += bytes - used;
    if (live > 0 && granules.free[granule] === 0 && granules.parked[granule] === 0) sums.full++;
  }
  return [...byClass]
    .sort(([a], [b]) => a - b)
    .map(([sizeClass, sums]) => ({
      size: sizeClass === smallClasses ? null : sizeClasses[sizeClass]!,
      ...sums,
    }));
}
