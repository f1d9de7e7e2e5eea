import { SYNTAX_ERROR } from '../commands/index.js';
/** Error reply of a command, in the server's words. It is thrown, because any part of a handler may refuse. */
export class ReplyError extends Error {}

/** Error reply from before the handler runs; it breaks a transaction that is being queued. */
export class Rejection extends ReplyError {}

export function syntaxError(): ReplyError {
  return new ReplyError(SYNTAX_ERROR);
}
