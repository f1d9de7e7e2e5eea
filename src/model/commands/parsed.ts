import type { Call, Handler } from '../server/index.js';

/** Returns what a parser has read; undefined if that is an error, which is then the reply. */
export function orReplyError<Read>(call: Call, read: Read | string): Exclude<Read, string> | undefined {
  if (typeof read !== 'string') return read as Exclude<Read, string>;
  call.reply.error(read);
  return undefined;
}

/** Returns a handler that parses the request before all else and carries it out unless that fails. */
export function parsed<Request>(
  parse: (call: Call) => Request | string,
  carryOut: (call: Call, request: Exclude<Request, string>) => void,
): Handler {
  return (call) => {
    const request = orReplyError(call, parse(call));
    if (request !== undefined) carryOut(call, request);
  };
}
