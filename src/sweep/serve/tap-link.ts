/**
 * What a client's commands go over to the real server: a connection of its own, or one that it shares with others until
 * it says something about its connection (SELECT, MULTI, SUBSCRIBE, HELLO, …).
 */
import type { Gaps } from './gaps.js';
import type { FeedSink } from './lab-thread.js';
import type { Link, LinkOwner, Segment } from './link.js';
import type { SharedConnection, Sharer } from './shared-connection.js';
import type { Upstream } from './upstream.js';
import { type ConnectionEnd, UpstreamConnection } from './upstream-connection.js';

/** The least that `proto-max-bulk-len` can be: a server that refuses more than it closes the connection. */
const MOST_SHARED_BYTES = 1024 * 1024;

export interface TapLinkOptions {
  readonly upstream: Upstream;
  readonly lab: FeedSink;
  readonly gaps: Gaps;
  /** Undefined: the client has a connection of its own from the start. */
  readonly shared?: SharedConnection | undefined;
}

export class TapLink implements Link, Sharer {
  /** Of a connection of its own. */
  readonly #number: number;
  readonly #options: TapLinkOptions;
  readonly #owner: LinkOwner;
  #connection: UpstreamConnection;
  #isSharing: boolean;
  /** One of its own, opened while the shared one has still to answer; nothing is read from it before it is used. */
  #next: UpstreamConnection | undefined;
  /** It has come to its end meanwhile. */
  #nextEnd: ConnectionEnd | undefined;
  /** What goes over that, in its turn. */
  #held: Segment[] = [];
  /** Segments. */
  #outstanding = 0;
  #isFull = false;
  #isReadSlowly = false;
  #isClosing = false;

  constructor(client: number, options: TapLinkOptions, owner: LinkOwner) {
    this.#number = client;
    this.#options = options;
    this.#owner = owner;
    const { shared, lab } = options;
    this.#isSharing = shared !== undefined;
    this.#connection = shared === undefined ? this.#open() : shared.join(this, lab);
  }

  get client(): number {
    return this.#connection.client;
  }

  get isBusy(): boolean {
    return this.#outstanding > 0 || this.#held.length > 0;
  }

  send(segment: Segment): void {
    if (this.#isSharing && isForOne(segment)) this.#leave();
    if (this.#next !== undefined) {
      this.#held.push(segment);
      return;
    }
    this.#outstanding++;
    this.#connection.send(segment, this);
  }

  pass(bytes: Uint8Array): void {
    this.#leave();
    this.#connection.pass(bytes);
  }

  ask(segment: Segment): Promise<Buffer> {
    return new Promise((resolve) => {
      this.#outstanding++;
      this.#connection.send(segment, this, resolve);
    });
  }

  subscribed(): void {
    this.#leave();
    (this.#next ?? this.#connection).subscribed();
  }

  /** One that shares is cut off: others would have to wait for it. With a connection of its own it keeps its server waiting. */
  pause(isTooMuch: boolean): void {
    if (!this.#isSharing) {
      this.#connection.pause();
      return;
    }
    this.#isReadSlowly = true;
    if (isTooMuch) this.#owner.cutOff();
    else this.#tellFull();
  }

  resume(): void {
    if (!this.#isSharing) this.#connection.resume();
    if (!this.#isReadSlowly) return;
    this.#isReadSlowly = false;
    this.#tellFull();
  }

  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    if (!this.#isSharing) this.#connection.close();
    else if (!this.isBusy) this.#depart();
  }

  reply(bytes: Uint8Array): void {
    this.#owner.reply(bytes);
  }

  answered(): void {
    this.#outstanding--;
    if (this.#outstanding > 0) return;
    if (this.#next !== undefined) this.#moveOn(this.#next);
    else if (this.#isClosing && this.#isSharing) this.#depart();
    else this.#owner.idle();
  }

  full(isFull: boolean): void {
    this.#isFull = isFull;
    this.#tellFull();
  }

  ended({ why, unanswered }: ConnectionEnd): void {
    this.#options.shared?.leave(this);
    const next = this.#next;
    this.#next = undefined;
    next?.close();
    const sent = unanswered.get(this) ?? 0;
    const held = this.#held.reduce((sum, { ends }) => sum + ends.length, 0);
    this.#held = [];
    this.#outstanding = 0;
    this.#owner.ended(why(sent + held));
  }

  #open(): UpstreamConnection {
    const { upstream, lab, gaps } = this.#options;
    const own: UpstreamConnection = new UpstreamConnection({
      client: this.#number,
      upstream,
      lab,
      gaps,
      gathers: false,
      owner: {
        unasked: this,
        full: (isFull) => {
          if (own === this.#connection) this.full(isFull);
        },
        ended: (end) => {
          if (own === this.#next) this.#nextEnd = end;
          else if (own === this.#connection) this.ended(end);
        },
      },
    });
    return own;
  }

  /** From here on it has a connection of its own, which it begins to use when all is answered on the shared one. */
  #leave(): void {
    if (!this.#isSharing || this.#next !== undefined) return;
    const own = this.#open();
    if (this.#outstanding === 0) {
      this.#moveOn(own);
      return;
    }
    own.pause();
    this.#next = own;
    this.#tellFull();
  }

  #moveOn(own: UpstreamConnection): void {
    const end = this.#nextEnd;
    if (end !== undefined) {
      this.ended(end);
      return;
    }
    this.#options.shared?.leave(this);
    this.#isSharing = false;
    this.#next = undefined;
    this.#connection = own;
    if (this.#isReadSlowly) own.pause();
    else own.resume();
    this.full(false);
    const held = this.#held;
    this.#held = [];
    // Some are answered by nothing, and done with when they are sent: it is not idle before the last.
    this.#outstanding = held.length;
    for (const segment of held) own.send(segment, this);
    if (this.#isClosing) own.close();
  }

  /** The client has gone, and all it sent is answered. */
  #depart(): void {
    this.#options.shared?.leave(this);
    this.#owner.ended(undefined);
  }

  #tellFull(): void {
    // What it sends while it moves would have to be kept.
    this.#owner.full(this.#isFull || this.#isReadSlowly || this.#next !== undefined);
  }
}

/** What is wrong with it, or waited for, is not to be the others' concern. */
function isForOne({ isOfConnection, from, ends }: Segment): boolean {
  return isOfConnection === true || (ends[ends.length - 1] as number) - from > MOST_SHARED_BYTES;
}
