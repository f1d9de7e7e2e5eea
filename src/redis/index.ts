export { Call } from './call.js';
export { Client } from './client.js';
export {
  argumentBytes,
  argumentText,
  type Command,
  type CommandBatch,
  emptyCommand,
  SCRIPT_CLIENT,
} from './command.js';
export { CommandLog } from './command-log.js';
export { type CommandSpec, CommandTable, type Handler } from './command-table.js';
export { CommandWriter } from './command-writer.js';
export { COMMANDS } from './commands/index.js';
export { Database } from './database.js';
export { DecisionLog, type Decisions } from './decisions.js';
export { encodingName, encodingOfKey } from './encoding-name.js';
export { HashTable, TableElements } from './hash-table.js';
export { Heap } from './heap.js';
export { Holdings, type HoldingsCopy } from './holdings.js';
export { GivenPatterns, InferredPatterns, type KeyPatterns } from './key-patterns.js';
export { Keyspace } from './keyspace.js';
export { answerMemoryUsage, memoryUsage, type UsageAnswer } from './memory-usage.js';
export { birthMsOf, birthOf, Origins, type OriginsCopy, ownerWordOf, patternOfWord } from './origins.js';
export { OWNER_NAMES, Owner } from './owners.js';
export { LUA_BYTES_PER_SOURCE_BYTE } from './scripts.js';
export { embeddedStringBytes, growableSdsBytes, redisSds, sdsBytes, valkeySds } from './sds.js';
export { SdsString } from './sds-string.js';
export { RedisServer, type ServerOptions } from './server.js';
export { CLUSTER, parseServerSettings, type ServerSettings } from './server-settings.js';
export { DEFAULT_SERVER, findServer, SERVERS, type ServerVersion } from './servers.js';
export { REPLICAS, SETTING_CHOICES, SETTING_NAMES, setSetting } from './setting-names.js';
export { Settings } from './settings.js';
export { SizeClasses } from './size-classes.js';
export { answerSlotStats, type SlotFigures, type SlotStatsAnswer } from './slot-stats.js';
export { answerSlotVerify, type SlotVerification, verifySlot } from './slot-verify.js';
export { foreignStartUpBytes } from './start-up.js';
export { kindOfOwner, OWNERS, SUBJECT_NAMES, Subject, subjectOfOwner } from './subjects.js';
export { TYPE_NAMES, type ValueModel, ValueType } from './value-model.js';
