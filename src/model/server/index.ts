export { Call } from './call.js';
export { CommandTable, type Handler, type Handlers } from './command-table.js';
export type { Gap, Gaps } from './gaps.js';
export { DecisionLog, type ModelDecisions } from './model-decisions.js';
export type { Observed } from './observed.js';
export { RedisServer } from './redis-server.js';
export { LUA_BYTES_PER_SOURCE_BYTE } from './scripts.js';
export { foreignStartUpBytes } from './start-up.js';
