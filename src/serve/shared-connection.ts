import type { Gaps } from './gaps.js';
import type { FeedSink } from './lab-thread.js';
import type { Segment } from './link.js';
import type { Upstream } from './upstream.js';
import { type ConnectionEnd, NOBODY, type Recipient, UpstreamConnection } from './upstream-connection.js';

/** The first client number of multiplexed connections. Clients have lower numbers. */
const FIRST_SHARED_CLIENT = 0x80000000;
/** The time until a failed connection is opened again. */
const RETRY_MS = 1000;

export interface Sharing {
  /** The number of clients that send in one turn of the event loop at which multiplexing begins. */
  readonly leastSenders: number;
  /** The interval at which a client's own connection is used, so that its buffers in the server stay realistic. */
  readonly ownEveryMs: number;
}

export const SHARING: Sharing = { leastSenders: 2, ownEveryMs: 500 };

const ABANDONED: ConnectionEnd = { why: () => undefined, unanswered: new Map() };

export interface Sharer extends Recipient {
  /** Reports that some of its commands will not be answered. */
  ended(end: ConnectionEnd): void;
}

/**
 * Multiplexes the commands of many clients over one connection. The commands of one turn are one write, which saves
 * the server most of the work of short commands. Their order is known.
 *
 * Each client also has a dedicated connection.
 */
export class SharedConnection {
  readonly sharing: Sharing;
  readonly #upstream: Upstream;
  readonly #gaps: Gaps;
  readonly #sharers = new Set<Sharer>();
  #connection: UpstreamConnection | undefined;
  #nextClient = FIRST_SHARED_CLIENT;
  /** Whether the server has replied to the first PING. */
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

  /** Whether the connection is open and has no backpressure. */
  get takes(): boolean {
    return this.#isReady && !this.#isFull;
  }

  join(sharer: Sharer): void {
    this.#sharers.add(sharer);
  }

  /** Removes a participant. The connection closes with the last one. */
  leave(sharer: Sharer): void {
    if (this.#sharers.delete(sharer) && this.#sharers.size === 0) this.#close();
  }

  /** Counts a sending client, and returns whether many send now. Opens the connection at the first such turn. */
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

  /** Closes the connection without waiting for outstanding replies, which a hanging server would not send. */
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
    // The reply shows whether the server accepts the connection; it may have too many clients, or require a password.
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
