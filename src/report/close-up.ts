import { formatBytes, plural } from '../base/index.js';
import type { RegionColumns } from '../engine/index.js';
import { type Ground, type MapLayout, regionGridOf, regionSwatches, type Swatch } from '../map/index.js';
/** A close-up of some slabs, which shows the state of every region. */
export interface CloseUp {
  readonly caption: string;
  /** The swatches of free, parked and live regions. */
  readonly swatches: readonly Swatch[];
  readonly grid: { readonly columns: number; readonly rows: number };
  /** The size of each slab in pages. */
  readonly pages: number;
  /** The swatch index of each region, by slab. */
  readonly slabs: readonly Uint8Array[];
}

/** Returns a close-up of up to `maxSlabs` slabs, evenly chosen from the class with most of them; null without slabs. */
export function closeUpOf(
  layout: MapLayout,
  regions: RegionColumns,
  ground: Ground,
  maxSlabs: number,
): CloseUp | null {
  const { granules, info, bands } = layout;
  const largest = bands
    .filter(({ kind }) => kind === 'class')
    .reduce<readonly number[]>((best, { items }) => (items.length > best.length ? [...items] : best), []);
  const [first] = largest;
  const grid = first === undefined ? null : regionGridOf(layout, first);
  if (first === undefined || grid === null) return null;
  const count = Math.min(maxSlabs, largest.length);
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
