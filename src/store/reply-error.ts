import { latin1Bytes } from '../base/index.js';
import { MAX_ECHO, SYNTAX_ERROR } from '../commands/index.js';
/** Error reply of a command, in the server's words. It is thrown, because any part of a handler may refuse. */
export class ReplyError extends Error {}

/** Error reply from before the handler runs; it breaks a transaction that is being queued. */
export class Rejection extends ReplyError {}

/** Returns the text that refuses what a server does and the store does not. */
export function unsupported(what: string): string {
  return `ERR not supported by the lab: ${what.slice(0, MAX_ECHO)}`;
}

/** Whether a reply refuses what the store does not support, so that nothing was carried out. */
export function isUnsupported(reply: Uint8Array): boolean {
  return UNSUPPORTED_BYTES.every((byte, at) => reply[at] === byte);
}

const UNSUPPORTED_BYTES = latin1Bytes(`-${unsupported('')}`);

export function notSupported(what: string): ReplyError {
  return new ReplyError(unsupported(what));
}

export function syntaxError(): ReplyError {
  return new ReplyError(SYNTAX_ERROR);
}
