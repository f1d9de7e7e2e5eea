export { copyOfRange } from './chunk.js';
export { grown } from './columns.js';
export { crc32 } from './crc32.js';
export { hintOf, InputError, nearestName, unknownName } from './input-error.js';
export { latin1, latin1Bytes } from './latin1.js';
export { NumberPool } from './number-pool.js';
export * from './operation.js';
export { Random } from './random.js';
export { DEFAULT_CHUNK_CAPACITY, OpWriter } from './writer.js';
