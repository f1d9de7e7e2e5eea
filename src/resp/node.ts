export { array, bulk, error, integer, type LabReply, ok, type Protocol, replyBytes, text } from './reply.js';
export { ReplyFramer } from './reply-framer.js';
export { Replies, type ReplyErrors } from './reply-reader.js';
export { replyText, withText } from './reply-text.js';
export { Connection, type Patience } from './resp-client.js';
