export {
  argumentBytes,
  argumentsOf,
  argumentText,
  type Command,
  type CommandBatch,
  copyInto,
  copyOfCommand,
  emptyCommand,
  isBatch,
  SCRIPT_CLIENT,
  wordsOf,
} from './command.js';
export { CommandIndex } from './command-index.js';
export type { CommandInfo } from './command-info.js';
export { CommandLog } from './command-log.js';
export {
  ALL_COMMANDS,
  COMMAND_NAMES,
  commandsOf,
  findCommand,
  fitsArity,
  subcommandOf,
} from './command-table.js';
export { CommandWriter } from './command-writer.js';
export * from './error-texts.js';
export { decodePlace, distanceM, encodePlace, type Place } from './geohash.js';

export { HLL_DENSE_BYTES, HLL_HEADER, HyperLogLog, placeOf, type Run } from './hyperloglog.js';
export { isIn, type Release, type Since } from './release.js';
export { keyPlaces } from './request-keys.js';
export * from './request-numbers.js';
export { RequestReader } from './request-reader.js';
export { meaningAt, type RequestWords } from './request-words.js';
export * from './requests/index.js';
export * from './stream-id.js';
