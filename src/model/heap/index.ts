export {
  Attribution,
  type AttributionCopy,
  birthMsOf,
  birthOf,
  ownerWordOf,
  patternOfWord,
} from './attribution.js';
export { AttributionTable, type RememberedBirths } from './attribution-table.js';
export { CommandClock } from './command-clock.js';
export { ContainerKind, ListpackKind } from './container-kind.js';
export { FIRST_INTERPRETER, Heap } from './heap.js';
export { GivenPatterns, InferredPatterns } from './key-patterns.js';
export { MemoryAccounts, type MemoryAccountsCopy } from './memory-accounts.js';
export { OwnedAllocations } from './owned-allocations.js';
export {
  embeddedStringBytes,
  fixedStringBytes,
  growableSdsBytes,
  redisSds,
  type SdsPolicy,
  sdsBytes,
  sdsHeader,
  valkeySds,
} from './sds.js';
export { SdsString, usableRoom } from './sds-string.js';
export { SizeClasses } from './size-classes.js';
export { STRUCT_KIND_NAMES, StructKind } from './struct-kind.js';
export { DATA_TYPE_NAMES, DataType, dataTypeOfTag, kindOfTag, TAG_COUNT, tagOf } from './tag.js';
