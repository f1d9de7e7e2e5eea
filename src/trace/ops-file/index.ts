export type { OpsMetadata } from './format.js';
export { OpsFileReader } from './reader.js';
export { OpsFileWriter } from './writer.js';
