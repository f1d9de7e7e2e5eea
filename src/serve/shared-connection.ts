/**
 * One connection for what many clients send in the same moment. It is one write, which their server reads at once: to it
 * most of the work of a short command is to read and to answer it. The order of their commands is known, since it is the
 * server's.
 *
 * Each client has a connection of its own beside it, which the server goes on to know it by.
 */
import type { Gaps } from './gaps.js';
import type { FeedSink } from './lab-thread.js';
import type { Segment } from './link.js';
import type { Upstream } from './upstream.js';
import { type ConnectionEnd, NOBODY, type Recipient, UpstreamConnection } from './upstream-connection.js';

/** Shared connections have numbers from here on, and clients have numbers below. One comes after the other. */
const FIRST_SHARED_CLIENT = 0x80000000;
/** After one has failed. */
const RETRY_MS = 1000;

export interface Sharing {
  /** In one turn of the event loop. */
  readonly leastSenders: number;
  /**
   * As often at least, a client's own connection is used: so that the server does not take it for idle, and its buffers
   * are those of one that is used.
   */
  readonly ownEveryMs: number;
}

export const SHARING: Sharing = { leastSenders: 2, ownEveryMs: 500 };

const ABANDONED: ConnectionEnd = { why: () => undefined, unanswered: new Map() };

export interface Sharer extends Recipient {
  /** Some of its commands will not be answered any more. */
  ended(end: ConnectionEnd): void;
}

export class SharedConnection {
  readonly sharing: Sharing;
  readonly #upstream: Upstream;
  readonly #gaps: Gaps;
  readonly #sharers = new Set<Sharer>();
  #connection: UpstreamConnection | undefined;
  #nextClient = FIRST_SHARED_CLIENT;
  /** The server has answered. */
  #isReady = false;
  #isFull = false;
  #opensFrom = 0;
  #senders = 0;
  #sendersBefore = 0;

  constructor(upstream: Upstream, gaps: Gaps, sharing: Sharing) {
    this.#upstream = upstream;
    this.#gaps = gaps;
    this.sharing = sharing;
  }

  /** It is there and takes more. */
  get takes(): boolean {
    return this.#isReady && !this.#isFull;
  }

  join(sharer: Sharer): void {
    this.#sharers.add(sharer);
  }

  /** Closed when the last has gone: a server's clients are then those that are there. */
  leave(sharer: Sharer): void {
    if (this.#sharers.delete(sharer) && this.#sharers.size === 0) this.#close();
  }

  /** To be asked by each client that sends: whether many do now. It is opened when that is so for the first time. */
  isCrowded(lab: FeedSink): boolean {
    if (this.#senders === 0) setImmediate(this.#turn);
    this.#senders++;
    const { leastSenders } = this.sharing;
    if (this.#senders < leastSenders && this.#sendersBefore < leastSenders) return false;
    if (this.#connection === undefined && Date.now() >= this.#opensFrom) this.#open(lab);
    return true;
  }

  send(segment: Segment, sharer: Sharer): void {
    this.#connection?.send(segment, sharer);
  }

  /** Nobody waits any more for what is outstanding: a server that hangs would never answer it. */
  close(): void {
    this.#close();
    for (const sharer of [...this.#sharers]) sharer.ended(ABANDONED);
  }

  readonly #turn = () => {
    this.#sendersBefore = this.#senders;
    this.#senders = 0;
  };

  #open(lab: FeedSink): void {
    const connection: UpstreamConnection = new UpstreamConnection({
      client: this.#nextClient++,
      upstream: this.#upstream,
      lab,
      gaps: this.#gaps,
      gathers: true,
      owner: {
        // Nobody in particular can be meant.
        unasked: NOBODY,
        full: (isFull) => {
          if (this.#connection === connection) this.#isFull = isFull;
        },
        ended: (end) => {
          if (this.#connection !== connection) return;
          this.#forget();
          this.#opensFrom = Date.now() + RETRY_MS;
          for (const sharer of this.#sharers) if (end.unanswered.has(sharer)) sharer.ended(end);
        },
      },
    });
    this.#connection = connection;
    // A server with too many clients turns it away, and one with a password may not take what clients say over theirs.
    connection.say(['PING'], ({ isError }) => {
      if (this.#connection === connection) this.#isReady = !isError;
    });
  }

  #close(): void {
    this.#connection?.close();
    this.#forget();
  }

  #forget(): void {
    this.#connection = undefined;
    this.#isReady = false;
    this.#isFull = false;
  }
}
