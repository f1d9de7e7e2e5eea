import {
  type Colouring,
  GROUND_COLOURS,
  type Ground,
  pixelOf,
  regionSwatches,
} from '../../../src/map/index.js';
import type { Colour } from '../../state.js';
import { mixed } from './filter.js';
import type { RegionColours } from './region-raster.js';

/** The share of its slab's colour that a free region has, in colourings that are not about regions. */
const FAINT = 0.16;
const HALF = 0.5;

/**
 * Returns the colours of an item's regions. In the colouring by occupancy they mix to the colour of their slab, so that
 * zooming does not change what it looks like. In the others the live ones have the slab's colour.
 */
export function regionColours(
  colour: Colour,
  shown: Uint32Array,
  { colours, legend }: Colouring,
  ground: Ground,
): RegionColours {
  const groundPixel = pixelOf(GROUND_COLOURS[ground]);
  const [free, parked, live] = regionSwatches(ground).map((swatch) => pixelOf(swatch.colour)) as [
    number,
    number,
    number,
  ];
  const empty = legend.swatches.find(({ value }) => value === 0);
  const emptyPixel = empty === undefined ? null : pixelOf(empty.colour);
  return (item) => {
    const own = shown[item]!;
    // A faded item has regions of its faded colour, so that they do not stand out.
    if (own !== colours[item]) return [own, own, own];
    if (colour !== 'occupancy') return [mixed(groundPixel, own, FAINT), mixed(groundPixel, own, HALF), own];
    return own === emptyPixel ? [own, own, own] : [free, parked, live];
  };
}
