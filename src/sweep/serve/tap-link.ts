/**
 * A client's own connection to the real server. Commands go over as the client sent them, replies come back as the
 * server sent them; what was answered goes to the lab's feed.
 *
 * The order in which a server carries out what several clients send is not to be seen from outside. Here commands count
 * as carried out when their replies arrive: that is what clients can observe of it. Two whose replies arrive in the same
 * turn of the event loop may stand in either order, and a command that does not wait for another cannot tell.
 */
import type { Socket } from 'node:net';
import { respOf } from '../verify/resp-writer.js';
import { NOT_CARRIED_OUT } from './feed.js';
import type { Gaps } from './gaps.js';
import type { FeedSink } from './lab-thread.js';
import type { Link, LinkOwner, Segment } from './link.js';
import { ReplyFramer } from './reply-framer.js';
import { dial, greeting, type Upstream } from './upstream.js';

/** Refusals before a command is begun. Other errors are its own, and the model finds them by itself. */
const REFUSALS: ReadonlySet<string> = new Set(
  (
    'NOAUTH NOPERM LOADING BUSY MOVED ASK CLUSTERDOWN TRYAGAIN CROSSSLOT READONLY MASTERDOWN MISCONF NOREPLICAS ' +
    'DENIED'
  ).split(' '),
);

const DISCARD = respOf('DISCARD');

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
  /** The reply is not for the client. */
  readonly capture: Capture;

  constructor(segment: Segment, capture: Capture) {
    const { isUnanswered, isBlocking, onReply } = segment;
    this.segment = segment;
    this.count = segment.ends.length;
    this.isSpecial = isUnanswered !== undefined || isBlocking !== undefined || onReply !== undefined;
    this.capture = capture;
  }
}

export class TapLink implements Link {
  readonly client: number;
  readonly #lab: FeedSink;
  readonly #gaps: Gaps;
  readonly #owner: LinkOwner;
  readonly #socket: Socket;
  readonly #upstream: Upstream;
  readonly #framer = new ReplyFramer();
  #outstanding: Outstanding[] = [];
  #captured: Uint8Array[] = [];
  #isRaw = false;
  #isConnected = false;
  #isClosing = false;
  #hasEnded = false;
  #refused = '';

  constructor(client: number, upstream: Upstream, lab: FeedSink, gaps: Gaps, owner: LinkOwner) {
    this.client = client;
    this.#upstream = upstream;
    this.#lab = lab;
    this.#gaps = gaps;
    this.#owner = owner;
    const socket = dial(upstream);
    this.#socket = socket;
    socket.on('connect', () => {
      this.#isConnected = true;
      lab.feed.connect(client, Date.now());
    });
    socket.on('data', (bytes) => this.#received(bytes));
    socket.on('drain', () => owner.full(false));
    socket.on('error', (cause) => {
      this.#refused = (cause as NodeJS.ErrnoException).code ?? cause.message;
    });
    socket.on('close', () => this.#ended());
    for (const words of greeting(upstream)) this.#greet(words);
  }

  get isBusy(): boolean {
    return this.#outstanding.length > 0;
  }

  send(segment: Segment): void {
    this.#send(segment, undefined);
  }

  pass(bytes: Uint8Array): void {
    this.#isRaw = true;
    if (!this.#socket.write(bytes)) this.#owner.full(true);
  }

  ask(segment: Segment): Promise<Buffer> {
    return new Promise((resolve) => this.#send(segment, resolve));
  }

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
    this.#socket.resume();
    this.#socket.end();
  }

  #greet(words: readonly string[]): void {
    const bytes = respOf(...words);
    const segment: Segment = {
      bytes,
      from: 0,
      ends: [bytes.length],
      onReply: ({ isError, code }) => {
        if (!isError) return;
        this.#refused = `it answers ${words[0]} with ${code}`;
        this.#socket.destroy();
      },
    };
    this.#send(segment, () => {});
  }

  #send(segment: Segment, capture: Capture): void {
    const { bytes, from, ends } = segment;
    this.#outstanding.push(new Outstanding(segment, capture));
    const to = ends[ends.length - 1] as number;
    const whole = from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to);
    if (!this.#socket.write(whole)) this.#owner.full(true);
    if (segment.isUnanswered === true && this.#outstanding.length === 1) this.#takeUnanswered();
  }

  #received(bytes: Buffer): void {
    if (this.#isRaw) {
      this.#owner.reply(bytes);
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
    let forwarded = 0;
    let at = 0;
    for (;;) {
      at = this.#plainReplies(bytes, at, now);
      if (at === bytes.length) break;
      const from = at;
      const isCaptured = this.#outstanding[0]?.capture !== undefined;
      at = framer.next(bytes, at);
      const end = at < 0 ? bytes.length : at;
      if (isCaptured && !framer.isPush) {
        if (from > forwarded) this.#owner.reply(bytes.subarray(forwarded, from));
        this.#captured.push(bytes.subarray(from, end));
        forwarded = end;
      }
      if (at < 0) break;
      if (!framer.isPush) this.#answered(now);
      if (at === bytes.length) break;
    }
    const head = this.#outstanding[0];
    if (head !== undefined && head.answered > head.fed) this.#feed(head, head.answered, 0, now);
    if (forwarded === 0) this.#owner.reply(bytes);
    else if (forwarded < bytes.length) this.#owner.reply(bytes.subarray(forwarded));
    this.#lab.flushIfFull();
    if (this.#outstanding.length === 0) this.#owner.idle();
  }

  /** Most replies say no more than that the command was carried out: where they end. */
  #plainReplies(bytes: Buffer, from: number, now: number): number {
    const framer = this.#framer;
    let at = from;
    while (at < bytes.length) {
      const head = this.#outstanding[0];
      if (head === undefined || head.isSpecial || head.capture !== undefined) break;
      const most = head.count - head.answered;
      const count = framer.skipPlain(bytes, at, most);
      if (count === 0) break;
      at = framer.skippedTo;
      head.answered += count;
      if (count < most) break;
      this.#feed(head, head.answered, 0, now);
      this.#outstanding.shift();
      this.#takeUnanswered();
    }
    return at;
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
    const wasNotCarriedOut = (isError && REFUSALS.has(code)) || (isNull && head.segment.isBlocking === true);
    if (wasNotCarriedOut && head.answered > head.fed) this.#feed(head, head.answered, 0, now);
    head.answered++;
    if (wasNotCarriedOut) this.#feed(head, head.answered, NOT_CARRIED_OUT, now);
    else if (code === 'EXECABORT') this.#feedInstead(head, DISCARD, now);
    if (head.answered < head.count) return;
    if (head.answered > head.fed) this.#feed(head, head.answered, 0, now);
    this.#outstanding.shift();
    if (head.capture !== undefined) {
      const reply = Buffer.concat(this.#captured);
      this.#captured = [];
      head.capture(reply);
    }
    this.#takeUnanswered();
  }

  #takeUnanswered(): void {
    for (let head = this.#outstanding[0]; head?.segment.isUnanswered === true; head = this.#outstanding[0]) {
      this.#feed(head, head.count, 0, Date.now());
      this.#outstanding.shift();
    }
  }

  #feed(outstanding: Outstanding, to: number, flags: number, now: number): void {
    const { segment, fed } = outstanding;
    const { bytes, ends } = segment;
    const from = fed === 0 ? segment.from : (ends[fed - 1] as number);
    this.#lab.feed.commands(this.client, now, flags, bytes, from, ends[to - 1] as number);
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
    const unanswered = this.#outstanding.reduce((sum, { count, answered }) => sum + count - answered, 0);
    if (this.#isConnected) this.#lab.feed.disconnect(this.client, Date.now());
    if (unanswered > 0 && this.#isConnected) {
      const said = this.#refused === '' ? '' : ` (${this.#refused})`;
      this.#gaps.add(
        `${this.#upstream.url} closed a connection${said} with ${unanswered} commands unanswered, which it may or may not have carried out`,
      );
    }
    this.#outstanding = [];
    if (!this.#isConnected)
      this.#owner.ended(`ERR ${this.#upstream.url} cannot be reached: ${this.#refused}`);
    else if (unanswered > 0 || this.#refused !== '') {
      this.#owner.ended(
        `ERR ${this.#upstream.url} closed the connection: ${unanswered} commands are unanswered`,
      );
    } else this.#owner.ended(undefined);
  }
}
