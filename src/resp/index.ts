export { ByteWindow } from './byte-window.js';
export { hexByte, InlineSplitter } from './inline.js';
export { RespParser } from './parser.js';
export { ARRAY, CR, ERROR, LF, type Protocol, STATUS } from './protocol-bytes.js';
export { ReplyWriter } from './reply-writer.js';
export { commandOf, respLength, respOf, respOfCommand, writeResp } from './request-writer.js';
