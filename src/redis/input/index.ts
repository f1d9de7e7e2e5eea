export { type ByteSource, FileSource, MemorySource } from './byte-source.js';
export type { Elements } from './elements.js';
export type { CommandEvent, EpochEvent, Input, InputEvent, InputKind } from './input.js';
export { inputOf, openInput } from './open.js';
export type * from './rdb/events.js';
export type * from './rdb/values.js';
export { RespParser } from './resp/parser.js';
export { readCommands } from './resp/stream.js';
export type { Slice } from './slice.js';
