export { isGzipFile, openInput } from './disk-files.js';
export { STDIN } from './standard-input.js';
export { readTextFile, textOf } from './text-file.js';
