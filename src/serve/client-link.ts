/** Whether a command needs the client's own connection for itself, or for all later commands too. */
export type DedicatedUse = 'this-command' | 'sticky';

/** Consecutive whole commands, in the bytes that the client sent. */
export interface Segment {
  readonly bytes: Uint8Array;
  readonly from: number;
  /** The end of each command in `bytes`. */
  readonly ends: readonly number[];
  /** Present if the segment is one command that needs the client's own connection. */
  readonly dedicatedUse?: DedicatedUse;
  /** Whether the segment is one command without a reply. */
  readonly isUnanswered?: boolean;
  /** Whether the segment is one command for which a null reply means that its timeout expired. */
  readonly isBlocking?: boolean;
  /** Whether the segment is one command that had no effect if its reply is an error. */
  readonly isNothingIfError?: boolean;
  /** Called with the reply, if the segment is one command. */
  readonly onReply?: (reply: { readonly isError: boolean; readonly code: string }) => void;
}

/** The path of a client's commands to a real server, or to the lab's own store. */
export interface Link {
  /** The number of the client in the lab's feed. */
  readonly client: number;
  /** Whether replies are outstanding. */
  readonly isBusy: boolean;
  send(segment: Segment): void;
  /** Passes on bytes that are no longer commands. */
  pass(bytes: Uint8Array): void;
  /** Returns the reply to a further command, which the client does not receive. No reply may be outstanding. */
  ask(segment: Segment): Promise<Buffer>;
  /** Allows push messages from now on. */
  subscribed(): void;
  /** Stops replies to a client that does not read. With `isTooMuch`, its unread replies exceed the limit. */
  pause(isTooMuch: boolean): void;
  resume(): void;
  /** Ends the link. Commands that were sent are still executed. */
  close(): void;
}

/** The events of a link, for its client. */
export interface LinkEvents {
  /** Passes replies to the client. */
  reply(bytes: Uint8Array): void;
  /** Reports that no reply is outstanding. */
  idle(): void;
  /** Reports backpressure of the link, and its end. */
  full(isFull: boolean): void;
  /** Reports that no further replies follow. `why` is the error for the client, if there is one. */
  ended(why: string | undefined): void;
  /** Disconnects the client, and discards its unread replies. */
  cutOff(): void;
}
