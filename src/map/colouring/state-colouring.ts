import type { GranuleColumns } from '../../engine/index.js';
import type { Ground, Swatch } from './legend.js';

const LIVE = 0;
const PINNED = 1;
const PARKED = 2;
const FREE = 3;
const LARGE = 4;

/** Returns the swatches of single regions, in the order of REGION_STATES. */
export function regionSwatches(ground: Ground): [free: Swatch, parked: Swatch, live: Swatch] {
  const swatches = stateSwatches(ground);
  const named = (index: number, label: string): Swatch => ({ ...swatches[index]!, label });
  return [named(FREE, 'free'), named(PARKED, 'parked'), named(LIVE, 'live')];
}

/** Returns the swatches for the states of a granule's regions. */
export function stateSwatches(ground: Ground): Swatch[] {
  const colours =
    ground === 'dark'
      ? ['#f0e442', '#56b4e9', '#2b9f78', '#0072b2', '#e8a33d']
      : ['#3826a1', '#1f77b4', '#2b623d', '#9573fc', '#6d1f11'];
  const labels = [
    ['live: every region', '#'],
    ['pinned: live regions, and some that are free or parked', '+'],
    ['parked: nothing live, a tcache has regions', 'p'],
    ['free: nothing live', '.'],
    ['large extent', 'L'],
  ] as const;
  return labels.map(([label, glyph], index) => ({ label, glyph, colour: colours[index]! }));
}

/** Returns the index of a granule's swatch. */
export function stateOf(granules: GranuleColumns, granule: number, smallClasses: number): number {
  const { live, parked, free, sizeClass } = granules;
  if (sizeClass[granule]! >= smallClasses) return live[granule] === 0 ? PARKED : LARGE;
  if (live[granule] === 0) return parked[granule] === 0 ? FREE : PARKED;
  return parked[granule] === 0 && free[granule] === 0 ? LIVE : PINNED;
}
