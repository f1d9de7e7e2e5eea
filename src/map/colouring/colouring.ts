import type { SlabOwners } from '../../analysis/index.js';
import { EXTENT_STATES } from '../../engine/index.js';
import type { MapInfo, MapSource } from '../map-source.js';
import { ageColouring } from './age-colouring.js';
import { changeSwatches } from './change-colouring.js';
import { type Colouring, coloured, type Ground, type Swatch } from './legend.js';
import { occupancyOf, occupancySwatches } from './occupancy-colouring.js';
import { ownerColouring } from './owner-colouring.js';
import { unusedSwatches } from './palette.js';
import { stateOf, stateSwatches } from './state-colouring.js';

export const COLOUR_MODES = ['occupancy', 'state', 'owner', 'age', 'difference'] as const;
export type ColourMode = (typeof COLOUR_MODES)[number];

export interface ColouringInput {
  readonly source: MapSource;
  readonly info: MapInfo;
  readonly ground: Ground;
  /** The owners of granules, which mode `owner` needs. */
  readonly owners?: SlabOwners | null;
  /** The changes of granules, which mode `difference` needs. `source` is then that of the difference. */
  readonly changes?: Uint8Array | null;
}

/** The colours of granules in one mode. */
interface GranuleColouring {
  readonly title: string;
  readonly swatches: readonly Swatch[];
  /** Returns the index of a granule's swatch. */
  readonly of: (granule: number) => number;
}

/** Returns the colours of all items of a source, and their legend. */
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

function granuleColouring(mode: ColourMode, input: ColouringInput): GranuleColouring {
  const { source, info, ground, owners, changes } = input;
  const { granules, virtualMs } = source;
  switch (mode) {
    case 'occupancy':
      return {
        title: 'share of the regions that is live',
        swatches: occupancySwatches(ground),
        of: (granule) => occupancyOf(granules, granule),
      };
    case 'state':
      return {
        title: 'what the regions of a slab are',
        swatches: stateSwatches(ground),
        of: (granule) => stateOf(granules, granule, info.smallClasses),
      };
    case 'owner':
      if (!owners) throw new Error('colouring by owner needs the owners of the slabs');
      return { title: 'who has the most regions of a slab', ...ownerColouring(granules, owners, ground) };
    case 'age':
      return { title: 'virtual time since it was opened', ...ageColouring(granules, virtualMs, ground) };
    case 'difference':
      if (!changes) throw new Error('colouring by difference needs the changes since another snapshot');
      return {
        title: 'what has changed',
        swatches: changeSwatches(ground),
        of: (granule) => changes[granule]!,
      };
  }
}
