export { ByteWindow } from './byte-window.js';
export { hexByte, InlineSplitter } from './inline.js';
export { RespParser } from './parser.js';
export { ARRAY, CR, LF, type Protocol } from './protocol-bytes.js';
export { ReplyWriter } from './reply-writer.js';
export { commandOf, respLength, respOf, writeResp } from './request-writer.js';
