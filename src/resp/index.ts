export { ByteWindow } from './byte-window.js';
export { hexByte, InlineSplitter } from './inline.js';
export { RespParser, UNAUTHENTICATED } from './parser.js';
export { ARRAY, CR, ERROR, LF, type Protocol, STATUS } from './protocol-bytes.js';
export { ProtocolError } from './protocol-error.js';
export { ReplyWriter } from './reply-writer.js';
export {
  commandOf,
  lengthOfArguments,
  respLength,
  respOf,
  respOfCommand,
  writeResp,
} from './request-writer.js';
