export {
  argumentBytes,
  argumentText,
  type Command,
  type CommandBatch,
  emptyCommand,
  SCRIPT_CLIENT,
} from '../commands/command.js';
export { CommandLog } from '../commands/command-log.js';
export { CommandWriter } from '../commands/command-writer.js';
export { Client } from './client/client.js';
export { COMMANDS } from './commands/index.js';
export {
  birthMsOf,
  birthOf,
  Origins,
  type OriginsCopy,
  ownerWordOf,
  patternOfWord,
} from './heap/attribution.js';
export { Heap } from './heap/heap.js';
export { GivenPatterns, InferredPatterns, type KeyPatterns } from './heap/key-patterns.js';
export { Holdings, type HoldingsCopy } from './heap/memory-accounts.js';
export { embeddedStringBytes, growableSdsBytes, redisSds, sdsBytes, valkeySds } from './heap/sds.js';
export { SdsString } from './heap/sds-string.js';
export { SizeClasses } from './heap/size-classes.js';
export { OWNER_NAMES, Owner } from './heap/struct-kind.js';
export { kindOfOwner, OWNERS, SUBJECT_NAMES, Subject, subjectOfOwner } from './heap/tag.js';
export { answerMemoryUsage, memoryUsage, type UsageAnswer } from './inspect/memory-usage.js';
export { answerSlotStats, type SlotFigures, type SlotStatsAnswer } from './inspect/slot-stats.js';
export { answerSlotVerify, type SlotVerification, verifySlot } from './inspect/slot-verify.js';
export { Database } from './keyspace/database.js';
export { encodingName, encodingOfKey } from './keyspace/encoding-name.js';
export { HashTable, TableElements } from './keyspace/hash-table.js';
export { Keyspace } from './keyspace/keyspace.js';
export { TYPE_NAMES, type ValueModel, ValueType } from './keyspace/value-model.js';
export { Call } from './server/call.js';
export { type CommandSpec, CommandTable, type Handler } from './server/command-table.js';
export { DecisionLog, type Decisions } from './server/model-decisions.js';
export { RedisServer, type ServerOptions } from './server/redis-server.js';
export { LUA_BYTES_PER_SOURCE_BYTE } from './server/scripts.js';
export { foreignStartUpBytes } from './server/start-up.js';
export { CLUSTER, parseServerSettings, type ServerSettings } from './settings/server-settings.js';
export { REPLICAS, SETTING_CHOICES, SETTING_NAMES, setSetting } from './settings/setting-names.js';
export { Settings } from './settings/settings.js';
export { DEFAULT_SERVER, findServer, SERVERS, type ServerVersion } from './versions/servers.js';
