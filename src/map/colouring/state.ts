import type { GranuleColumns } from '../../engine/snapshot.js';
import type { Ground, Swatch } from './legend.js';

const LIVE = 0;
const PINNED = 1;
const PARKED = 2;
const FREE = 3;
const LARGE = 4;

/** What the regions of a slab are, seen from afar. */
export function stateSwatches(ground: Ground): Swatch[] {
  const colours =
    ground === 'dark'
      ? ['#f0e442', '#56b4e9', '#2b9f78', '#0072b2', '#e8a33d']
      : ['#7a5c00', '#1f7ab8', '#00795a', '#0b3d91', '#b35900'];
  const labels = [
    ['live: every region', '#'],
    ['pinned: live regions, and some that are free or parked', '+'],
    ['parked: nothing live, a tcache has regions', 'p'],
    ['free: nothing live', '.'],
    ['large extent', 'L'],
  ] as const;
  return labels.map(([label, glyph], index) => ({ label, glyph, colour: colours[index]! }));
}

export function stateOf(granules: GranuleColumns, granule: number, smallClasses: number): number {
  const { live, parked, free, sizeClass } = granules;
  if (sizeClass[granule]! >= smallClasses) return live[granule] === 0 ? PARKED : LARGE;
  if (live[granule] === 0) return parked[granule] === 0 ? FREE : PARKED;
  return parked[granule] === 0 && free[granule] === 0 ? LIVE : PINNED;
}
