export { aboutOutput, isSystemError, OutputError } from './output-error.js';
export { isStream, OutputFile, syncDirectoryOf, writePieces, writeWhole } from './output-file.js';
export { lockOutput } from './output-lock.js';
export { readOwnFile } from './own-file.js';
export { removeParts } from './part-names.js';
export { TemporaryDirectory } from './temporary-directory.js';
