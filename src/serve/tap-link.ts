import { KIB, MIB } from '../base/index.js';
import type { Gaps } from './gaps.js';
import type { FeedSink } from './lab-thread.js';
import type { Link, LinkEvents, Segment } from './link.js';
import type { SharedConnection, Sharer } from './shared-connection.js';
import type { Upstream } from './upstream.js';
import { type ConnectionEnd, type Recipient, UpstreamConnection } from './upstream-connection.js';

/** The minimum of `proto-max-bulk-len`. A server closes the connection of a longer argument. */
const MOST_SHARED_BYTES = MIB;
/** Larger replies would delay other clients, so their receiver uses its dedicated connection for a while. */
const MOST_SHARED_REPLY_BYTES = 32 * KIB;
const LONG_REPLIES_MS = 1000;

export interface TapLinkOptions {
  readonly upstream: Upstream;
  readonly lab: FeedSink;
  readonly gaps: Gaps;
  /** Undefined if all commands use the client's dedicated connection. */
  readonly shared?: SharedConnection | undefined;
}

/**
 * The link to a real server: a dedicated connection, and one that is multiplexed. All replies on one connection arrive
 * before the other is used, so that a client's commands are executed in order.
 */
export class TapLink implements Link {
  readonly client: number;
  readonly #owner: LinkEvents;
  readonly #lab: FeedSink;
  readonly #connection: UpstreamConnection;
  readonly #shared: SharedConnection | undefined;
  /** Whether multiplexing is allowed, which ends with the first command that changes the connection. */
  #mayShare = true;
  readonly #own: Way;
  readonly #common: SharedWay;
  /** The segments for the dedicated connection that wait for replies on the multiplexed one. */
  #held: Segment[] = [];
  #ownUsedAt = Number.NEGATIVE_INFINITY;
  #sharesFrom = Number.NEGATIVE_INFINITY;
  /** Whether the multiplexed connection was used after the dedicated one. */
  #hasShared = false;
  #isConnectionFull = false;
  #isReadSlowly = false;
  #isFull = false;
  #isClosing = false;
  /** The end of the dedicated connection, while multiplexed replies are outstanding. */
  #end: ConnectionEnd | undefined;
  #hasEnded = false;

  constructor(client: number, { upstream, lab, gaps, shared }: TapLinkOptions, owner: LinkEvents) {
    this.client = client;
    this.#owner = owner;
    this.#lab = lab;
    const events: WayEvents = {
      reply: (bytes) => {
        if (bytes.length > MOST_SHARED_REPLY_BYTES) this.#sharesFrom = Date.now() + LONG_REPLIES_MS;
        owner.reply(bytes);
      },
      answered: () => this.#answered(),
    };
    this.#own = new Way(events);
    this.#common = new SharedWay(events, (end) => this.#endWith(end, end.unanswered.get(this.#common) ?? 0));
    this.#shared = shared;
    shared?.join(this.#common);
    this.#connection = new UpstreamConnection({
      client,
      upstream,
      lab,
      gaps,
      gathers: false,
      owner: {
        unasked: this.#own,
        full: (isFull) => {
          this.#isConnectionFull = isFull;
          this.#tellFull();
        },
        ended: (end) => this.#ownEnded(end),
      },
    });
  }

  get isBusy(): boolean {
    return this.#own.outstanding > 0 || this.#common.outstanding > 0 || this.#held.length > 0;
  }

  send(segment: Segment): void {
    if (this.#shared !== undefined && this.#mayShare && this.#goesShared(segment, this.#shared)) {
      this.#hasShared = true;
      this.#common.outstanding++;
      this.#shared.send(segment, this.#common);
      return;
    }
    if (segment.own === 'from now on') this.#mayShare = false;
    if (this.#common.outstanding > 0) {
      this.#held.push(segment);
      this.#tellFull();
      return;
    }
    this.#own.outstanding++;
    this.#sendOwn(segment);
  }

  pass(bytes: Uint8Array): void {
    this.#connection.pass(bytes);
  }

  ask(segment: Segment): Promise<Buffer> {
    return new Promise((resolve) => {
      this.#own.outstanding++;
      this.#connection.send(segment, this.#own, resolve);
    });
  }

  subscribed(): void {
    this.#connection.subscribed();
  }

  /**
   * Stops reading from the dedicated connection. Multiplexed replies cannot be stopped, since other clients wait for the
   * replies after them: if they are too large, the client is disconnected.
   */
  pause(isTooMuch: boolean): void {
    this.#isReadSlowly = true;
    this.#connection.pause();
    if (isTooMuch && this.#common.outstanding > 0) this.#owner.cutOff();
    else this.#tellFull();
  }

  resume(): void {
    this.#isReadSlowly = false;
    this.#connection.resume();
    this.#tellFull();
  }

  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    if (this.#common.outstanding === 0) this.#connection.close();
  }

  #goesShared(segment: Segment, shared: SharedConnection): boolean {
    const isCrowded = shared.isCrowded(this.#lab);
    if (!shared.takes || this.#own.outstanding > 0 || this.#held.length > 0 || isForOne(segment))
      return false;
    const now = Date.now();
    if (now >= this.#ownUsedAt + shared.sharing.ownEveryMs || now < this.#sharesFrom) return false;
    if (this.#common.outstanding > 0) return true;
    // Clients are not multiplexed until the server has accepted their dedicated connection (AUTH, maxclients).
    return isCrowded && this.#connection.isAdmitted && !this.#isReadSlowly;
  }

  #sendOwn(segment: Segment): void {
    // WAIT covers the writes before the last command of its connection, so PING precedes it.
    if (this.#hasShared && segment.own === 'from now on') this.#connection.say(['PING']);
    this.#hasShared = false;
    this.#ownUsedAt = Date.now();
    this.#connection.send(segment, this.#own);
  }

  /** Continues when one of the routes has no outstanding replies. */
  #answered(): void {
    if (this.#end !== undefined) {
      this.#endWith(this.#end, 0);
      return;
    }
    if (this.#held.length > 0) this.#moveOn();
    if (this.#isClosing) this.#connection.close();
    if (this.#isFull) this.#tellFull();
    if (!this.isBusy) this.#owner.idle();
  }

  #moveOn(): void {
    const held = this.#held;
    this.#held = [];
    // Segments without replies are done at once, so the count of all is added before the first is sent.
    this.#own.outstanding += held.length;
    for (const segment of held) this.#sendOwn(segment);
  }

  #ownEnded(end: ConnectionEnd): void {
    if (this.#common.outstanding > 0) this.#end = end;
    else this.#endWith(end, 0);
  }

  #endWith(end: ConnectionEnd, unansweredShared: number): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#shared?.leave(this.#common);
    this.#connection.close();
    const held = this.#held.reduce((sum, { ends }) => sum + ends.length, 0);
    this.#held = [];
    this.#owner.ended(end.why((end.unanswered.get(this.#own) ?? 0) + unansweredShared + held));
  }

  #tellFull(): void {
    const isSlowSharer = this.#isReadSlowly && this.#common.outstanding > 0;
    // Further segments would have to be held during the change of route.
    const isFull = this.#isConnectionFull || isSlowSharer || this.#held.length > 0;
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    this.#owner.full(isFull);
  }
}

interface WayEvents {
  reply(bytes: Uint8Array): void;
  /** Reports that all of its segments are answered. */
  answered(): void;
}

/** The route of segments over one of the two connections. */
class Way implements Recipient {
  /** The number of unanswered segments. */
  outstanding = 0;
  readonly #events: WayEvents;

  constructor(events: WayEvents) {
    this.#events = events;
  }

  reply(bytes: Uint8Array): void {
    this.#events.reply(bytes);
  }

  answered(): void {
    this.outstanding--;
    if (this.outstanding === 0) this.#events.answered();
  }
}

class SharedWay extends Way implements Sharer {
  readonly ended: (end: ConnectionEnd) => void;

  constructor(events: WayEvents, ended: (end: ConnectionEnd) => void) {
    super(events);
    this.ended = ended;
  }
}

/** Whether a segment needs the dedicated connection: blocking, stateful and very long commands. */
function isForOne({ own, from, ends }: Segment): boolean {
  return own !== undefined || ends[ends.length - 1]! - from > MOST_SHARED_BYTES;
}
