export { type InputFile, inputFiles } from './content-digest.js';
export { isGzipFile, openInput } from './disk-files.js';
export { isGzip } from './gzip-source.js';
export { STDIN } from './standard-input.js';
export { readTextFile, textOf } from './text-file.js';
