export { type InputFile, inputFiles } from './content-digest.js';
export { isGzipFile, openInput } from './disk-files.js';
export { readTextFile, textOf } from './text-file.js';
