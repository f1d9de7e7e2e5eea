import { formatBytes, plural } from '../base/index.js';
import type { RegionColumns } from '../engine/index.js';
import { type Ground, type MapLayout, regionGridOf, regionSwatches, type Swatch } from '../map/index.js';
/** A few slabs of which every region is seen. */
export interface CloseUp {
  readonly caption: string;
  /** Of regions: free, parked, live. */
  readonly swatches: readonly Swatch[];
  readonly grid: { readonly columns: number; readonly rows: number };
  /** Of each slab, in pages. */
  readonly pages: number;
  /** By slab its regions, each its place in the swatches. */
  readonly slabs: readonly Uint8Array[];
}

/** Some of the class that has the most memory, from all over it; null where there are no slabs. */
export function closeUpOf(
  layout: MapLayout,
  regions: RegionColumns,
  ground: Ground,
  most: number,
): CloseUp | null {
  const { granules, info, bands } = layout;
  const largest = bands
    .filter(({ kind }) => kind === 'class')
    .reduce<readonly number[]>((best, { items }) => (items.length > best.length ? [...items] : best), []);
  const [first] = largest;
  const grid = first === undefined ? null : regionGridOf(layout, first);
  if (first === undefined || grid === null) return null;
  const count = Math.min(most, largest.length);
  const chosen = Array.from(
    { length: count },
    (_, at) => largest[Math.floor((at * largest.length) / count)]!,
  );
  const pages = granules.pages[first]!;
  const size = info.sizeClasses[granules.sizeClass[first]!];
  return {
    caption: `Close up, ${count} of the ${plural(largest.length, 'slab')} of class ${size}: ${formatBytes(pages * info.pageSize)} each`,
    swatches: regionSwatches(ground),
    grid,
    pages,
    slabs: chosen.map((slab) => regions.states.subarray(regions.first[slab], regions.first[slab + 1])),
  };
}
