export { copyOfRange } from './chunk.js';
export { chunkMemory } from './chunk-memory.js';
export {
  DEFRAG_FAMILIES,
  type DefragFamily,
  type DefragSetting,
  SCAN_BEGINS_KEY,
  SCAN_ENDS_KEY,
} from './defrag.js';
export { OpWriter } from './op-writer.js';
export {
  allocateColumns,
  endsRegion,
  Kind,
  MAX_HANDLE,
  MAX_SIZE,
  MAX_THREADS,
  makesRegion,
  type OpChunk,
} from './operation.js';
export type { OpsBytes } from './ops-file/ops-bytes.js';
export type { OpsMetadata, RecordedCounts, RecordedProgram } from './ops-file/ops-metadata.js';
export { isOpsFile, OpsFileReader } from './ops-file/ops-reader.js';
export type { NamedOwner, OpsNames } from './ops-file/owner-names.js';
