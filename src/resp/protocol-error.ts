import { InputError, refusal } from '../base/index.js';

/** Reports bytes that are no commands, which makes a server end the connection. */
export class ProtocolError extends InputError {
  /** The words of a server's reply, after "Protocol error: " (networking.c: processMultibulkBuffer). */
  readonly reply: string;

  constructor(reply: string, ...place: Parameters<typeof refusal>) {
    super(refusal(...place).message);
    this.reply = reply;
  }
}
