export { isOpsFile, openOpsFile } from './ops-file/ops-file-disk.js';
export { type OpsFileOptions, OpsFileWriter } from './ops-file/ops-file-writer.js';
