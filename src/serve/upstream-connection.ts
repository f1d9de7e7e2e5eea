import type { Socket } from 'node:net';
import { respOf } from '../resp/index.js';
import { ReplyFramer } from '../resp/node.js';
import type { Segment } from './client-link.js';
import { CoalescedWrites } from './coalesced-writes.js';
import { NOT_EXECUTED } from './feed.js';
import type { FeedSink } from './lab-thread.js';
import type { UnseenTraffic } from './unseen-traffic.js';
import { dial, greeting, type Upstream } from './upstream.js';

/** The errors of commands that were not executed. The model reproduces other errors itself. */
const REFUSALS: ReadonlySet<string> = new Set(
  (
    'NOAUTH NOPERM LOADING BUSY MOVED ASK CLUSTERDOWN TRYAGAIN CROSSSLOT READONLY MASTERDOWN MISCONF NOREPLICAS ' +
    'DENIED'
  ).split(' '),
);

const DISCARD = respOf('DISCARD');

/** The recipient of the replies to a segment. */
export interface Recipient {
  reply(bytes: Uint8Array): void;
  /** Reports that all replies to one of its segments have been passed on. */
  answered(): void;
}

export interface ConnectionOptions {
  /** The client number of the connection in the lab's feed. */
  readonly client: number;
  readonly upstream: Upstream;
  readonly lab: FeedSink;
  readonly unseen: UnseenTraffic;
  readonly owner: ConnectionOwner;
  /** Whether the writes of one turn of the event loop are coalesced. */
  readonly coalescesWrites: boolean;
}

export interface ConnectionOwner {
  /** The recipient of push messages. */
  readonly pushRecipient: Recipient;
  /** Reports backpressure of the connection, and its end. */
  full(isFull: boolean): void;
  ended(end: ConnectionEnd): void;
}

/** The end of a connection. */
export interface ConnectionEnd {
  /** Returns the error for a client with this many unanswered commands, or undefined if there is none. */
  why(unanswered: number): string | undefined;
  /** The number of unanswered commands of each recipient, which may have been executed. */
  readonly unanswered: ReadonlyMap<Recipient, number>;
}

type Capture = ((reply: Buffer) => void) | undefined;

/** A segment with outstanding replies. All instances have the same shape, since there is one for each write. */
class Outstanding {
  /** The number of commands that have been answered. */
  answered = 0;
  /** The number of answered commands in the feed. */
  fed = 0;
  readonly segment: Segment;
  readonly count: number;
  /** Whether the reply must be examined. */
  readonly isSpecial: boolean;
  readonly recipient: Recipient;
  /** Receives the reply instead of the client. */
  readonly capture: Capture;

  constructor(segment: Segment, recipient: Recipient, capture: Capture) {
    const { isUnanswered, isBlocking, onReply } = segment;
    this.segment = segment;
    this.count = segment.ends.length;
    this.isSpecial =
      isUnanswered !== undefined ||
      isBlocking !== undefined ||
      onReply !== undefined ||
      capture !== undefined;
    this.recipient = recipient;
    this.capture = capture;
  }
}

export const NO_RECIPIENT: Recipient = { reply: () => {}, answered: () => {} };

/**
 * A connection to the real server. It sends the bytes of clients and passes on the bytes of the server. Answered commands
 * are written to the lab's feed.
 *
 * The order in which a server executes commands of several connections cannot be observed. Here a command counts as
 * executed when its reply arrives, which is what clients observe. Replies in one turn of the event loop may be in either
 * order. On one connection the order is that of the server.
 */
export class UpstreamConnection {
  readonly client: number;
  /** Whether the server executed the last command that it answered. */
  isAdmitted = false;
  readonly #lab: FeedSink;
  readonly #unseen: UnseenTraffic;
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket;
  readonly #upstream: Upstream;
  readonly #coalescing: CoalescedWrites | undefined;
  readonly #framer = new ReplyFramer();
  #outstanding: Outstanding[] = [];
  /** The recipients of answered segments, to be notified after the replies have been passed on. */
  #settled: Recipient[] = [];
  #captured: Uint8Array[] = [];
  #isRaw = false;
  #isConnected = false;
  #isClosing = false;
  #hasEnded = false;
  #refused = '';

  constructor({ client, upstream, lab, unseen, owner, coalescesWrites }: ConnectionOptions) {
    this.client = client;
    this.#upstream = upstream;
    this.#lab = lab;
    this.#unseen = unseen;
    this.#owner = owner;
    const socket = dial(upstream);
    this.#socket = socket;
    this.#coalescing = coalescesWrites ? new CoalescedWrites(socket, () => owner.full(true)) : undefined;
    socket.on('connect', () => {
      this.#isConnected = true;
      lab.feed.connect(client, Date.now());
      this.#takeUnanswered();
      this.#settle();
    });
    socket.on('data', (bytes) => this.#received(bytes));
    socket.on('drain', () => owner.full(false));
    socket.on('error', (cause) => {
      this.#refused = (cause as NodeJS.ErrnoException).code ?? cause.message;
    });
    socket.on('close', () => this.#ended());
    for (const words of greeting(upstream)) this.#greet(words);
  }

  /** Sends a segment. `capture` receives the reply instead of the recipient. */
  send(segment: Segment, recipient: Recipient, capture?: (reply: Buffer) => void): void {
    const { bytes, from, ends } = segment;
    this.#outstanding.push(new Outstanding(segment, recipient, capture));
    const to = ends[ends.length - 1]!;
    this.#write(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to));
    if (segment.isUnanswered !== true || this.#outstanding.length > 1) return;
    this.#takeUnanswered();
    this.#settle();
  }

  /** Sends a command of the tap itself, whose reply only `onReply` receives. */
  say(words: readonly string[], onReply?: Segment['onReply']): void {
    const bytes = respOf(...words);
    const segment = { bytes, from: 0, ends: [bytes.length] };
    this.send(onReply === undefined ? segment : { ...segment, onReply }, NO_RECIPIENT, () => {});
  }

  /** Passes on bytes that are no longer commands. From now on there are no replies either. */
  pass(bytes: Uint8Array): void {
    this.#isRaw = true;
    this.#write(bytes);
  }

  /** Allows push messages from now on. */
  subscribed(): void {
    this.#framer.mayBeSubscribed = true;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Ends the connection after what was sent. Replies still show which commands were executed. */
  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#coalescing?.flush();
    this.#socket.resume();
    // A hanging server must not keep this process alive.
    this.#socket.end(() => this.#socket.unref());
  }

  #write(bytes: Uint8Array): void {
    if (this.#coalescing !== undefined) this.#coalescing.write(bytes);
    else if (!this.#socket.write(bytes)) this.#owner.full(true);
  }

  #greet(words: readonly string[]): void {
    this.say(words, ({ isError, code }) => {
      if (!isError) return;
      this.#refused = `it answers ${words[0]} with ${code}`;
      this.#socket.destroy();
    });
  }

  #received(bytes: Buffer): void {
    if (this.#isRaw) {
      this.#owner.pushRecipient.reply(bytes);
      return;
    }
    try {
      this.#frame(bytes);
    } catch (cause) {
      this.#unseen.add(`${this.#upstream.url} answers what is no RESP: ${(cause as Error).message}`);
      this.#refused = 'it answers what is no RESP';
      this.#socket.destroy();
    }
  }

  #frame(bytes: Buffer): void {
    const framer = this.#framer;
    const now = Date.now();
    let recipient = this.#outstanding[0]?.recipient ?? this.#owner.pushRecipient;
    let passed = 0;
    let at = 0;
    while (at < bytes.length) {
      const head = this.#outstanding[0];
      if (head !== undefined && head.recipient !== recipient) {
        this.#passOn(recipient, bytes, passed, at);
        passed = at;
        recipient = head.recipient;
      }
      const plainTo = head === undefined || head.isSpecial ? at : this.#plainReplies(head, bytes, at, now);
      if (plainTo > at) {
        at = plainTo;
        continue;
      }
      const from = at;
      const isCaptured = head?.capture !== undefined;
      const end = framer.next(bytes, at);
      at = end < 0 ? bytes.length : end;
      if (isCaptured && !framer.isPush) {
        if (from > passed) recipient.reply(bytes.subarray(passed, from));
        this.#captured.push(bytes.subarray(from, at));
        passed = at;
      }
      if (end >= 0 && !framer.isPush) this.#answered(now);
    }
    const head = this.#outstanding[0];
    if (head !== undefined && head.answered > head.fed) this.#feed(head, head.answered, 0, now);
    this.#passOn(recipient, bytes, passed, bytes.length);
  }

  #passOn(recipient: Recipient, bytes: Buffer, from: number, to: number): void {
    if (to > from) recipient.reply(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to));
    this.#settle();
  }

  #settle(): void {
    if (this.#settled.length === 0) return;
    const settled = this.#settled;
    this.#settled = [];
    for (const one of settled) one.answered();
  }

  /** Skips plain replies to the first segment, which only confirm commands. Returns their end. */
  #plainReplies(head: Outstanding, bytes: Buffer, at: number, now: number): number {
    const framer = this.#framer;
    const unanswered = head.count - head.answered;
    const count = framer.skipPlain(bytes, at, unanswered);
    if (count === 0) return at;
    head.answered += count;
    this.isAdmitted = true;
    if (count === unanswered) {
      this.#feed(head, head.answered, 0, now);
      this.#done(head);
    }
    return framer.skippedTo;
  }

  /** Handles the last framed reply, which answers the oldest outstanding command. */
  #answered(now: number): void {
    const head = this.#outstanding[0];
    // A server may send an error before it closes a connection.
    if (head === undefined) return;
    const { isError, isNull } = this.#framer;
    const code = isError ? this.#framer.errorCode : '';
    head.segment.onReply?.({ isError, code });
    const { isNothingIfError, isBlocking } = head.segment;
    const wasRefused = isError && (isNothingIfError === true || REFUSALS.has(code));
    this.isAdmitted = !wasRefused;
    const wasNotCarriedOut = wasRefused || (isNull && isBlocking === true);
    if (wasNotCarriedOut && head.answered > head.fed) this.#feed(head, head.answered, 0, now);
    head.answered++;
    if (wasNotCarriedOut) this.#feed(head, head.answered, NOT_EXECUTED, now);
    else if (code === 'EXECABORT') this.#feedInstead(head, DISCARD, now);
    if (head.answered < head.count) return;
    if (head.answered > head.fed) this.#feed(head, head.answered, 0, now);
    if (head.capture !== undefined) {
      const reply = Buffer.concat(this.#captured);
      this.#captured = [];
      head.capture(reply);
    }
    this.#done(head);
  }

  #done(head: Outstanding): void {
    this.#outstanding.shift();
    this.#settled.push(head.recipient);
    this.#takeUnanswered();
  }

  /** Feeds commands without replies, which count as executed as soon as the previous ones are answered. */
  #takeUnanswered(): void {
    if (!this.#isConnected) return;
    for (let head = this.#outstanding[0]; head?.segment.isUnanswered === true; head = this.#outstanding[0]) {
      this.#feed(head, head.count, 0, Date.now());
      this.#outstanding.shift();
      this.#settled.push(head.recipient);
    }
  }

  #feed(outstanding: Outstanding, to: number, flags: number, now: number): void {
    const { segment, fed } = outstanding;
    const { bytes, ends } = segment;
    const from = fed === 0 ? segment.from : ends[fed - 1]!;
    this.#lab.feed.commands(this.client, now, flags, bytes, from, ends[to - 1]!);
    this.#lab.flushIfFull();
    outstanding.fed = to;
  }

  /** Feeds the command that the server executed in place of the given one. */
  #feedInstead(outstanding: Outstanding, bytes: Uint8Array, now: number): void {
    this.#lab.feed.commands(this.client, now, 0, bytes, 0, bytes.length);
    outstanding.fed = outstanding.answered;
  }

  #ended(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.#isConnected) this.#lab.feed.disconnect(this.client, Date.now());
    const unanswered = new Map<Recipient, number>();
    let all = 0;
    for (const { recipient, count, answered } of this.#outstanding) {
      unanswered.set(recipient, (unanswered.get(recipient) ?? 0) + count - answered);
      all += count - answered;
    }
    this.#outstanding = [];
    const { url } = this.#upstream;
    const isRefused = this.#refused !== '';
    const closed = `${url} closed a connection${isRefused ? ` (${this.#refused})` : ''}`;
    if (all > 0 && this.#isConnected) {
      this.#unseen.add(`${closed} with ${all} commands unanswered, which it may or may not have carried out`);
    }
    const why = (count: number) => {
      if (!this.#isConnected) return `ERR ${url} cannot be reached: ${this.#refused}`;
      if (count > 0) return `ERR ${closed}: ${count} commands are unanswered`;
      return isRefused ? `ERR ${closed}` : undefined;
    };
    this.#owner.ended({ why, unanswered });
  }
}
