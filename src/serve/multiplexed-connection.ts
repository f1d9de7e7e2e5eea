import type { Segment } from './client-link.js';
import type { FeedSink } from './lab-thread.js';
import type { UnseenTraffic } from './unseen-traffic.js';
import type { Upstream } from './upstream.js';
import {
  type ConnectionEnd,
  NO_RECIPIENT,
  type Recipient,
  UpstreamConnection,
} from './upstream-connection.js';

/** The first client number of multiplexed connections. Clients have lower numbers. */
const FIRST_MULTIPLEXED_CLIENT = 0x80000000;
/** The time until a failed connection is opened again. */
const RETRY_MS = 1000;

export interface Multiplexing {
  /** The number of clients that send in one turn of the event loop at which multiplexing begins. */
  readonly minSenders: number;
  /** The interval at which a client's own connection is used, so that its buffers in the server stay realistic. */
  readonly dedicatedEveryMs: number;
}

export const MULTIPLEXING: Multiplexing = { minSenders: 2, dedicatedEveryMs: 500 };

const ABANDONED: ConnectionEnd = { why: () => undefined, unanswered: new Map() };

export interface Participant extends Recipient {
  /** Reports that some of its commands will not be answered. */
  ended(end: ConnectionEnd): void;
}

/**
 * Multiplexes the commands of many clients over one connection. The commands of one turn are one write, which saves
 * the server most of the work of short commands. Their order is known.
 *
 * Each client also has a dedicated connection.
 */
export class MultiplexedConnection {
  readonly multiplexing: Multiplexing;
  readonly #upstream: Upstream;
  readonly #unseen: UnseenTraffic;
  readonly #participant = new Set<Participant>();
  #connection: UpstreamConnection | undefined;
  #nextClient = FIRST_MULTIPLEXED_CLIENT;
  /** Whether the server has replied to the first PING. */
  #isReady = false;
  #isFull = false;
  #opensFrom = 0;
  #senders = 0;
  #sendersBefore = 0;

  constructor(upstream: Upstream, unseen: UnseenTraffic, multiplexing: Multiplexing) {
    this.#upstream = upstream;
    this.#unseen = unseen;
    this.multiplexing = multiplexing;
  }

  /** Whether the connection is open and has no backpressure. */
  get isReady(): boolean {
    return this.#isReady && !this.#isFull;
  }

  join(participant: Participant): void {
    this.#participant.add(participant);
  }

  /** Removes a participant. The connection closes with the last one. */
  leave(participant: Participant): void {
    if (this.#participant.delete(participant) && this.#participant.size === 0) this.#close();
  }

  /** Counts a sending client, and returns whether many send now. Opens the connection at the first such turn. */
  isContended(lab: FeedSink): boolean {
    if (this.#senders === 0) setImmediate(this.#turn);
    this.#senders++;
    const { minSenders } = this.multiplexing;
    if (this.#senders < minSenders && this.#sendersBefore < minSenders) return false;
    if (this.#connection === undefined && Date.now() >= this.#opensFrom) this.#open(lab);
    return true;
  }

  send(segment: Segment, participant: Participant): void {
    this.#connection?.send(segment, participant);
  }

  /** Closes the connection without waiting for outstanding replies, which a hanging server would not send. */
  close(): void {
    this.#close();
    for (const participant of [...this.#participant]) participant.ended(ABANDONED);
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
      unseen: this.#unseen,
      coalescesWrites: true,
      owner: {
        pushRecipient: NO_RECIPIENT,
        full: (isFull) => {
          if (this.#connection === connection) this.#isFull = isFull;
        },
        ended: (end) => {
          if (this.#connection !== connection) return;
          this.#forget();
          this.#opensFrom = Date.now() + RETRY_MS;
          for (const participant of this.#participant)
            if (end.unanswered.has(participant)) participant.ended(end);
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
