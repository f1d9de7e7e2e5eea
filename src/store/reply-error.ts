import { SYNTAX_ERROR } from '../commands/index.js';
/** What a command is refused with, as the server says it. Thrown, because it may be found anywhere. */
export class ReplyError extends Error {}

/** Refused before the command was looked into: a transaction that it was meant for is broken. */
export class Rejection extends ReplyError {}

export function syntaxError(): ReplyError {
  return new ReplyError(SYNTAX_ERROR);
}
