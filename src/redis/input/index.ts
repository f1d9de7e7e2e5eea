/** Inputs, wherever files come from. (Those of Node's own disk: disk.ts.) */
export { type ByteSource, MemorySource } from './byte-source.js';
export type { Elements } from './elements.js';
export type { FileEntry, Files, FileThere } from './files.js';
export type { CommandEvent, EpochEvent, Input, InputEvent, InputKind } from './input.js';
export { MonitorClients } from './monitor/clients.js';
export { MonitorLine } from './monitor/line.js';
export { inputOf, openIn } from './open.js';
export type * from './rdb/events.js';
export type * from './rdb/values.js';
export { RespParser } from './resp/parser.js';
export { readCommands } from './resp/stream.js';
export type { Slice } from './slice.js';
