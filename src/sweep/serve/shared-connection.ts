/**
 * One connection for all clients that say nothing about a connection of their own. What many of them send at once is one
 * write, which their server reads at once: to it most of the work of a short command is to read and to answer it.
 * The order of their commands is known, since it is the server's.
 */
import type { Gaps } from './gaps.js';
import type { FeedSink } from './lab-thread.js';
import type { Upstream } from './upstream.js';
import { type ConnectionEnd, type Recipient, UpstreamConnection } from './upstream-connection.js';

/** Clients that share have numbers below. One shared connection comes after the other. */
const FIRST_SHARED_CLIENT = 0x80000000;

export interface Sharer extends Recipient {
  full(isFull: boolean): void;
  ended(end: ConnectionEnd): void;
}

export class SharedConnection {
  readonly #upstream: Upstream;
  readonly #gaps: Gaps;
  readonly #sharers = new Set<Sharer>();
  #connection: UpstreamConnection | undefined;
  #nextClient = FIRST_SHARED_CLIENT;

  constructor(upstream: Upstream, gaps: Gaps) {
    this.#upstream = upstream;
    this.#gaps = gaps;
  }

  /** It is opened for the first that comes. */
  join(sharer: Sharer, lab: FeedSink): UpstreamConnection {
    this.#sharers.add(sharer);
    this.#connection ??= this.#open(lab);
    return this.#connection;
  }

  /** Closed when the last has gone: a server's clients are then those that are there. */
  leave(sharer: Sharer): void {
    if (!this.#sharers.delete(sharer) || this.#sharers.size > 0) return;
    this.#connection?.close();
    this.#connection = undefined;
  }

  /** Whatever is outstanding: nobody is there for it. */
  close(): void {
    this.#connection?.close();
  }

  #open(lab: FeedSink): UpstreamConnection {
    const connection: UpstreamConnection = new UpstreamConnection({
      client: this.#nextClient++,
      upstream: this.#upstream,
      lab,
      gaps: this.#gaps,
      gathers: true,
      owner: {
        // Nobody in particular can be meant.
        unasked: { reply: () => {}, answered: () => {} },
        full: (isFull) => {
          for (const sharer of this.#sharers) sharer.full(isFull);
        },
        ended: (end) => {
          if (this.#connection !== connection) return;
          this.#connection = undefined;
          const sharers = [...this.#sharers];
          this.#sharers.clear();
          for (const sharer of sharers) sharer.ended(end);
        },
      },
    });
    return connection;
  }
}
