export type { Protocol } from './protocol-bytes.js';
export { array, bulk, error, integer, type LabReply, ok, replyBytes, text } from './reply.js';
export { ReplyFramer } from './reply-framer.js';
export { NotRespError } from './reply-machine.js';
export { isErrorReply, type ReplyErrors, readReply } from './reply-reader.js';
export { replyText, withText } from './reply-text.js';
export { Connection, type Patience } from './resp-client.js';
export { Subscriptions } from './subscriptions.js';
