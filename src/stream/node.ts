export { isGzip, MAX_UNPACKED_BYTES, tooLarge, unpacked } from './gzip.js';
export { isOpsFile, openOpsFile } from './ops-file/ops-file-disk.js';
export { type OpsFileOptions, OpsFileWriter } from './ops-file/ops-file-writer.js';
export { openPlain, plainOf, readPlain, readStandardInput, STDIN, wholeIfPacked } from './whole-input.js';
