import { type Colouring, GROUND_COLOURS, type Ground, pixelOf } from '../../../src/map/index.js';
import type { Colour } from '../../state.js';
import { mixed } from './filter.js';
import type { RegionColours } from './region-raster.js';

/** Parked regions belong neither to the application nor to the slab, so they have one colour in every mode. */
export const PARKED: Readonly<Record<Ground, string>> = { dark: '#e69f00', light: '#b35900' };

/**
 * Returns the colours of an item's regions. Live ones have the full colour of the slab, or the scale's end if the
 * slab's colour is a mean. Free ones are close to the ground.
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
    // A faded item has regions of its faded colour, so that they do not stand out.
    if (own !== colours[item]) return [own, own, own];
    const full = live ?? own;
    return [mixed(groundPixel, full, 0.16), parked, full];
  };
}
