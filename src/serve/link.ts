/** What a client's commands go to: a real server, or the lab's own store. */

/** What a command means to its client's connection: no other will do for it, or for anything that comes behind it. */
export type OwnUse = 'once' | 'from now on';

/** Whole commands in a row, in the bytes that the client sent. */
export interface Segment {
  readonly bytes: Uint8Array;
  readonly from: number;
  /** Where in `bytes` each command ends. */
  readonly ends: readonly number[];
  /** One command that has to go over the client's own connection, and whether all that comes behind it has to. */
  readonly own?: OwnUse;
  /** One command that is answered by no reply of its own. */
  readonly isUnanswered?: boolean;
  /** One command for which `nil` means that it waited in vain. */
  readonly isBlocking?: boolean;
  /** One command that a server may refuse for reasons of its own: an error says that nothing was done. */
  readonly isNothingIfError?: boolean;
  /** One command whose fate has to be known: told of its reply. */
  readonly onReply?: (reply: { readonly isError: boolean; readonly code: string }) => void;
}

export interface Link {
  /** Its number in the lab's feed. */
  readonly client: number;
  /** Replies are outstanding. */
  readonly isBusy: boolean;
  send(segment: Segment): void;
  /** What is no command any more, as it is. */
  pass(bytes: Uint8Array): void;
  /** The reply to one more command, instead of to the client: when nothing is outstanding. */
  ask(segment: Segment): Promise<Buffer>;
  /** The client may be sent messages that it did not ask for. */
  subscribed(): void;
  /** The client does not read, and too much may wait for it already: then no more may come. */
  pause(isTooMuch: boolean): void;
  resume(): void;
  /** The client has gone, or is to go. What was sent is still carried out. */
  close(): void;
}

/** What a link does to its client. */
export interface LinkEvents {
  /** Replies, as they are. */
  reply(bytes: Uint8Array): void;
  /** Nothing is outstanding any more. */
  idle(): void;
  /** The link takes no more for now, or takes more again. */
  full(isFull: boolean): void;
  /** There will be no more replies; `why` is for the client if it is an error. */
  ended(why: string | undefined): void;
  /** The client is cut off: what waits for it to be read is given up. */
  cutOff(): void;
}
