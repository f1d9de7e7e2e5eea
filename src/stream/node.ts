export { isOpsFile, openOpsFile } from './ops-file/ops-file-disk.js';
export { OpsFileWriter } from './ops-file/ops-file-writer.js';
