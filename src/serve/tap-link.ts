/**
 * What a client's commands go over to the real server: a connection of its own, or one that is shared by those who send
 * in the same moment. What is outstanding on the one is answered before the other is used, so that a client's commands
 * are carried out in their order.
 */
import { KIB, MIB } from '../base/index.js';
import type { Gaps } from './gaps.js';
import type { FeedSink } from './lab-thread.js';
import type { Link, LinkEvents, Segment } from './link.js';
import type { SharedConnection, Sharer } from './shared-connection.js';
import type { Upstream } from './upstream.js';
import { type ConnectionEnd, type Recipient, UpstreamConnection } from './upstream-connection.js';

/** The least that `proto-max-bulk-len` can be: a server that refuses more than it closes the connection. */
const MOST_SHARED_BYTES = MIB;
/** Who is answered by more than this at once has its own connection, for a while: others would wait for the rest. */
const MOST_SHARED_REPLY_BYTES = 32 * KIB;
const LONG_REPLIES_MS = 1000;

export interface TapLinkOptions {
  readonly upstream: Upstream;
  readonly lab: FeedSink;
  readonly gaps: Gaps;
  /** Undefined: all goes over the client's own connection. */
  readonly shared?: SharedConnection | undefined;
}

export class TapLink implements Link {
  readonly client: number;
  readonly #owner: LinkEvents;
  readonly #lab: FeedSink;
  readonly #connection: UpstreamConnection;
  readonly #shared: SharedConnection | undefined;
  /** Until the client has said something about its connection. */
  #mayShare = true;
  readonly #own: Way;
  readonly #common: SharedWay;
  /** What goes over its own connection when all is answered on the shared one. */
  #held: Segment[] = [];
  #ownUsedAt = Number.NEGATIVE_INFINITY;
  #sharesFrom = Number.NEGATIVE_INFINITY;
  /** Since its own connection was used. */
  #hasShared = false;
  #isConnectionFull = false;
  #isReadSlowly = false;
  #isFull = false;
  #isClosing = false;
  /** Its own connection has come to its end, and replies over the shared one are to come yet. */
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
   * Its own connection keeps the server waiting. What it asked for over the shared one cannot, since others wait for what
   * comes behind it: if that is too much, the client is cut off.
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
    // Without the server's leave over its own connection, it has none over another.
    return isCrowded && this.#connection.isAdmitted && !this.#isReadSlowly;
  }

  #sendOwn(segment: Segment): void {
    // WAIT waits for what this connection has seen written: any command sees all that was written until then.
    if (this.#hasShared && segment.own === 'from now on') this.#connection.say(['PING']);
    this.#hasShared = false;
    this.#ownUsedAt = Date.now();
    this.#connection.send(segment, this.#own);
  }

  /** Nothing is outstanding on either connection. */
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
    // Some are answered by nothing, and done with when they are sent: it is not idle before the last.
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
    // What it sends while it moves would have to be kept.
    const isFull = this.#isConnectionFull || isSlowSharer || this.#held.length > 0;
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    this.#owner.full(isFull);
  }
}

interface WayEvents {
  reply(bytes: Uint8Array): void;
  /** All that went over it. */
  answered(): void;
}

/** What went over one of the connections, and is not answered yet. */
class Way implements Recipient {
  /** Segments. */
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

/** What is wrong with it, or waited for, is not to be the others' concern. */
function isForOne({ own, from, ends }: Segment): boolean {
  return own !== undefined || ends[ends.length - 1]! - from > MOST_SHARED_BYTES;
}
