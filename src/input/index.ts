export { Elements } from './elements.js';
export type { FileEntry, Files } from './files.js';
export type { Input, InputEvent, InputKind } from './input.js';
export { MonitorClients } from './monitor/monitor-clients.js';
export { MonitorLine } from './monitor/monitor-line.js';
export { openIn } from './open-input.js';
export { blobElements, loadedListpack } from './rdb/blob.js';
export { scoredElements } from './rdb/collections.js';
export { RdbCursor } from './rdb/cursor.js';
export type { RdbAux, RdbEntry, RdbEvent, RdbFunction, RdbResize } from './rdb/events.js';
export { pairElements } from './rdb/hash-reader.js';
export { readObject, skipRest } from './rdb/object.js';
export type {
  RdbField,
  RdbHash,
  RdbList,
  RdbListNode,
  RdbModule,
  RdbPackedList,
  RdbPlainList,
  RdbQuicklist,
  RdbScored,
  RdbSet,
  RdbSortedSet,
  RdbStream,
  RdbStreamEntry,
  RdbStreamGroup,
  RdbStreamNode,
  RdbString,
  RdbValue,
} from './rdb/rdb-values.js';
export { Slice } from './slice.js';
