export { ByteWindow } from './byte-window.js';
export { hexByte, InlineSplitter } from './inline.js';
export { RespParser } from './parser.js';
export { commandOf, respLength, respOf, writeResp } from './request-writer.js';
