import type { Socket } from 'node:net';
import { InputError, latin1Bytes } from '../base/index.js';
import { argumentText, type Command } from '../commands/index.js';
import { commandOf, RespParser, respLength, writeResp } from '../resp/index.js';
import { error, type LabReply, ok, type Protocol, replyBytes } from '../resp/node.js';
import {
  ClientBytes,
  type Limits,
  MAX_UNAUTHENTICATED_BYTES,
  MAX_UNREAD_BYTES,
  MIN_UNREAD_BYTES,
  type TotalBytes,
} from './client-limits.js';
import type { Link, LinkEvents, Segment } from './client-link.js';
import {
  type CommandKind,
  dedicatedUseOf,
  kindOf,
  type ReplyMode,
  replyModeSet,
  wordsOf,
} from './command-kinds.js';
import { type InterceptedKind, interceptedKindOf } from './intercepted-commands.js';
import type { Password } from './password.js';

/** The server that a session belongs to. */
export interface SessionHost {
  readonly limits: Limits;
  readonly password: Password | undefined;
  /** The incomplete commands of all clients. */
  readonly waiting: TotalBytes;
  /** The unread replies of all clients. */
  readonly unread: TotalBytes;
  /** Whether there is no real server, so that the lab's own store executes commands. */
  readonly isStandalone: boolean;
  openLink(owner: LinkEvents): Link;
  /** Returns the lab's reply. `ask` sends the same or another command over the client's link. */
  answer(
    kind: InterceptedKind,
    words: readonly string[],
    client: number,
    ask: (words?: readonly string[]) => Promise<Buffer>,
  ): Promise<LabReply | Buffer>;
  closed(session: ClientSession): void;
}

/** The connection of one client. It splits the client's bytes into commands for its link and for the lab. */
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
  /** Runs after all outstanding replies. Until then no further commands are read. */
  #whenIdle: (() => void) | undefined;
  #isAnswering = false;
  /** Whether the client has ended its side of the connection. */
  #hasEndedInput = false;
  /** Whether the client has sent QUIT, after which its input is ignored. */
  #hasQuit = false;
  #isEnding = false;
  /** Each of the next three pauses reading. */
  #isLinkFull = false;
  #isHostBusy = false;
  #mustRead = false;
  readonly #waiting: ClientBytes;
  readonly #unread: ClientBytes;

  constructor(socket: Socket, host: SessionHost) {
    this.#socket = socket;
    this.#host = host;
    this.#waiting = new ClientBytes(host.waiting);
    this.#unread = new ClientBytes(host.unread);
    this.#isAuthenticated = host.password === undefined;
    socket.setNoDelay(true);
    this.#link = host.openLink(this);
    socket.on('data', (bytes) => this.#received(bytes));
    socket.on('drain', () => {
      this.#unread.bytes = 0;
      const hadToRead = this.#mustRead;
      // The link may write so much at once that the client has to read again.
      this.#mustRead = false;
      this.#link.resume();
      if (hadToRead) this.#continue();
    });
    socket.on('end', () => {
      this.#hasEndedInput = true;
      this.#closeIfFinished();
    });
    // 'close' follows every error.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#close();
      this.#waiting.bytes = 0;
      this.#unread.bytes = 0;
      host.closed(this);
    });
  }

  /** Pauses the client while the lab is too far behind, and resumes it. */
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
    const isTooMuch = this.#exceedsUnreadLimit();
    this.#mustRead ||= isTooMuch;
    this.#link.pause(isTooMuch);
    if (isTooMuch) this.#setReading();
  }

  idle(): void {
    const work = this.#whenIdle;
    if (work === undefined || this.#isAnswering) return;
    this.#whenIdle = undefined;
    work();
    this.#closeIfFinished();
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
    if (why !== undefined && !this.#isEnding) this.#sendReply(error(why));
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
    // A command that began in earlier bytes is encoded again, which gives the same bytes.
    const isInside = this.#parser.isInside;
    try {
      this.#parser.feed(bytes);
    } catch (cause) {
      this.#refuse(cause);
      return;
    }
    this.#processInput(isInside);
  }

  #processInput(isInside: boolean): void {
    try {
      this.#commands(isInside);
    } catch (cause) {
      this.#refuse(cause);
    }
    const { window } = this.#parser;
    const from = window.hold >= 0 ? Math.min(window.hold, window.at) : window.at;
    this.#waiting.bytes = this.#isWaiting ? 0 : window.end - from;
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
    while (!this.#isWaiting && !this.#isEnding && !this.#hasQuit) {
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
      // An inline command is encoded as RESP, so that the server parses quotes and zero bytes in the same way.
      const isInline = command.bytes !== window.bytes;
      // Empty lines and empty arrays may precede the command.
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
    const dedicatedUse = dedicatedUseOf(command);
    const segment = dedicatedUse === undefined ? sent : { ...sent, dedicatedUse };
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
      case 'intercepted':
        this.#intercept(command, segment);
        return;
      case 'administrative':
        link.send({ ...segment, isNothingIfError: true });
        return;
      case 'multi':
        link.send(segment);
        // The lab must not answer commands that are pipelined after MULTI, so this does not wait for its reply.
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

  /** Lets the lab answer a command after all replies before it. Nothing is read until then. */
  #intercept(command: Command, segment: Segment): void {
    const words = wordsOf(command);
    const kind = this.#isInTransaction ? undefined : interceptedKindOf(words, this.#host.isStandalone);
    if (kind === undefined) {
      this.#link.send({ ...segment, isNothingIfError: true });
      return;
    }
    this.#afterReplies(async () => {
      const answer = await this.#host.answer(kind, words, this.#link.client, (other) =>
        this.#link.ask(other === undefined ? segment : ofWords(other)),
      );
      if (Buffer.isBuffer(answer)) this.reply(answer);
      else this.#sendReply(answer);
    });
  }

  #afterReplies(work: () => Promise<void> | void): void {
    this.#whenIdle = () => {
      this.#isAnswering = true;
      void Promise.resolve(work()).finally(() => {
        this.#isAnswering = false;
        this.#continue();
      });
    };
    this.#setReading();
    // This is deferred, since the caller is still processing its input.
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
      this.#afterReplies(() => this.#sendReply(isAdmitted ? ok : error(WRONG_PASSWORD)));
      return;
    }
    if (kind === 'hello') {
      const at = words.findIndex((word, index) => index > 1 && word.toLowerCase() === 'auth');
      if (at > 0) {
        if (!admit(words.slice(at + 1, at + 3))) {
          this.#afterReplies(() => this.#sendReply(error(WRONG_PASSWORD)));
          return;
        }
        words.splice(at, 3);
      }
      if (this.#isAuthenticated) {
        // The password belongs to this listener and is not sent to the real server.
        const hello = commandOf(words.map(latin1Bytes));
        this.#link.send({
          ...written(hello),
          dedicatedUse: 'sticky',
          onReply: ({ isError }) => this.#hello(hello, isError),
        });
        return;
      }
    }
    if (kind === 'quit') {
      this.#afterReplies(() => {
        this.#sendReply(ok);
        this.#isEnding = true;
        this.close();
      });
      return;
    }
    this.#afterReplies(() => this.#sendReply(error('NOAUTH Authentication required.')));
  }

  #hello(command: Command, isError: boolean): void {
    if (isError || command.argumentCount < 2) return;
    this.#protocol = argumentText(command, 1) === '3' ? 3 : 2;
  }

  #refuse(cause: unknown): void {
    if (!(cause instanceof InputError)) throw cause;
    // The message "query: byte 12: problem; remedy" is reduced to what a client can use.
    const what = cause.message.replace(/^query: /, '').replace(/; .*$/s, '');
    this.#protocolError(what);
  }

  #protocolError(what: string): void {
    if (this.#isEnding) return;
    const end = () => {
      this.#sendReply(error(`ERR Protocol error: ${what}`));
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
    const limit = this.#isAuthenticated ? limits.maxQueryBytes : MAX_UNAUTHENTICATED_BYTES;
    if (bytes > limit) this.#protocolError(`a command of over ${limit} bytes`);
    else if (total.bytes > limits.maxQueriesBytes && bytes > MAX_UNAUTHENTICATED_BYTES) {
      this.#protocolError(
        `all clients together are sending over ${limits.maxQueriesBytes} bytes of commands`,
      );
    }
  }

  #exceedsUnreadLimit(): boolean {
    const { maxRepliesBytes } = this.#host.limits;
    const { bytes, total } = this.#unread;
    return bytes > MAX_UNREAD_BYTES || (bytes > MIN_UNREAD_BYTES && total.bytes > maxRepliesBytes);
  }

  /** Whether the client's input is left unread for now. */
  get #isWaiting(): boolean {
    return this.#whenIdle !== undefined || this.#isAnswering || this.#mustRead;
  }

  /** Continues with the input that arrived in the meantime. */
  #continue(): void {
    this.#setReading();
    // The input of a stream has already been passed on.
    if (!this.#isEnding && !this.#isStream) this.#processInput(false);
    this.#closeIfFinished();
  }

  #setReading(): void {
    const isHeld = this.#isLinkFull || this.#isHostBusy || this.#isWaiting;
    if (isHeld || this.#isEnding) this.#socket.pause();
    else this.#socket.resume();
  }

  #sendReply(reply: LabReply): void {
    this.reply(replyBytes(reply, this.#protocol));
  }

  #close(): void {
    this.#link.close();
  }

  /** Closes the link after the client's last command. */
  #closeIfFinished(): void {
    if (this.#hasEndedInput && !this.#isWaiting) this.#close();
  }
}

const WRONG_PASSWORD = 'WRONGPASS invalid username-password pair or user is disabled.';

/** Returns a segment that stays valid. Bytes in the parser's window are copied, since the window is reused. */
function kept<Run extends Segment>(run: Run, window: Uint8Array): Segment {
  if (run.bytes !== window || Buffer.isBuffer(window)) return run;
  const last = run.ends[run.ends.length - 1]!;
  const { from } = run;
  return { bytes: run.bytes.slice(from, last), from: 0, ends: run.ends.map((end) => end - from) };
}

/** Returns a command of words, which have one character for each byte. */
function ofWords(words: readonly string[]): Segment {
  return written(commandOf(words.map(latin1Bytes)));
}

function written(command: Command): Segment {
  const bytes = new Uint8Array(respLength(command));
  return { bytes, from: 0, ends: [writeResp(command, bytes, 0)] };
}
