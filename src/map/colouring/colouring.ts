import { EXTENT_STATES } from '../../engine/snapshot.js';
import type { MapInfo, MapSource } from '../source.js';
import { type Colouring, coloured, type Ground, type Swatch } from './legend.js';
import { occupancyOf, occupancySwatches } from './occupancy.js';
import { unusedSwatches } from './palette.js';
import { stateOf, stateSwatches } from './state.js';

export const COLOUR_MODES = ['occupancy', 'state'] as const;
export type ColourMode = (typeof COLOUR_MODES)[number];

export interface ColouringInput {
  readonly source: MapSource;
  readonly info: MapInfo;
  readonly ground: Ground;
}

/** How a mode colours what is handed out. */
interface GranuleColouring {
  readonly title: string;
  readonly swatches: readonly Swatch[];
  /** Index of the swatch. */
  readonly of: (granule: number) => number;
}

/** The colour of every item of a layout of the same source, and what the colours mean. */
export function colouring(mode: ColourMode, input: ColouringInput): Colouring {
  const { source, ground } = input;
  const { granules, unused } = source;
  const own = granuleColouring(mode, input);
  const { dirty, muzzy, retained, metadata } = unusedSwatches(ground);
  const legend = { title: own.title, swatches: [...own.swatches, dirty, muzzy, retained, metadata] };
  const firstUnused = own.swatches.length;
  const extents = unused.count;
  const swatches = new Uint8Array(granules.count + extents + 1);
  for (let granule = 0; granule < granules.count; granule++) swatches[granule] = own.of(granule);
  for (let extent = 0; extent < extents; extent++) {
    swatches[granules.count + extent] = firstUnused + unused.state[extent]!;
  }
  swatches[swatches.length - 1] = firstUnused + EXTENT_STATES.length;
  return coloured(ground, legend, swatches);
}

function granuleColouring(
  mode: ColourMode,
  { source: { granules }, info, ground }: ColouringInput,
): GranuleColouring {
  switch (mode) {
    case 'occupancy':
      return {
        title: 'share of the regions that is live',
        swatches: occupancySwatches(ground),
        of: (granule) => occupancyOf(granules, granule),
      };
    case 'state':
      return {
        title: 'state',
        swatches: stateSwatches(ground),
        of: (granule) => stateOf(granules, granule, info.smallClasses),
      };
  }
}
