export { crc32 } from '../base/crc32.js';
export { grown } from '../base/grown-column.js';
export { hintOf, InputError, nearestName, unknownName } from '../base/input-error.js';
export { latin1, latin1Bytes } from '../base/latin1.js';
export { NumberPool } from '../base/number-pool.js';
export { Random } from '../base/random.js';
export { copyOfRange } from './chunk.js';
export { DEFAULT_CHUNK_CAPACITY, OpWriter } from './op-writer.js';
export * from './operation.js';
