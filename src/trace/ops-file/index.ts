export type { OpsMetadata } from './format.js';
export { isOpsFile, OpsFileReader } from './reader.js';
export { OpsFileWriter } from './writer.js';
