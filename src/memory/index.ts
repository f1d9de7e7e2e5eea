export { type KeyCensus, type KeyFigures, type PatternFigures, takeCensus } from './key-census.js';
export {
  type Ages,
  type OwnerPins,
  type PatternPins,
  type PinInput,
  type Pinned,
  type PinReport,
  pinReport,
  type RegionOwner,
  type SlabSurvivors,
} from './pins.js';
export type { SlabOwners } from './slab-owners.js';
export {
  type KindFigures,
  type TypeFigures,
  type TypeName,
  type TypeProfile,
  typeProfile,
} from './type-profile.js';
