import { type Colouring, GROUND_COLOURS, type Ground, pixelOf } from '../../../src/map/index.js';
import type { Colour } from '../../state.js';
import { mixed } from './filter.js';
import type { RegionColours } from './region-raster.js';

/** Parked regions are not the application's and not the slab's: a colour of their own, in every mode. */
export const PARKED: Readonly<Record<Ground, string>> = { dark: '#e69f00', light: '#b35900' };

/**
 * What is live has the full colour of its slab, or of the scale's end where the slab's colour is a mean of its regions;
 * what is free is as good as ground.
 */
export function regionColours(
  colour: Colour,
  shown: Uint32Array,
  { colours, legend }: Colouring,
  ground: Ground,
): RegionColours {
  const groundPixel = pixelOf(GROUND_COLOURS[ground]);
  const ofScale = legend.swatches.filter(({ value }) => value !== undefined).at(-1)?.colour;
  const live = colour === 'occupancy' && ofScale !== undefined ? pixelOf(ofScale) : null;
  const parked = pixelOf(PARKED[ground]);
  return (item) => {
    const own = shown[item]!;
    // Faded as a whole: then its regions are not to stand out either.
    if (own !== colours[item]) return [own, own, own];
    const full = live ?? own;
    return [mixed(groundPixel, full, 0.16), parked, full];
  };
}
