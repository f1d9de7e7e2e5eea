/** One client: its bytes become commands, which go on to its link or are questions to the lab. */
import type { Socket } from 'node:net';
import { InputError, latin1Bytes } from '../base/index.js';
import { argumentText, type Command } from '../commands/index.js';
import { commandOf, RespParser, respLength, writeResp } from '../resp/index.js';
import { error, type LabReply, ok, type Protocol, replyBytes } from '../resp/node.js';
import {
  LEAST_UNREAD_BYTES,
  type Limits,
  MOST_UNREAD_BYTES,
  OwnBytes,
  STRANGER_QUERY_BYTES,
  type TotalBytes,
} from './client-limits.js';
import {
  type CommandKind,
  kindOf,
  ownUseOf,
  type ReplyMode,
  replyModeSet,
  wordsOf,
} from './command-kinds.js';
import type { Link, LinkEvents, Segment } from './link.js';
import type { Password } from './password.js';
import { type QuestionKind, questionOf } from './questions.js';

/** What a session needs of the server that it belongs to. */
export interface SessionHost {
  readonly limits: Limits;
  readonly password: Password | undefined;
  /** Commands that are not complete yet, and replies that are not read yet. */
  readonly waiting: TotalBytes;
  readonly unread: TotalBytes;
  /** There is no server behind: what it alone could do is refused by the lab's own store. */
  readonly isStandalone: boolean;
  openLink(owner: LinkEvents): Link;
  /** The lab's answer; `ask` asks whoever has the rest of it, the same or something else. */
  answer(
    kind: QuestionKind,
    words: readonly string[],
    client: number,
    ask: (words?: readonly string[]) => Promise<Buffer>,
  ): Promise<LabReply | Buffer>;
  closed(session: ClientSession): void;
}

export class ClientSession implements LinkEvents {
  readonly #socket: Socket;
  readonly #host: SessionHost;
  readonly #parser = new RespParser('query');
  readonly #link: Link;
  #protocol: Protocol = 2;
  #isAuthenticated: boolean;
  #replyMode: ReplyMode = 'on';
  #isInTransaction = false;
  #isStream = false;
  /** Nothing more is read until all replies have come: then this is done. */
  #whenIdle: (() => void) | undefined;
  #isAnswering = false;
  /** The client says no more. */
  #hasSaidAll = false;
  /** It said QUIT: what comes behind that is not read. */
  #hasQuit = false;
  #isEnding = false;
  /** Reasons for not reading on. */
  #isLinkFull = false;
  #isHostBusy = false;
  #hasToRead = false;
  readonly #waiting: OwnBytes;
  readonly #unread: OwnBytes;

  constructor(socket: Socket, host: SessionHost) {
    this.#socket = socket;
    this.#host = host;
    this.#waiting = new OwnBytes(host.waiting);
    this.#unread = new OwnBytes(host.unread);
    this.#isAuthenticated = host.password === undefined;
    socket.setNoDelay(true);
    this.#link = host.openLink(this);
    socket.on('data', (bytes) => this.#received(bytes));
    socket.on('drain', () => {
      this.#unread.bytes = 0;
      const hadToRead = this.#hasToRead;
      // The link may have so much for it at once that it has to read again.
      this.#hasToRead = false;
      this.#link.resume();
      if (hadToRead) this.#goOn();
    });
    socket.on('end', () => {
      this.#hasSaidAll = true;
      this.#closeIfAllSaid();
    });
    // 'close' follows, whatever it was.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#close();
      this.#waiting.bytes = 0;
      this.#unread.bytes = 0;
      host.closed(this);
    });
  }

  /** Whoever models what this client does cannot keep up, or can again. */
  hold(isBusy: boolean): void {
    this.#isHostBusy = isBusy;
    this.#setReading();
  }

  close(): void {
    this.#close();
    this.#socket.destroySoon();
  }

  reply(bytes: Uint8Array): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    const isRead = this.#socket.write(bytes);
    this.#unread.bytes = this.#socket.writableLength;
    if (isRead) return;
    const isTooMuch = this.#hasTooMuchUnread();
    this.#hasToRead ||= isTooMuch;
    this.#link.pause(isTooMuch);
    if (isTooMuch) this.#setReading();
  }

  idle(): void {
    const work = this.#whenIdle;
    if (work === undefined || this.#isAnswering) return;
    this.#whenIdle = undefined;
    work();
    this.#closeIfAllSaid();
  }

  full(isFull: boolean): void {
    this.#isLinkFull = isFull;
    this.#setReading();
  }

  cutOff(): void {
    this.#isEnding = true;
    this.#socket.destroy();
  }

  ended(why: string | undefined): void {
    if (why !== undefined && !this.#isEnding) this.#say(error(why));
    this.#isEnding = true;
    this.#socket.end();
    this.#socket.destroySoon();
  }

  #received(bytes: Buffer): void {
    if (this.#isEnding || this.#hasQuit) return;
    if (this.#isStream) {
      this.#link.pass(bytes);
      return;
    }
    // A command whose beginning is no more in the window is written anew; it is the same bytes.
    const isInside = this.#parser.isInside;
    try {
      this.#parser.feed(bytes);
    } catch (cause) {
      this.#refuse(cause);
      return;
    }
    this.#readOn(isInside);
  }

  #readOn(isInside: boolean): void {
    try {
      this.#commands(isInside);
    } catch (cause) {
      this.#refuse(cause);
    }
    const { window } = this.#parser;
    const from = window.hold >= 0 ? Math.min(window.hold, window.at) : window.at;
    this.#waiting.bytes = this.#waits ? 0 : window.end - from;
    this.#checkWaiting();
  }

  #commands(begunBefore: boolean): void {
    const parser = this.#parser;
    const { window } = parser;
    let isBegun = begunBefore;
    let run: { readonly bytes: Uint8Array; readonly from: number; readonly ends: number[] } | undefined;
    const send = () => {
      if (run !== undefined) this.#link.send(kept(run, window.bytes));
      run = undefined;
    };
    while (!this.#waits && !this.#isEnding && !this.#hasQuit) {
      const behindLast = window.at;
      let isNext = false;
      try {
        isNext = parser.next();
      } catch (cause) {
        send();
        throw cause;
      }
      if (!isNext) break;
      const { command } = parser;
      const kind = kindOf(command);
      // Written anew, it is one command to whoever reads it next, whatever that makes of quotes and zero bytes.
      const isInline = command.bytes !== window.bytes;
      // Empty lines and counts of none may stand before it.
      const from = parser.commandAt - window.base;
      if (from !== behindLast) send();
      if (kind === 'plain' && this.#isAuthenticated && this.#replyMode === 'on' && !isBegun && !isInline) {
        if (run === undefined) run = { bytes: window.bytes, from, ends: [] };
        run.ends.push(window.at);
        continue;
      }
      send();
      const whole = isBegun || isInline ? written(command) : { bytes: window.bytes, from, ends: [window.at] };
      isBegun = false;
      this.#special(kind, command, kept(whole, window.bytes));
    }
    send();
  }

  #special(kind: CommandKind, command: Command, sent: Segment): void {
    const link = this.#link;
    const own = ownUseOf(command);
    const segment = own === undefined ? sent : { ...sent, own };
    if (kind === 'foreign') {
      this.#isEnding = true;
      this.close();
      return;
    }
    if (
      !this.#isAuthenticated ||
      (this.#host.password !== undefined && (kind === 'auth' || kind === 'hello'))
    ) {
      this.#authenticate(kind, command);
      return;
    }
    if (kind === 'quit') this.#hasQuit = true;
    if (this.#replyMode !== 'on') {
      const isOn = kind === 'client' && replyModeSet(command) === 'on';
      if (this.#replyMode === 'skip' || isOn) this.#replyMode = 'on';
      link.send(isOn ? segment : { ...segment, isUnanswered: true });
      return;
    }
    if (this.#host.isStandalone && (kind === 'stream' || kind === 'subscription' || kind === 'client')) {
      link.send(segment);
      return;
    }
    switch (kind) {
      case 'question':
        this.#question(command, segment);
        return;
      case 'administrative':
        link.send({ ...segment, isNothingIfError: true });
        return;
      case 'multi':
        link.send(segment);
        // What is pipelined behind it must not be answered by the lab, so its reply is not waited for.
        if (command.argumentCount === 1) this.#isInTransaction = true;
        return;
      case 'exec':
      case 'discard':
        link.send(segment);
        this.#isInTransaction = false;
        return;
      case 'blocking':
        link.send({ ...segment, isBlocking: true });
        return;
      case 'subscription':
        if (this.#isInTransaction || command.argumentCount < 2) break;
        link.subscribed();
        link.send({ ...segment, isUnanswered: true });
        return;
      case 'client': {
        const mode = replyModeSet(command);
        if (mode === undefined || mode === 'on') break;
        this.#replyMode = mode;
        link.send({ ...segment, isUnanswered: true });
        return;
      }
      case 'hello':
        link.send({ ...segment, onReply: ({ isError }) => this.#hello(command, isError) });
        return;
      case 'stream':
        this.#whenIdle = () => {
          this.#isStream = true;
          const { window } = this.#parser;
          link.pass(segment.bytes.subarray(segment.from, segment.ends[0]));
          link.pass(window.bytes.slice(window.at, window.end));
        };
        if (!link.isBusy) this.idle();
        return;
      default:
        break;
    }
    link.send(segment);
  }

  /** Asked when all that was sent before has been answered, and nothing is read until it is answered itself. */
  #question(command: Command, segment: Segment): void {
    const words = wordsOf(command);
    const kind = this.#isInTransaction ? undefined : questionOf(words, this.#host.isStandalone);
    if (kind === undefined) {
      this.#link.send({ ...segment, isNothingIfError: true });
      return;
    }
    this.#afterReplies(async () => {
      const answer = await this.#host.answer(kind, words, this.#link.client, (other) =>
        this.#link.ask(other === undefined ? segment : ofWords(other)),
      );
      if (Buffer.isBuffer(answer)) this.reply(answer);
      else this.#say(answer);
    });
  }

  #afterReplies(work: () => Promise<void> | void): void {
    this.#whenIdle = () => {
      this.#isAnswering = true;
      void Promise.resolve(work()).finally(() => {
        this.#isAnswering = false;
        this.#goOn();
      });
    };
    this.#setReading();
    // Not at once: the caller is still at work on what was read.
    if (!this.#link.isBusy) queueMicrotask(() => this.idle());
  }

  #authenticate(kind: CommandKind, command: Command): void {
    const password = this.#host.password!;
    const words = wordsOf(command);
    const admit = (given: readonly string[]): boolean => {
      if (!password.admits(given)) return false;
      this.#isAuthenticated = true;
      return true;
    };
    if (kind === 'auth') {
      const isAdmitted = (words.length === 2 || words.length === 3) && admit(words.slice(1));
      this.#afterReplies(() => this.#say(isAdmitted ? ok : error(WRONG_PASSWORD)));
      return;
    }
    if (kind === 'hello') {
      const at = words.findIndex((word, index) => index > 1 && word.toLowerCase() === 'auth');
      if (at > 0) {
        if (!admit(words.slice(at + 1, at + 3))) {
          this.#afterReplies(() => this.#say(error(WRONG_PASSWORD)));
          return;
        }
        words.splice(at, 3);
      }
      if (this.#isAuthenticated) {
        // The password is this listener's, and no business of the server behind it.
        const hello = commandOf(words.map(latin1Bytes));
        this.#link.send({
          ...written(hello),
          own: 'from now on',
          onReply: ({ isError }) => this.#hello(hello, isError),
        });
        return;
      }
    }
    if (kind === 'quit') {
      this.#afterReplies(() => {
        this.#say(ok);
        this.#isEnding = true;
        this.close();
      });
      return;
    }
    this.#afterReplies(() => this.#say(error('NOAUTH Authentication required.')));
  }

  #hello(command: Command, isError: boolean): void {
    if (isError || command.argumentCount < 2) return;
    this.#protocol = argumentText(command, 1) === '3' ? 3 : 2;
  }

  #refuse(cause: unknown): void {
    if (!(cause instanceof InputError)) throw cause;
    // "query: byte 12: what; remedy": the client has no use for whose words these are.
    const what = cause.message.replace(/^query: /, '').replace(/; .*$/s, '');
    this.#protocolError(what);
  }

  #protocolError(what: string): void {
    if (this.#isEnding) return;
    const end = () => {
      this.#say(error(`ERR Protocol error: ${what}`));
      this.#isEnding = true;
      this.close();
    };
    this.#socket.pause();
    if (!this.#link.isBusy) end();
    else this.#whenIdle = end;
  }

  #checkWaiting(): void {
    const { limits } = this.#host;
    const { bytes, total } = this.#waiting;
    const limit = this.#isAuthenticated ? limits.maxQueryBytes : STRANGER_QUERY_BYTES;
    if (bytes > limit) this.#protocolError(`a command of over ${limit} bytes`);
    else if (total.bytes > limits.maxQueriesBytes && bytes > STRANGER_QUERY_BYTES) {
      this.#protocolError(
        `all clients together are sending over ${limits.maxQueriesBytes} bytes of commands`,
      );
    }
  }

  #hasTooMuchUnread(): boolean {
    const { maxRepliesBytes } = this.#host.limits;
    const { bytes, total } = this.#unread;
    return bytes > MOST_UNREAD_BYTES || (bytes > LEAST_UNREAD_BYTES && total.bytes > maxRepliesBytes);
  }

  /** What it said is not looked at for now. */
  get #waits(): boolean {
    return this.#whenIdle !== undefined || this.#isAnswering || this.#hasToRead;
  }

  /** With what it said while it had to wait. */
  #goOn(): void {
    this.#setReading();
    // What is no command any more was passed on as it came.
    if (!this.#isEnding && !this.#isStream) this.#readOn(false);
    this.#closeIfAllSaid();
  }

  #setReading(): void {
    const isHeld = this.#isLinkFull || this.#isHostBusy || this.#waits;
    if (isHeld || this.#isEnding) this.#socket.pause();
    else this.#socket.resume();
  }

  #say(reply: LabReply): void {
    this.reply(replyBytes(reply, this.#protocol));
  }

  #close(): void {
    this.#link.close();
  }

  /** Not while there is something that is to be sent or asked yet. */
  #closeIfAllSaid(): void {
    if (this.#hasSaidAll && !this.#waits) this.#close();
  }
}

const WRONG_PASSWORD = 'WRONGPASS invalid username-password pair or user is disabled.';

/** The window is used again: what outlives it is copied. What arrived as it is, in a buffer of its own, is not. */
function kept<Run extends Segment>(run: Run, window: Uint8Array): Segment {
  if (run.bytes !== window || Buffer.isBuffer(window)) return run;
  const last = run.ends[run.ends.length - 1]!;
  const { from } = run;
  return { bytes: run.bytes.slice(from, last), from: 0, ends: run.ends.map((end) => end - from) };
}

/** Words have a character for each byte. */
function ofWords(words: readonly string[]): Segment {
  return written(commandOf(words.map(latin1Bytes)));
}

function written(command: Command): Segment {
  const bytes = new Uint8Array(respLength(command));
  return { bytes, from: 0, ends: [writeResp(command, bytes, 0)] };
}
