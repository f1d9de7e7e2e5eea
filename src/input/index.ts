/** Inputs, wherever files come from. (Those of Node's own disk: disk.ts.) */
export { type ByteSource, MemorySource } from '../base/byte-source.js';
export { RespParser } from '../resp/parser.js';
export type { Elements } from './elements.js';
export type { FileEntry, Files, FileThere } from './files.js';
export type { CommandEvent, EpochEvent, Input, InputEvent, InputKind } from './input.js';
export { MonitorClients } from './monitor/monitor-clients.js';
export { MonitorLine } from './monitor/monitor-line.js';
export { inputOf, openIn } from './open-input.js';
export type * from './rdb/events.js';
export type * from './rdb/rdb-values.js';
export { readCommands } from './resp/read-commands.js';
export type { Slice } from './slice.js';
