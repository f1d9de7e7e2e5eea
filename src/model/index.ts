export { clusterCursorText, commandTable, parseClusterScan } from './commands/index.js';
export {
  Attribution,
  type AttributionCopy,
  birthMsOf,
  birthOf,
  CommandClock,
  DATA_TYPE_NAMES,
  DataType,
  dataTypeOfTag,
  embeddedStringBytes,
  GivenPatterns,
  InferredPatterns,
  kindOfTag,
  MemoryAccounts,
  type MemoryAccountsCopy,
  OwnedAllocations,
  ownerWordOf,
  patternOfWord,
  redisSds,
  STRUCT_KIND_NAMES,
  StructKind,
  sdsBytes,
  TAG_COUNT,
} from './heap/index.js';
export {
  answerMemoryUsage,
  answerSlotStats,
  answerSlotVerify,
  memoryUsage,
  type SlotFigures,
} from './inspect/index.js';
export { encodingOfKey, keySlot, SLOTS, StringEncoding, TYPE_NAMES, ValueType } from './keyspace/index.js';
export { type LoadCounts, Loading } from './loading/index.js';
export { carryRegisters, savedDataSet } from './saving/index.js';
export {
  DecisionLog,
  foreignStartUpBytes,
  type Gap,
  type Gaps,
  LUA_BYTES_PER_SOURCE_BYTE,
  type ModelDecisions,
  type Observed,
  RedisServer,
} from './server/index.js';
export {
  CLUSTER,
  parseServerSettings,
  parseSetting,
  REPLICAS,
  refusalOf,
  SETTING_CHOICES,
  SETTING_NAMES,
  type ServerSettings,
  Settings,
  setSetting,
  settingText,
  startWith,
} from './settings/index.js';
export {
  type ChosenMember,
  entryBytes,
  integerEntryBytes,
  scoreReply,
  scoreText,
  withFingerprint,
} from './values/index.js';
export {
  type ContainerPolicy,
  DEFAULT_SERVER,
  DEFAULT_VERSION,
  findServer,
  nearestServer,
  OTHER_SERVER,
  SERVERS,
  type ServerVersion,
  serverNameOf,
  TRAFFIC_SERVER,
} from './versions/index.js';
