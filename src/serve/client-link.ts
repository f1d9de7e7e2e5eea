/** Consecutive whole commands, in the bytes that the client sent. */
export interface Segment {
  readonly bytes: Uint8Array;
  readonly from: number;
  /** The end of each command in `bytes`. */
  readonly ends: readonly number[];
}

/** The client of a link. */
export interface LinkClient {
  /** Its number in the lab's feed. */
  readonly number: number;
  /** Its address as CLIENT LIST shows it, and that which it has connected to. */
  readonly address: string;
  readonly localAddress: string;
}

/** The path of a client's commands to the lab's own store. */
export interface Link {
  /** The number of the client in the lab's feed. */
  readonly client: number;
  /** Whether replies are outstanding. */
  readonly isBusy: boolean;
  /** Whether a command waits, so that those after it wait too. */
  readonly isWaiting: boolean;
  /** Whether subscriptions limit the commands that the client may send, so that the lab answers no questions. */
  readonly isLimited: boolean;
  /** Whether the client does not receive the reply to its next command. */
  readonly isSilent: boolean;
  /** Executes commands. `onReply` is called with each reply. */
  send(segment: Segment, onReply?: (isError: boolean) => void): void;
  /** Returns the reply to a further command, which the client does not receive. No reply may be outstanding. */
  ask(segment: Segment): Promise<Buffer>;
  /** Executes nothing until `resume`, because the client must read its replies first. */
  hold(): void;
  resume(): void;
  /** Ends the link. Commands that were sent are still executed. */
  close(): void;
}

/** The events of a link, for its client. */
export interface LinkEvents {
  /** Passes replies to the client. */
  reply(bytes: Uint8Array): void;
  /** Passes a message that answers no command. */
  pushed(bytes: Uint8Array): void;
  /** Reports that no reply is outstanding. */
  idle(): void;
  /** Reports backpressure of the link, and its end. */
  full(isFull: boolean): void;
  /** Reports that no further replies follow. */
  ended(): void;
}
