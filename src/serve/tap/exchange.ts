import { concatBytes } from '../../base/index.js';

/** The kinds of commands, by the meaning of their replies. */
export type ExchangeKind =
  /** Each has one reply, and had no effect if that is an error. */
  | 'commands'
  /** A null reply means that nothing was executed, since the timeout expired. */
  | 'blocking'
  /** A null or a 0 means that a value did not meet the command's condition. */
  | 'conditional'
  /** Each channel is confirmed by itself. */
  | 'subscription'
  | 'multi'
  | 'exec'
  | 'discard'
  /** Its writes are not seen, even if it ends with an error. */
  | 'script'
  /** Success means that the server has done what the lab cannot know. */
  | 'opaque'
  | 'hello'
  | 'reset'
  | 'quit'
  | 'monitor'
  /** The server becomes the source of a replica, and the replies end. */
  | 'replication'
  /** It cannot be known which of the later replies belongs to which command. */
  | 'unmatched'
  /** The lab answers the first command if the server executes it, or else the others. */
  | 'question'
  /** The client does not receive the reply. */
  | 'own';

/** Consecutive whole commands that were sent to the server, until it has answered them. */
export class Exchange {
  readonly kind: ExchangeKind;
  /** The commands are bytes[from ..] in RESP, each up to its entry in `ends`. */
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly ends: readonly number[];
  /** The words of the command, if the kind needs them. */
  readonly words: readonly string[];
  /** Whether there is no reply, because the client has switched replies off. */
  readonly isSilent: boolean;
  /** The number of answered commands. */
  answered = 0;
  /** The number of answered commands in the lab's feed. */
  fed = 0;

  constructor(
    kind: ExchangeKind,
    bytes: Uint8Array,
    from: number,
    ends: readonly number[],
    words: readonly string[] = [],
    isSilent = false,
  ) {
    this.kind = kind;
    this.bytes = bytes;
    this.from = from;
    this.ends = ends;
    this.words = words;
    this.isSilent = isSilent;
  }

  /** Whether the client does not receive the replies as they are. */
  get isCaptured(): boolean {
    return this.kind === 'own' || this.kind === 'question';
  }

  get size(): number {
    return this.ends[this.ends.length - 1]! - this.from;
  }
}

/** Returns an exchange of whole commands, given one by one. */
export function exchangeOf(
  kind: ExchangeKind,
  commands: readonly Uint8Array[],
  words?: readonly string[],
  isSilent = false,
): Exchange {
  const bytes = concatBytes(commands);
  let end = 0;
  const ends = commands.map(({ length }) => {
    end += length;
    return end;
  });
  return new Exchange(kind, bytes, 0, ends, words, isSilent);
}
