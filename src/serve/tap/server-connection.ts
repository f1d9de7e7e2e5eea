import type { Socket } from 'node:net';
import { latin1Bytes, Queue, shownBytes } from '../../base/index.js';
import { ERROR, respOf, STATUS } from '../../resp/index.js';
import { NotRespError, ReplyFramer } from '../../resp/node.js';
import { ClientBytes, type TotalBytes } from '../client-limits.js';
import { Outcome } from '../feed.js';
import type { FeedSink } from '../lab-thread.js';
import type { UnseenTraffic } from '../unseen-traffic.js';
import { dial, greeting, readyEvent, type Upstream } from '../upstream.js';
import { Confirmations } from './confirmations.js';
import { type Exchange, exchangeOf } from './exchange.js';
import { emitLastBytes } from './last-bytes.js';
import { outcomeOf, refusesClientReply } from './reply-outcome.js';
import { firstOf, unansweredIn } from './unanswered.js';

export interface ServerConnectionOptions {
  /** The number of the connection in the lab's feed. */
  readonly number: number;
  readonly upstream: Upstream;
  readonly lab: FeedSink;
  readonly unseen: UnseenTraffic;
  /** The kept bytes of all clients. */
  readonly kept: TotalBytes;
}

/** The events of a connection to the server. */
export interface ServerEvents {
  /** Passes bytes of the server on. */
  passed(bytes: Uint8Array): void;
  /** Reports the replies to an exchange that are not passed on. After a 'question', the caller gives the `answer`. */
  captured(exchange: Exchange, replies: readonly Buffer[]): void;
  /** Reports the success of 'hello' or 'reset', after its reply was passed on. */
  changed(exchange: Exchange): void;
  /** Reports that the server knows no RESET. */
  refusedReset(): void;
  /** Reports that the server has switched replies on again that a client wanted to be off. */
  refusedSilence(): void;
  /** Reports that more can be written. */
  drained(): void;
  /** Reports the end of the connection. `problem` is the error of the system, if it did not end in order. */
  ended(problem: string | undefined): void;
}

/**
 * One connection to the server. It matches replies with the commands before them, and writes what the server executed
 * to the lab's feed.
 *
 *     followed ── MONITOR ──> monitored ── RESET ──> followed
 *        │  └── a question ──> asking ── `answer` ──> followed or monitored
 *        ├───── PSYNC, SYNC ──> passed
 *        └───── what cannot be followed ──> passed
 *
 * The order in which a server executes commands of several connections cannot be observed. Here a command counts as
 * executed when its reply arrives, which is what clients observe. On one connection the order is that of the server.
 */
export class ServerConnection {
  state: 'followed' | 'monitored' | 'asking' | 'passed' = 'followed';
  readonly number: number;
  /** The bytes of commands that are kept until they are answered. */
  readonly kept: ClientBytes;
  readonly socket: Socket;
  readonly #options: ServerConnectionOptions;
  readonly #events: ServerEvents;
  readonly #framer = new ReplyFramer();
  readonly #confirmations = new Confirmations();
  readonly #exchanges = new Queue<Exchange>();
  /** The end of the bytes that were passed on, or captured, in the server's last piece. */
  #passedTo = 0;
  /** The parts of a reply that is not passed on, and the whole replies before it. */
  #captured: Uint8Array[] = [];
  #capturedReplies: Buffer[] = [];
  /** A command that has changed the connection, whose reply has not been passed on yet. */
  #change: Exchange | undefined;
  /** HELLO in a transaction, which EXEC executes. */
  #queuedHello: Exchange | undefined;
  /** The state after the lab's answer. */
  #stateAfter: 'followed' | 'monitored' | 'passed' = 'followed';
  /** The bytes of the server that wait for the lab's answer. */
  #rest: Buffer | undefined;
  /** The replies that belong to commands which were taken for silent. */
  #surplus = 0;
  #silent = 0;
  #phase: 'connecting' | 'connected' | 'ended' = 'connecting';
  #problem: string | undefined;

  constructor(options: ServerConnectionOptions, events: ServerEvents) {
    const { number, upstream, lab, kept } = options;
    this.number = number;
    this.kept = new ClientBytes(kept);
    this.#options = options;
    this.#events = events;
    const socket = dial(upstream);
    this.socket = socket;
    if (upstream.tls === undefined) emitLastBytes(socket);
    socket.on(readyEvent(upstream), () => {
      this.#phase = 'connected';
      lab.feed.connect(number, Date.now());
      this.#takeSilent(Date.now());
      this.#reportChange();
    });
    socket.on('data', (bytes: Buffer) => this.#received(bytes));
    socket.on('drain', () => events.drained());
    socket.on('error', (cause) => {
      this.#problem = (cause as NodeJS.ErrnoException).code ?? cause.message;
    });
    socket.on('close', () => this.#closed());
    for (const words of greeting(upstream)) this.say(words);
  }

  /** Whether bytes of the server wait for the lab's answer. */
  get isAsking(): boolean {
    return this.state === 'asking';
  }

  /** Adds an exchange, whose bytes the caller sends next. */
  readonly expect = (exchange: Exchange): void => {
    if (this.#isPassed) return;
    this.#exchanges.push(exchange);
    this.kept.bytes += exchange.size;
    if (this.#exchanges.length > 1 || this.#phase !== 'connected') return;
    if (exchange.isSilent) {
      this.#takeSilent(Date.now());
      this.#reportChange();
    } else if (exchange.kind === 'unmatched') this.#loseMatch();
  };

  get #isPassed(): boolean {
    return (this.isAsking ? this.#stateAfter : this.state) === 'passed';
  }

  /** Sends commands of the tap itself, in one write. */
  say(...commands: readonly (readonly string[])[]): Exchange {
    const exchange = exchangeOf(
      'own',
      commands.map((words) => respOf(...words)),
    );
    this.expect(exchange);
    this.write(exchange.bytes);
    return exchange;
  }

  /** Sends bytes. Returns false if the caller should wait for `drained`. */
  write(bytes: Uint8Array): boolean {
    return this.#phase === 'ended' || this.socket.write(bytes);
  }

  /** Gives the client's reply to the question, and continues with the bytes after it. */
  answer(reply: Uint8Array): void {
    const rest = this.#rest;
    this.#rest = undefined;
    this.state = this.#stateAfter;
    this.#events.passed(reply);
    if (rest !== undefined && rest.length > 0) this.#received(rest);
  }

  /** Stops following, and passes all later bytes on. */
  pass(): void {
    this.#becomes('passed');
    this.#exchanges.clear();
    this.kept.bytes = 0;
  }

  /** Ends the connection after what was sent. Replies still show what was executed. */
  end(): void {
    this.socket.resume();
    // A hanging server must not keep this process alive.
    this.socket.end(() => this.socket.unref());
  }

  #received(bytes: Buffer): void {
    if (this.state === 'asking') {
      this.#rest = this.#rest === undefined ? bytes : Buffer.concat([this.#rest, bytes]);
      return;
    }
    if (this.state === 'passed') {
      this.#events.passed(bytes);
      return;
    }
    this.#passedTo = 0;
    try {
      this.#follow(bytes);
    } catch (cause) {
      // A server that this tap does not understand, or a defect, must not end the proxy of an application.
      this.#lose(
        cause instanceof NotRespError
          ? `the server sent what is no RESP: ${cause.message}`
          : defectText(cause),
      );
      this.#passTo(bytes, bytes.length);
    }
  }

  #passTo(bytes: Buffer, end: number): void {
    const from = this.#passedTo;
    this.#passedTo = end;
    if (end > from)
      this.#events.passed(from === 0 && end === bytes.length ? bytes : bytes.subarray(from, end));
  }

  #follow(bytes: Buffer): void {
    const framer = this.#framer;
    const now = Date.now();
    let at = 0;
    while (at < bytes.length) {
      const head = this.#exchanges.first;
      if (head?.kind === 'commands') {
        const skipped = this.#skipPlain(head, bytes, at, now);
        if (skipped > at) {
          at = skipped;
          this.#passBeforeChange(bytes, at);
          continue;
        }
      }
      if (head?.kind === 'unmatched') {
        this.#loseMatch();
        break;
      }
      if (head?.kind === 'replication' && this.#becomesSource(head, bytes[at]!)) break;
      framer.notesElements = head?.kind === 'exec';
      const from = at;
      const end = framer.next(bytes, at);
      at = end < 0 ? bytes.length : end;
      if (head?.isCaptured === true) {
        this.#passTo(bytes, from);
        this.#captured.push(bytes.subarray(from, at));
        this.#passedTo = at;
      }
      if (end < 0) break;
      this.#replied(head, now);
      this.#passBeforeChange(bytes, at);
      if (this.isAsking) {
        this.#passTo(bytes, at);
        this.#rest = bytes.subarray(at);
        return;
      }
    }
    const head = this.#exchanges.first;
    if (head !== undefined && head.answered > head.fed) this.#feed(head, Outcome.executed, now);
    this.#passTo(bytes, bytes.length);
  }

  /** Passes on the replies up to a change of the connection, which is reported then. */
  #passBeforeChange(bytes: Buffer, at: number): void {
    if (this.#change === undefined) return;
    this.#passTo(bytes, at);
    this.#reportChange();
  }

  #reportChange(): void {
    const change = this.#change;
    this.#change = undefined;
    if (change !== undefined) this.#events.changed(change);
  }

  /** Skips plain replies, which only confirm commands. Returns their end. */
  #skipPlain(head: Exchange, bytes: Buffer, at: number, now: number): number {
    if (this.state === 'monitored' || this.#surplus > 0 || this.#silent > 0) return at;
    if (head.kind === 'conditional') return at;
    const unanswered = head.ends.length - head.answered;
    const count = this.#framer.skipPlain(bytes, at, unanswered);
    if (count === 0) return at;
    head.answered += count;
    if (count === unanswered) {
      this.#feed(head, Outcome.executed, now);
      this.#done(now);
    }
    return this.#framer.skippedTo;
  }

  /** Handles the reply that was framed last. `head` is the oldest unanswered exchange. */
  #replied(head: Exchange | undefined, now: number): void {
    const framer = this.#framer;
    if (this.state === 'monitored' && MONITOR_LINE.test(framer.line)) {
      this.#passCaptured();
      return;
    }
    const role = this.#confirmations.take(framer, head);
    if (role === 'push') {
      this.#passCaptured();
      return;
    }
    if (this.#surplus > 0) {
      this.#surplus--;
      this.#passCaptured();
      return;
    }
    if (this.#silent > 0 && this.#refusesSilence(head)) return;
    this.#silent = 0;
    if (head === undefined) {
      this.#unexpected();
      return;
    }
    if (role === 'confirmation' && head.kind === 'subscription' && this.#confirmations.needsMore(head))
      return;
    this.#answered(head, now);
  }

  #answered(head: Exchange, now: number): void {
    const { isError } = this.#framer;
    const outcome = outcomeOf(head.kind, this.#framer);
    if (outcome === Outcome.executed) this.#noteUnseen(head, now);
    if (outcome !== Outcome.executed && head.answered > head.fed) this.#feed(head, Outcome.executed, now);
    head.answered++;
    if (head.isCaptured) this.#capturedReplies.push(this.#takeCaptured());
    if (outcome !== Outcome.executed) this.#feed(head, outcome, now);
    if (head.answered < head.ends.length) return;
    if (head.answered > head.fed) this.#feed(head, Outcome.executed, now);
    this.#done(now);
    this.#finished(head, isError);
  }

  /** Notes what a command that was executed did unseen. */
  #noteUnseen(head: Exchange, now: number): void {
    if (head.kind === 'exec') this.#feedRefusedElements(now);
    else if (head.kind === 'script') this.#noteScript();
    else if (head.kind === 'opaque') this.#noteOpaque(head, 'was executed');
  }

  /** Carries out what the reply to the last command of an exchange means for the connection. */
  #finished(head: Exchange, isError: boolean): void {
    switch (head.kind) {
      case 'own':
        this.#events.captured(head, this.#takeReplies());
        return;
      case 'question':
        this.#stateAfter = this.state === 'asking' ? this.#stateAfter : this.state;
        this.state = 'asking';
        this.#events.captured(head, this.#takeReplies());
        return;
      case 'monitor':
        if (!isError && !this.#isQueued) this.#becomes('monitored');
        return;
      case 'reset':
        if (isError) this.#events.refusedReset();
        else this.#wasReset(head);
        return;
      case 'hello':
        if (isError) return;
        if (this.#isQueued) this.#queuedHello = head;
        else this.#change = head;
        return;
      case 'exec':
        if (!isError && !this.#framer.isNull) this.#change = this.#queuedHello;
        this.#queuedHello = undefined;
        return;
      case 'discard':
        this.#queuedHello = undefined;
        return;
      default:
        return;
    }
  }

  /** Whether the last reply shows that a command waits for EXEC. */
  get #isQueued(): boolean {
    return this.#framer.type === STATUS && this.#framer.line === 'QUEUED';
  }

  #becomes(state: 'followed' | 'monitored' | 'passed'): void {
    if (this.isAsking) this.#stateAfter = state;
    else this.state = state;
  }

  #wasReset(reset: Exchange): void {
    this.#becomes('followed');
    this.#confirmations.clear();
    this.#queuedHello = undefined;
    this.#change = reset;
  }

  /** Whether the server begins to feed a replica, in place of a reply. */
  #becomesSource({ words }: Exchange, first: number): boolean {
    const isReply = first === ERROR || (words[0]?.toLowerCase() === 'psync' && first !== STATUS);
    if (isReply || !this.#framer.isBetween) return false;
    this.#lose('a replica is fed through the tap, whose buffers in the server are not followed');
    return true;
  }

  #loseMatch(): void {
    this.#lose(
      'CLIENT REPLY in a transaction, or subscriptions without replies, leave unknown which replies follow',
    );
  }

  #unexpected(): void {
    this.#passCaptured();
    // A server may send an error before it closes a connection.
    if (!this.#framer.isError) this.#lose('the server sent a reply that no command asked for');
  }

  /** Passes on without following, because what happens on the connection is not known any more. */
  #lose(why: string): void {
    this.#options.unseen.add(`client ${this.number}: ${why}`);
    this.#passCaptured();
    this.pass();
  }

  /**
   * Handles the refusal of CLIENT REPLY, whose client expected silence. Its commands since then have replies after all,
   * and the lab has taken all of them for executed.
   */
  #refusesSilence(head: Exchange | undefined): boolean {
    if (!this.#framer.isError) return false;
    if (this.#framer.errorCode === 'BUSY' && head !== undefined) {
      this.#lose('replies were switched off while a script ran, so that it is unknown which replies follow');
      return true;
    }
    // Without an unanswered command, only CLIENT REPLY itself can have been refused.
    if (head !== undefined && !refusesClientReply(this.#framer)) return false;
    this.#surplus = this.#silent - 1;
    this.#silent = 0;
    this.#passCaptured();
    this.#events.refusedSilence();
    if (this.#surplus > 0) {
      this.#options.unseen.add(
        `client ${this.number} was not allowed to switch replies off: the replies to ${this.#surplus} commands were not read`,
      );
    }
    return true;
  }

  #takeReplies(): Buffer[] {
    const replies = this.#capturedReplies;
    this.#capturedReplies = [];
    return replies;
  }

  #takeCaptured(): Buffer {
    const reply = Buffer.concat(this.#captured);
    this.#captured = [];
    return reply;
  }

  /** Passes on what was captured but was no reply to a command of the tap. */
  #passCaptured(): void {
    if (this.#captured.length > 0) this.#events.passed(this.#takeCaptured());
  }

  #done(now: number): void {
    const head = this.#exchanges.shift();
    if (head !== undefined) this.kept.bytes -= head.size;
    this.#takeSilent(now);
  }

  /** Feeds commands without replies, which count as executed when those before them have been answered. */
  #takeSilent(now: number): void {
    for (let head = this.#exchanges.first; head?.isSilent === true; head = this.#exchanges.first) {
      this.#exchanges.shift();
      this.kept.bytes -= head.size;
      this.#silent++;
      head.answered = head.ends.length;
      // A server refuses commands on keys to a client of MONITOR.
      const isRefused = this.state === 'monitored' && head.kind === 'commands';
      this.#feed(head, isRefused ? Outcome.refused : Outcome.executed, now);
      this.#finishedSilently(head);
    }
  }

  /** Carries out what a command without a reply means for the connection, if the server has executed it. */
  #finishedSilently(head: Exchange): void {
    switch (head.kind) {
      case 'script':
        this.#noteScript();
        return;
      case 'opaque':
        this.#noteOpaque(head, 'may have been executed without a reply');
        return;
      case 'blocking':
        this.#options.unseen.addOnce(
          'waiting without replies',
          'a command that may have to wait was sent while replies were off, and when it was executed is not known',
        );
        return;
      case 'monitor':
        this.#becomes('monitored');
        return;
      case 'reset':
        this.#wasReset(head);
        return;
      case 'hello':
        this.#change = head;
        return;
      case 'quit':
        // The server executes no later command.
        this.pass();
        return;
      default:
        return;
    }
  }

  #noteScript(): void {
    this.#options.unseen.addOnce('scripts', 'scripts are executed, and what they write is not seen');
  }

  #noteOpaque({ words }: Exchange, what: string): void {
    const name = shownBytes(latin1Bytes(words.slice(0, 2).join(' ')), MAX_NAME);
    this.#options.unseen.addOnce(name, `${name} ${what}, and what it did is not known`);
  }

  #feed(head: Exchange, outcome: number, now: number): void {
    const { bytes, ends, fed, answered } = head;
    const { lab } = this.#options;
    const from = fed === 0 ? head.from : ends[fed - 1]!;
    lab.feed.commands(this.number, now, outcome, bytes, from, ends[answered - 1]!);
    lab.flushIfFull();
    head.fed = answered;
  }

  /** Feeds the indices of the commands in a transaction that the server refused. */
  #feedRefusedElements(now: number): void {
    const { elementErrors, elements } = this.#framer;
    if (elementErrors.length === 0) return;
    const refused = elementErrors.map(({ index }) => index);
    this.#options.lab.feed.refusedElements(this.number, now, elements, refused);
  }

  #closed(): void {
    if (this.#phase === 'ended') return;
    const wasConnected = this.#phase === 'connected';
    this.#phase = 'ended';
    const { lab, unseen, upstream } = this.#options;
    if (wasConnected) lab.feed.disconnect(this.number, Date.now());
    const unanswered = unansweredIn(this.#exchanges.all());
    this.#exchanges.clear();
    this.kept.bytes = 0;
    if (wasConnected && unanswered.length > 0) {
      unseen.add(
        `${upstream.url} closed the connection of client ${this.number} and left ${unanswered.length} commands unanswered, ` +
          `which it may or may not have carried out: ${firstOf(unanswered)}`,
      );
    }
    this.#passCaptured();
    this.#events.ended(wasConnected ? this.#problem : (this.#problem ?? 'it closed the connection'));
  }
}

/** The time and the client with which a line of MONITOR begins. */
const MONITOR_LINE = /^\d+\.\d+ \[/;

function defectText(cause: unknown): string {
  return `a defect: ${(cause as Error).stack}`;
}

/** The length at which a command's name is cut in a message. */
const MAX_NAME = 60;
