import { KIB, MIB } from '../base/index.js';
import type { Link, LinkEvents, Segment } from './client-link.js';
import type { FeedSink } from './lab-thread.js';
import type { MultiplexedConnection, Participant } from './multiplexed-connection.js';
import type { UnseenTraffic } from './unseen-traffic.js';
import type { Upstream } from './upstream.js';
import { type ConnectionEnd, type Recipient, UpstreamConnection } from './upstream-connection.js';

/** The minimum of `proto-max-bulk-len`. A server closes the connection of a longer argument. */
const MAX_MULTIPLEXED_BYTES = MIB;
/** Larger replies would delay other clients, so their receiver uses its dedicated connection for a while. */
const MAX_MULTIPLEXED_REPLY_BYTES = 32 * KIB;
const LONG_REPLIES_MS = 1000;

export interface TapLinkOptions {
  readonly upstream: Upstream;
  readonly lab: FeedSink;
  readonly unseen: UnseenTraffic;
  /** Undefined if all commands use the client's dedicated connection. */
  readonly multiplexer?: MultiplexedConnection | undefined;
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
  readonly #multiplexer: MultiplexedConnection | undefined;
  /** Whether multiplexing is allowed, which ends with the first command that changes the connection. */
  #allowsMultiplexing = true;
  readonly #dedicated: Route;
  readonly #multiplexed: MultiplexedRoute;
  /** The segments for the dedicated connection that wait for replies on the multiplexed one. */
  #held: Segment[] = [];
  #dedicatedUsedAt = Number.NEGATIVE_INFINITY;
  #multiplexesFrom = Number.NEGATIVE_INFINITY;
  /** Whether the multiplexed connection was used after the dedicated one. */
  #hasMultiplexed = false;
  #isConnectionFull = false;
  #isReadSlowly = false;
  #isFull = false;
  #isClosing = false;
  /** The end of the dedicated connection, while multiplexed replies are outstanding. */
  #end: ConnectionEnd | undefined;
  #hasEnded = false;

  constructor(client: number, { upstream, lab, unseen, multiplexer }: TapLinkOptions, owner: LinkEvents) {
    this.client = client;
    this.#owner = owner;
    this.#lab = lab;
    const events: RouteEvents = {
      reply: (bytes) => {
        if (bytes.length > MAX_MULTIPLEXED_REPLY_BYTES) this.#multiplexesFrom = Date.now() + LONG_REPLIES_MS;
        owner.reply(bytes);
      },
      answered: () => this.#answered(),
    };
    this.#dedicated = new Route(events);
    this.#multiplexed = new MultiplexedRoute(events, (end) =>
      this.#endWith(end, end.unanswered.get(this.#multiplexed) ?? 0),
    );
    this.#multiplexer = multiplexer;
    multiplexer?.join(this.#multiplexed);
    this.#connection = new UpstreamConnection({
      client,
      upstream,
      lab,
      unseen,
      coalescesWrites: false,
      owner: {
        pushRecipient: this.#dedicated,
        full: (isFull) => {
          this.#isConnectionFull = isFull;
          this.#tellFull();
        },
        ended: (end) => this.#dedicatedEnded(end),
      },
    });
  }

  get isBusy(): boolean {
    return this.#dedicated.outstanding > 0 || this.#multiplexed.outstanding > 0 || this.#held.length > 0;
  }

  send(segment: Segment): void {
    if (
      this.#multiplexer !== undefined &&
      this.#allowsMultiplexing &&
      this.#canMultiplex(segment, this.#multiplexer)
    ) {
      this.#hasMultiplexed = true;
      this.#multiplexed.outstanding++;
      this.#multiplexer.send(segment, this.#multiplexed);
      return;
    }
    if (segment.dedicatedUse === 'sticky') this.#allowsMultiplexing = false;
    if (this.#multiplexed.outstanding > 0) {
      this.#held.push(segment);
      this.#tellFull();
      return;
    }
    this.#dedicated.outstanding++;
    this.#sendDedicated(segment);
  }

  pass(bytes: Uint8Array): void {
    this.#connection.pass(bytes);
  }

  ask(segment: Segment): Promise<Buffer> {
    return new Promise((resolve) => {
      this.#dedicated.outstanding++;
      this.#connection.send(segment, this.#dedicated, resolve);
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
    if (isTooMuch && this.#multiplexed.outstanding > 0) this.#owner.cutOff();
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
    if (this.#multiplexed.outstanding === 0) this.#connection.close();
  }

  #canMultiplex(segment: Segment, multiplexer: MultiplexedConnection): boolean {
    const isContended = multiplexer.isContended(this.#lab);
    if (
      !multiplexer.isReady ||
      this.#dedicated.outstanding > 0 ||
      this.#held.length > 0 ||
      needsDedicatedConnection(segment)
    )
      return false;
    const now = Date.now();
    if (
      now >= this.#dedicatedUsedAt + multiplexer.multiplexing.dedicatedEveryMs ||
      now < this.#multiplexesFrom
    )
      return false;
    if (this.#multiplexed.outstanding > 0) return true;
    // Clients are not multiplexed until the server has accepted their dedicated connection (AUTH, maxclients).
    return isContended && this.#connection.isAdmitted && !this.#isReadSlowly;
  }

  #sendDedicated(segment: Segment): void {
    // WAIT covers the writes before the last command of its connection, so PING precedes it.
    if (this.#hasMultiplexed && segment.dedicatedUse === 'sticky') this.#connection.say(['PING']);
    this.#hasMultiplexed = false;
    this.#dedicatedUsedAt = Date.now();
    this.#connection.send(segment, this.#dedicated);
  }

  /** Continues when one of the routes has no outstanding replies. */
  #answered(): void {
    if (this.#end !== undefined) {
      this.#endWith(this.#end, 0);
      return;
    }
    if (this.#held.length > 0) this.#sendHeld();
    if (this.#isClosing) this.#connection.close();
    if (this.#isFull) this.#tellFull();
    if (!this.isBusy) this.#owner.idle();
  }

  #sendHeld(): void {
    const held = this.#held;
    this.#held = [];
    // Segments without replies are done at once, so the count of all is added before the first is sent.
    this.#dedicated.outstanding += held.length;
    for (const segment of held) this.#sendDedicated(segment);
  }

  #dedicatedEnded(end: ConnectionEnd): void {
    if (this.#multiplexed.outstanding > 0) this.#end = end;
    else this.#endWith(end, 0);
  }

  #endWith(end: ConnectionEnd, unansweredMultiplexed: number): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#multiplexer?.leave(this.#multiplexed);
    this.#connection.close();
    const held = this.#held.reduce((sum, { ends }) => sum + ends.length, 0);
    this.#held = [];
    this.#owner.ended(end.why((end.unanswered.get(this.#dedicated) ?? 0) + unansweredMultiplexed + held));
  }

  #tellFull(): void {
    const isSlowParticipant = this.#isReadSlowly && this.#multiplexed.outstanding > 0;
    // Further segments would have to be held during the change of route.
    const isFull = this.#isConnectionFull || isSlowParticipant || this.#held.length > 0;
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    this.#owner.full(isFull);
  }
}

interface RouteEvents {
  reply(bytes: Uint8Array): void;
  /** Reports that all of its segments are answered. */
  answered(): void;
}

/** The route of segments over one of the two connections. */
class Route implements Recipient {
  /** The number of unanswered segments. */
  outstanding = 0;
  readonly #events: RouteEvents;

  constructor(events: RouteEvents) {
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

class MultiplexedRoute extends Route implements Participant {
  readonly ended: (end: ConnectionEnd) => void;

  constructor(events: RouteEvents, ended: (end: ConnectionEnd) => void) {
    super(events);
    this.ended = ended;
  }
}

/** Whether a segment needs the dedicated connection: blocking, stateful and very long commands. */
function needsDedicatedConnection({ dedicatedUse, from, ends }: Segment): boolean {
  return dedicatedUse !== undefined || ends[ends.length - 1]! - from > MAX_MULTIPLEXED_BYTES;
}
