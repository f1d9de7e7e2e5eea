export { type KeyCensus, type KeyFigures, type PatternFigures, takeCensus } from './key-census.js';
export {
  type Ages,
  type OwnerPins,
  type PatternPins,
  type PinInput,
  type Pinned,
  type PinReport,
  pinReport,
  type SlabSurvivors,
} from './pins.js';
export { ownerName, type RegionOwner } from './region-owner.js';
export { type RegionsByRow, regionsByRow } from './regions-by-row.js';
export { type SlabOwners, type SlabOwnersInput, slabOwners } from './slab-owners.js';
export {
  type KindFigures,
  type TypeFigures,
  type TypeName,
  type TypeProfile,
  typeProfile,
} from './type-profile.js';
