export { ChainedTable } from './chained-table.js';
export { Database, keepsLoadedName } from './database.js';
export type { DatabaseContext } from './database-context.js';
export type { BucketVisit, Try } from './defrag-scan.js';
export { encodingName, encodingOfKey } from './encoding-name.js';
export type { HashTable, ResizePolicy, TableKind } from './hash-table.js';
export { ALL_SLOTS, keySlot, patternSlot, SLOTS, type SlotRange, slotTag } from './key-slot.js';
export { type KeyTables, OneTable } from './key-tables.js';
export { Keyspace } from './keyspace.js';
export { walkedSize } from './logical-size.js';
export { newTable } from './new-table.js';
export { NumberedElements } from './numbered-elements.js';
export { SlotMemory } from './slot-memory.js';
export {
  encodingOfKind,
  headerOfKind,
  isTightKind,
  StringEncoding,
  stringKind,
  Value,
} from './string-value.js';
export { TableElements } from './table-elements.js';
export { TYPE_NAMES, type ValueModel, ValueType } from './value-model.js';
export { onePart, type PartSizes, sampledUsage, tableParts, type ValueParts } from './value-parts.js';
export { type ClosedValues, ValueSlots } from './value-slots.js';
