export { COMMANDS, clampedRange } from './commands/index.js';
export {
  birthMsOf,
  birthOf,
  embeddedStringBytes,
  GivenPatterns,
  Holdings,
  type HoldingsCopy,
  InferredPatterns,
  kindOfOwner,
  Origins,
  type OriginsCopy,
  OWNER_NAMES,
  OWNERS,
  Owner,
  ownerWordOf,
  patternOfWord,
  redisSds,
  SUBJECT_NAMES,
  Subject,
  sdsBytes,
  subjectOfOwner,
} from './heap/index.js';
export {
  answerMemoryUsage,
  answerSlotStats,
  answerSlotVerify,
  memoryUsage,
  type SlotFigures,
} from './inspect/index.js';
export { Database, encodingOfKey, StringEncoding, TYPE_NAMES, ValueType } from './keyspace/index.js';
export { type LoadCounts, Loading } from './loading/index.js';
export {
  DecisionLog,
  type Decisions,
  foreignStartUpBytes,
  LUA_BYTES_PER_SOURCE_BYTE,
  RedisServer,
} from './server/index.js';
export {
  CLUSTER,
  parseServerSettings,
  REPLICAS,
  SETTING_CHOICES,
  SETTING_NAMES,
  type ServerSettings,
  Settings,
  setSetting,
  settingText,
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
  containerPolicy,
  DEFAULT_SERVER,
  findServer,
  SERVERS,
  type ServerVersion,
} from './versions/index.js';
