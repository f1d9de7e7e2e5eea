import type { GranuleColumns } from '../../engine/index.js';
import type { Ground, Swatch } from './legend.js';
import { between, PARTS } from './palette.js';

const LIVE = 0;
const PINNED = 1;
const PARKED = 2;
const FREE = 3;
const LARGE = 4;

/**
 * Returns the swatches of single regions, in the order of REGION_STATES. They mix to the colour of their slab: a parked
 * region is as free as one that is not.
 */
export function regionSwatches(ground: Ground): [free: Swatch, parked: Swatch, live: Swatch] {
  const { use, pin } = PARTS[ground];
  return [
    { label: 'free', glyph: '.', colour: pin },
    { label: 'parked', glyph: 'p', colour: between(pin, use, PARKED_SHARE) },
    { label: 'live', glyph: '#', colour: use },
  ];
}

/** Parked regions are a shade paler than free ones. */
const PARKED_SHARE = 0.3;

/** Returns the swatches for the states of a granule's regions. */
export function stateSwatches(ground: Ground): Swatch[] {
  const { use, pin, drain } = PARTS[ground];
  const [parked, large] = ground === 'dark' ? ['#d6f518', '#cdf3bc'] : ['#8b6b9d', '#431801'];
  return [
    { label: 'live: every region', glyph: '#', colour: use },
    { label: 'pinned: live regions, and some that are free or parked', glyph: '+', colour: pin },
    { label: 'parked: nothing live, a tcache has regions', glyph: 'p', colour: parked },
    { label: 'free: nothing live', glyph: '.', colour: drain },
    { label: 'large extent', glyph: 'L', colour: large },
  ];
}

/** Returns the index of a granule's swatch. */
export function stateOf(granules: GranuleColumns, granule: number, smallClasses: number): number {
  const { live, parked, free, sizeClass } = granules;
  if (sizeClass[granule]! >= smallClasses) return live[granule] === 0 ? PARKED : LARGE;
  if (live[granule] === 0) return parked[granule] === 0 ? FREE : PARKED;
  return parked[granule] === 0 && free[granule] === 0 ? LIVE : PINNED;
}
