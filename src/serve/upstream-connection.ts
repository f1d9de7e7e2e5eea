/**
 * A connection to the real server. Commands go over as clients sent them, replies come back as the server sent them;
 * what was answered goes to the lab's feed.
 *
 * The order in which a server carries out what comes over several connections is not to be seen from outside. Here
 * commands count as carried out when their replies arrive: that is what clients can observe of it. Two whose replies
 * arrive in the same turn of the event loop may stand in either order, and a command that does not wait for another
 * cannot tell. Over one connection the order is the server's.
 */
import type { Socket } from 'node:net';
import { respOf } from '../resp/index.js';
import { ReplyFramer } from '../resp/node.js';
import { NOT_CARRIED_OUT } from './feed.js';
import type { Gaps } from './gaps.js';
import { GatheredWrites } from './gathered-writes.js';
import type { FeedSink } from './lab-thread.js';
import type { Segment } from './link.js';
import { dial, greeting, type Upstream } from './upstream.js';

/** Refusals before a command is begun. Other errors are its own, and the model finds them by itself. */
const REFUSALS: ReadonlySet<string> = new Set(
  (
    'NOAUTH NOPERM LOADING BUSY MOVED ASK CLUSTERDOWN TRYAGAIN CROSSSLOT READONLY MASTERDOWN MISCONF NOREPLICAS ' +
    'DENIED'
  ).split(' '),
);

const DISCARD = respOf('DISCARD');

/** Whom the replies to a segment are for. */
export interface Recipient {
  reply(bytes: Uint8Array): void;
  /** All replies to one of its segments have been passed on. */
  answered(): void;
}

export interface ConnectionOptions {
  /** Its number in the lab's feed. */
  readonly client: number;
  readonly upstream: Upstream;
  readonly lab: FeedSink;
  readonly gaps: Gaps;
  readonly owner: ConnectionOwner;
  /** Whether what is sent in one turn of the event loop is gathered, since it comes from many. */
  readonly gathers: boolean;
}

export interface ConnectionOwner {
  /** What the server says unasked. */
  readonly unasked: Recipient;
  /** The connection takes no more for now, or takes more again. */
  full(isFull: boolean): void;
  ended(end: ConnectionEnd): void;
}

/** How a connection came to its end. */
export interface ConnectionEnd {
  /** Undefined if nothing is wrong; else for the client whose this many commands are unanswered. */
  why(unanswered: number): string | undefined;
  /** Commands of each that may or may not have been carried out. */
  readonly unanswered: ReadonlyMap<Recipient, number>;
}

type Capture = ((reply: Buffer) => void) | undefined;

/** A segment on its way. There is one for each write, so all have the same shape. */
class Outstanding {
  /** Commands that have been answered, and those of them that are in the feed. */
  answered = 0;
  fed = 0;
  readonly segment: Segment;
  readonly count: number;
  /** One command whose reply means something beside that it was carried out. */
  readonly isSpecial: boolean;
  readonly recipient: Recipient;
  /** The reply is not for the client. */
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

export const NOBODY: Recipient = { reply: () => {}, answered: () => {} };

export class UpstreamConnection {
  readonly client: number;
  /** The server carried out what it answered last. */
  isAdmitted = false;
  readonly #lab: FeedSink;
  readonly #gaps: Gaps;
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket;
  readonly #upstream: Upstream;
  readonly #gathering: GatheredWrites | undefined;
  readonly #framer = new ReplyFramer();
  #outstanding: Outstanding[] = [];
  /** Recipients of segments that are answered, once what came with the last reply has been passed on. */
  #settled: Recipient[] = [];
  #captured: Uint8Array[] = [];
  #isRaw = false;
  #isConnected = false;
  #isClosing = false;
  #hasEnded = false;
  #refused = '';

  constructor({ client, upstream, lab, gaps, owner, gathers }: ConnectionOptions) {
    this.client = client;
    this.#upstream = upstream;
    this.#lab = lab;
    this.#gaps = gaps;
    this.#owner = owner;
    const socket = dial(upstream);
    this.#socket = socket;
    this.#gathering = gathers ? new GatheredWrites(socket, () => owner.full(true)) : undefined;
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

  /** With `capture`, the reply is for that instead. */
  send(segment: Segment, recipient: Recipient, capture?: (reply: Buffer) => void): void {
    const { bytes, from, ends } = segment;
    this.#outstanding.push(new Outstanding(segment, recipient, capture));
    const to = ends[ends.length - 1]!;
    this.#write(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to));
    if (segment.isUnanswered !== true || this.#outstanding.length > 1) return;
    this.#takeUnanswered();
    this.#settle();
  }

  /** A command that no client sent: its reply is for nobody, and `onReply` is told of it. */
  say(words: readonly string[], onReply?: Segment['onReply']): void {
    const bytes = respOf(...words);
    const segment = { bytes, from: 0, ends: [bytes.length] };
    this.send(onReply === undefined ? segment : { ...segment, onReply }, NOBODY, () => {});
  }

  /** What is no command any more, as it is; nor are there replies from here on. */
  pass(bytes: Uint8Array): void {
    this.#isRaw = true;
    this.#write(bytes);
  }

  /** The server may send messages that nobody asked for. */
  subscribed(): void {
    this.#framer.mayBeSubscribed = true;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** The server reads what was sent before it finds the end, and what it answers still says what it carried out. */
  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#gathering?.flush();
    this.#socket.resume();
    // A server that hangs does not keep this process from its end.
    this.#socket.end(() => this.#socket.unref());
  }

  #write(bytes: Uint8Array): void {
    if (this.#gathering !== undefined) this.#gathering.write(bytes);
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
      this.#owner.unasked.reply(bytes);
      return;
    }
    try {
      this.#frame(bytes);
    } catch (cause) {
      this.#gaps.add(`${this.#upstream.url} answers what is no RESP: ${(cause as Error).message}`);
      this.#refused = 'it answers what is no RESP';
      this.#socket.destroy();
    }
  }

  #frame(bytes: Buffer): void {
    const framer = this.#framer;
    const now = Date.now();
    let recipient = this.#outstanding[0]?.recipient ?? this.#owner.unasked;
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

  /** Most replies say no more than that the command was carried out: where those to the head of the queue end. */
  #plainReplies(head: Outstanding, bytes: Buffer, at: number, now: number): number {
    const framer = this.#framer;
    const most = head.count - head.answered;
    const count = framer.skipPlain(bytes, at, most);
    if (count === 0) return at;
    head.answered += count;
    this.isAdmitted = true;
    if (count === most) {
      this.#feed(head, head.answered, 0, now);
      this.#done(head);
    }
    return framer.skippedTo;
  }

  /** The reply that the framer read last is the one to the command that has waited longest. */
  #answered(now: number): void {
    const head = this.#outstanding[0];
    // A server may say something more before it closes a connection.
    if (head === undefined) return;
    const { type, isNull } = this.#framer;
    const isError = type === 45;
    const code = isError ? this.#framer.errorCode : '';
    head.segment.onReply?.({ isError, code });
    const { isNothingIfError, isBlocking } = head.segment;
    const wasRefused = isError && (isNothingIfError === true || REFUSALS.has(code));
    this.isAdmitted = !wasRefused;
    const wasNotCarriedOut = wasRefused || (isNull && isBlocking === true);
    if (wasNotCarriedOut && head.answered > head.fed) this.#feed(head, head.answered, 0, now);
    head.answered++;
    if (wasNotCarriedOut) this.#feed(head, head.answered, NOT_CARRIED_OUT, now);
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

  /** They count as carried out as soon as they can be. */
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

  /** What the server did, where that is something else than it was asked for. */
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
      this.#gaps.add(`${closed} with ${all} commands unanswered, which it may or may not have carried out`);
    }
    const why = (count: number) => {
      if (!this.#isConnected) return `ERR ${url} cannot be reached: ${this.#refused}`;
      if (count > 0) return `ERR ${closed}: ${count} commands are unanswered`;
      return isRefused ? `ERR ${closed}` : undefined;
    };
    this.#owner.ended({ why, unanswered });
  }
}
