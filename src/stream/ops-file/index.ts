/** Reading the format, wherever bytes come from. (Files of Node's own disk, and writing them: disk.ts.) */
export type { OpsMetadata } from './ops-format.js';
export { isOpsFile, type OpsBytes, OpsFileReader } from './ops-reader.js';
