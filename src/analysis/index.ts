export { explain } from './explain/explain.js';
export type { Basis, Explanation, Note, Part, PartName, Verdict } from './explain/explanation.js';
export { type KeyCensus, type PatternFigures, takeCensus } from './key-census.js';
export { type KeyTally, tallyKeys } from './key-tally.js';
export type { MallocStats } from './malloc-stats/malloc-stats.js';
export { parseMallocStats } from './malloc-stats/parse-malloc-stats.js';
export type { NamedText } from './paste/named-text.js';
export { type PinnedByPattern, pinnedByPattern } from './pattern-of-owner.js';
export {
  goneSentence,
  OWNER_ORDERS,
  type OwnerOrder,
  type OwnersView,
  pinReportLines,
} from './pin-report.js';
export { type Lifetime, type Pinned, type PinReport, pinReport } from './pins.js';
export { readableName } from './readable-name.js';
export { RECORDED } from './region-owner.js';
export { regionsByRow } from './regions-by-row.js';
export { type SlabOwners, slabOwners } from './slab-owners.js';
export { rdbStatsSection, statMemoryLines } from './stat-memory.js';
export { type KindFigures, type TypeFigures, type TypeProfile, typeProfile } from './type-profile.js';
