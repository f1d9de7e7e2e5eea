export {
  type Aggregate,
  aggregated,
  type Combination,
  combination,
  type Operation,
  weighted,
} from './combination.js';
export {
  argumentBytes,
  argumentText,
  type Command,
  type CommandBatch,
  copyOfCommand,
  emptyCommand,
  isBatch,
  SCRIPT_CLIENT,
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
export { distanceOf, type GeoForm, type GeoRequest, geoRequest, placeAt, unitAt } from './geo-request.js';
export { decodePlace, distanceM, encodePlace, type Place } from './geohash.js';
export { HLL_DENSE_BYTES, HLL_HEADER, HyperLogLog, placeOf } from './hyperloglog.js';
export { cardinalityLimit, combinedKeys, EXTREMES, multiplePop, setCardinality } from './numbered-keys.js';
export { meaningAt, NOT_A_FLOAT, NOT_AN_INTEGER, type RequestWords, SYNTAX_ERROR } from './request-words.js';
export { compareIds, GREATEST_ID, idKey, idLength, LEAST_ID, parseId, type StreamId } from './stream-id.js';
export { type StreamRequest, streamRequest, type Trimming } from './stream-request.js';
