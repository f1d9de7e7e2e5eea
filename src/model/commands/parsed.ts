import type { Call, Handler } from '../server/index.js';

/** Returns the result of a parser; for an error it replies with it and returns undefined. */
export function orReplyError<Read>(call: Call, read: Read | string): Exclude<Read, string> | undefined {
  if (typeof read !== 'string') return read as Exclude<Read, string>;
  call.reply.error(read);
  return undefined;
}

/** Returns a handler that parses the request first, and runs it unless that fails. */
export function parsed<Request>(
  parse: (call: Call) => Request | string,
  carryOut: (call: Call, request: Exclude<Request, string>) => void,
): Handler {
  return (call) => {
    const request = orReplyError(call, parse(call));
    if (request !== undefined) carryOut(call, request);
  };
}
