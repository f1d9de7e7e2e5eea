export { birthMsOf, birthOf, Origins, type OriginsCopy, ownerWordOf, patternOfWord } from './attribution.js';
export { OriginTable, type RememberedBirths } from './attribution-table.js';
export { ContainerOwner, ListpackOwner } from './container-kind.js';
export { Heap } from './heap.js';
export { GivenPatterns, InferredPatterns } from './key-patterns.js';
export { Holdings, type HoldingsCopy } from './memory-accounts.js';
export {
  embeddedStringBytes,
  growableSdsBytes,
  redisSds,
  type SdsPolicy,
  sdsBytes,
  sdsHeader,
  valkeySds,
} from './sds.js';
export { SdsString, usableRoom } from './sds-string.js';
export { SizeClasses } from './size-classes.js';
export { OWNER_NAMES, Owner } from './struct-kind.js';
export { kindOfOwner, OWNERS, owned, SUBJECT_NAMES, Subject, subjectOfOwner } from './tag.js';
