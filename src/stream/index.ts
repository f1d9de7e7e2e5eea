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
export { Kind, MAX_HANDLE, MAX_SIZE, MAX_THREADS, type OpChunk } from './operation.js';
export type { OpsMetadata } from './ops-file/ops-format.js';
export { isOpsFile, type OpsBytes, OpsFileReader } from './ops-file/ops-reader.js';
