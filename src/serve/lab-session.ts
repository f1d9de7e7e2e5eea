import type { Socket } from 'node:net';
import { latin1Bytes } from '../base/index.js';
import { type Command, wordsOf } from '../commands/index.js';
import { commandOf, ProtocolError, RespParser, respOfCommand } from '../resp/index.js';
import { error, type LabReply, type Protocol, replyBytes } from '../resp/node.js';
import type { Client, ClientHost } from './client.js';
import {
  ClientBytes,
  type Limits,
  MAX_UNAUTHENTICATED_BYTES,
  MAX_UNREAD_BYTES,
  MAX_UNREAD_MESSAGES,
  MIN_UNREAD_BYTES,
  type TotalBytes,
} from './client-limits.js';
import type { Link, LinkEvents, Segment } from './client-link.js';
import { isInTransaction } from './in-transaction.js';
import type { Password } from './password.js';
import { PasswordGate } from './password-gate.js';
import { ReadingGate } from './reading-gate.js';
import { type SessionKind, sessionKindOf } from './session-kinds.js';

/** The lab that a session belongs to. */
export interface SessionHost extends ClientHost {
  readonly limits: Limits;
  readonly password: Password | undefined;
  /** The incomplete commands of all clients. */
  readonly waiting: TotalBytes;
  /** The unread replies of all clients. */
  readonly unread: TotalBytes;
  openLink(owner: LinkEvents): Link;
  /** Receives the stack of an error that no input should cause. */
  onDefect(stack: string): void;
  /** Whether the lab answers a command, instead of the link. */
  isQuestion(words: readonly string[]): boolean;
  /** Returns the lab's reply. `ask` sends the same or another command over the client's link. */
  answer(
    words: readonly string[],
    client: number,
    ask: (words?: readonly string[]) => Promise<Buffer>,
  ): Promise<LabReply | Buffer>;
}

/**
 * The connection of one client of a lab that is a server itself. It splits the client's bytes into commands for its link
 * and for the lab.
 *
 *     locked ── the password ──> reading ── a question ──> waiting ── idle ──> answering ──> reading
 *        ▲                          │
 *        └────────── RESET ─────────┤
 *                                   └── QUIT, damaged bytes ──> waiting ── idle ──> closed
 *
 * A task that waits begins when the link has answered all commands before it.
 */
export class LabSession implements Client, LinkEvents {
  #state: 'locked' | 'reading' | 'waiting' | 'answering' | 'closed';
  readonly #socket: Socket;
  readonly #host: SessionHost;
  readonly #link: Link;
  readonly #reading: ReadingGate<'link' | 'lab' | 'task' | 'client'>;
  readonly #waiting: ClientBytes;
  readonly #unread: ClientBytes;
  #parser = new RespParser('query');
  #gate: PasswordGate | undefined;
  #protocol: Protocol = 2;
  #isInTransaction = false;
  /** Runs when no reply is outstanding. */
  #task: (() => Promise<void> | void) | undefined;
  /** Whether unread replies are over their limit, so that nothing is executed before the client has read. */
  #mustRead = false;
  /** Whether the client has ended its side of the connection. */
  #hasEndedInput = false;

  constructor(socket: Socket, host: SessionHost) {
    this.#socket = socket;
    this.#host = host;
    this.#reading = new ReadingGate(socket);
    this.#waiting = new ClientBytes(host.waiting);
    this.#unread = new ClientBytes(host.unread);
    this.#gate = host.password && new PasswordGate(host.password);
    this.#state = this.#gate === undefined ? 'reading' : 'locked';
    socket.setNoDelay(true);
    this.#link = host.openLink(this);
    socket.on('data', (bytes) => this.#received(bytes));
    socket.on('drain', () => this.#drained());
    socket.on('end', () => {
      this.#hasEndedInput = true;
      this.#closeIfFinished();
    });
    // 'close' follows every error.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#link.close();
      this.#waiting.bytes = 0;
      this.#unread.bytes = 0;
      host.closed(this);
    });
  }

  hold(isBusy: boolean): void {
    if (isBusy) this.#reading.hold('lab');
    else this.#reading.release('lab');
  }

  close(): void {
    this.#state = 'closed';
    this.#link.close();
    this.#socket.destroySoon();
  }

  reply(bytes: Uint8Array): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    const isRead = this.#socket.write(bytes);
    this.#unread.bytes = this.#socket.writableLength;
    if (isRead || !this.#exceedsUnreadLimit()) return;
    this.#mustRead = true;
    this.#reading.hold('client');
    this.#link.hold();
  }

  pushed(bytes: Uint8Array): void {
    this.reply(bytes);
    // A server ends subscribers that do not read, since messages do not stop.
    if (this.#unread.bytes > MAX_UNREAD_MESSAGES) this.#socket.destroy();
  }

  idle(): void {
    if (this.#state !== 'waiting') return;
    const task = this.#task!;
    this.#task = undefined;
    this.#state = 'answering';
    void Promise.resolve(task()).finally(() => {
      if (this.#state === 'answering') this.#state = 'reading';
      this.#reading.release('task');
      this.#continue();
    });
  }

  full(isFull: boolean): void {
    if (isFull) this.#reading.hold('link');
    else this.#reading.release('link');
  }

  ended(): void {
    this.#state = 'closed';
    this.#socket.end();
    this.#socket.destroySoon();
  }

  #drained(): void {
    this.#unread.bytes = 0;
    if (!this.#mustRead) return;
    this.#mustRead = false;
    this.#reading.release('client');
    this.#link.resume();
    this.#continue();
  }

  #received(bytes: Uint8Array): void {
    if (this.#state === 'closed') return;
    if (this.#state === 'locked') {
      this.#pass(bytes);
      return;
    }
    // A command that began in earlier bytes is encoded again, which gives the same bytes.
    const hasBegun = this.#parser.isInside;
    this.#parser.feed(bytes);
    this.#process(hasBegun);
  }

  /** Lets the gate read a client's bytes, which may give the password. */
  #pass(bytes: Uint8Array): void {
    const { replies, admitted, isClosing } = this.#gate!.read(bytes);
    for (const reply of replies) this.#sendReply(reply);
    if (isClosing === true) this.close();
    if (admitted === undefined) return;
    this.#state = 'reading';
    this.#parser = new RespParser('query');
    if (admitted.length > 0) this.#received(admitted);
  }

  #process(hasBegun: boolean): void {
    try {
      this.#commands(hasBegun);
    } catch (cause) {
      this.#refuse(this.#messageOf(cause));
    }
    this.#waiting.bytes = this.#isReading ? this.#parser.heldBytes : 0;
    this.#checkWaiting();
  }

  /** Returns the words of a server for an error. A defect ends this client alone. */
  #messageOf(cause: unknown): string {
    if (cause instanceof ProtocolError) return cause.reply;
    this.#host.onDefect((cause as Error).stack ?? String(cause));
    return 'a defect of the lab';
  }

  #commands(hasBegun: boolean): void {
    const parser = this.#parser;
    const { window } = parser;
    let isBegun = hasBegun;
    let run: { readonly from: number; readonly ends: number[] } | undefined;
    const send = () => {
      if (run !== undefined) this.#link.send(keptRun(window.bytes, run));
      run = undefined;
    };
    try {
      for (let before = window.at; this.#isReading && parser.next(); before = window.at) {
        const { command } = parser;
        const kind = sessionKindOf(command);
        const isInPlace = !isBegun && command.bytes === window.bytes;
        isBegun = false;
        const from = parser.commandAt - window.base;
        // Empty lines and empty arrays may precede the command.
        if (!isInPlace || kind !== 'plain' || from !== before) send();
        if (isInPlace && kind === 'plain') {
          run ??= { from, ends: [] };
          run.ends.push(window.at);
        } else this.#special(kind, command);
      }
    } finally {
      send();
    }
  }

  #special(kind: SessionKind, command: Command): void {
    const segment = segmentOf(command);
    // The lab must not answer commands that are pipelined after MULTI, so this does not wait for its reply.
    this.#isInTransaction = isInTransaction(kind, command, this.#isInTransaction);
    switch (kind) {
      case 'question':
        this.#ask(command, segment);
        return;
      case 'reset':
        this.#reset(segment);
        return;
      case 'auth':
      case 'hello':
        this.#authenticate(kind, command, segment);
        return;
      case 'foreign':
        this.close();
        return;
      default:
        break;
    }
    this.#link.send(segment);
  }

  /** Lets the lab answer a command after all replies before it. Nothing is read until then. */
  #ask(command: Command, segment: Segment): void {
    const words = wordsOf(command);
    if (this.#isInTransaction || !this.#host.isQuestion(words)) {
      this.#link.send(segment);
      return;
    }
    this.#afterReplies(async () => {
      const { isSilent, isLimited } = this.#link;
      if (isLimited) {
        this.reply(await this.#link.ask(segment));
        return;
      }
      const answer = await this.#host.answer(words, this.#link.client, (other) =>
        this.#link.ask(other === undefined ? segment : segmentOfWords(other)),
      );
      if (isSilent) {
        // A question counts as the command of CLIENT REPLY SKIP.
        await this.#link.ask(segment);
        return;
      }
      if (Buffer.isBuffer(answer)) this.reply(answer);
      else this.#sendReply(answer);
    });
  }

  #reset(segment: Segment): void {
    this.#link.send(segment, () => {
      this.#protocol = 2;
    });
    const { password } = this.#host;
    if (password === undefined) return;
    this.#afterReplies(() => {
      const { window } = this.#parser;
      this.#gate = new PasswordGate(password);
      this.#state = 'locked';
      const rest = window.bytes.slice(window.at, window.end);
      if (rest.length > 0) this.#pass(rest);
    });
  }

  /** Executes AUTH and HELLO. The listener's password is not known to the link. */
  #authenticate(kind: 'auth' | 'hello', command: Command, segment: Segment): void {
    const { password } = this.#host;
    const words = wordsOf(command);
    const isGiven = kind === 'auth' || words.some((word) => word.toLowerCase() === 'auth');
    if (password === undefined || !isGiven) {
      this.#hello(words, segment);
      return;
    }
    this.#afterReplies(async () => {
      const { replies, admitted } = new PasswordGate(password).read(
        respOfCommand(commandOf(words.map(latin1Bytes))),
      );
      for (const reply of replies) this.#sendReply(reply);
      if (admitted !== undefined && admitted.length > 0)
        this.reply(await this.#link.ask(wholeSegment(admitted)));
    });
  }

  #hello(words: readonly string[], segment: Segment): void {
    this.#link.send(segment, (isError) => {
      if (!isError && words.length > 1) this.#protocol = words[1] === '3' ? 3 : 2;
    });
  }

  #afterReplies(task: () => Promise<void> | void): void {
    this.#task = task;
    this.#state = 'waiting';
    // The end of a client that waits is seen only while its connection is read.
    if (!this.#link.isWaiting) this.#reading.hold('task');
    // This is deferred, since the caller is still processing its input.
    if (!this.#link.isBusy) queueMicrotask(() => this.idle());
  }

  #refuse(what: string): void {
    this.#afterReplies(() => {
      this.#sendReply(error(`ERR Protocol error: ${what}`));
      this.close();
    });
  }

  #checkWaiting(): void {
    const { limits } = this.#host;
    const { bytes, total } = this.#waiting;
    if (bytes > limits.maxQueryBytes) this.#refuse(`a command of over ${limits.maxQueryBytes} bytes`);
    else if (total.bytes > limits.maxQueriesBytes && bytes > MAX_UNAUTHENTICATED_BYTES) {
      this.#refuse(`all clients together are sending over ${limits.maxQueriesBytes} bytes of commands`);
    }
  }

  #exceedsUnreadLimit(): boolean {
    const { maxRepliesBytes } = this.#host.limits;
    const { bytes, total } = this.#unread;
    return bytes > MAX_UNREAD_BYTES || (bytes > MIN_UNREAD_BYTES && total.bytes > maxRepliesBytes);
  }

  get #isReading(): boolean {
    return this.#state === 'reading' && !this.#mustRead;
  }

  /** Continues with the input that arrived in the meantime. */
  #continue(): void {
    if (this.#isReading) this.#process(false);
    this.#closeIfFinished();
  }

  #sendReply(reply: LabReply): void {
    this.reply(replyBytes(reply, this.#protocol));
  }

  /** Closes the link after the client's last command. */
  #closeIfFinished(): void {
    if (!this.#hasEndedInput) return;
    if (this.#isReading || this.#state === 'locked' || this.#link.isWaiting) this.#link.close();
  }
}

/** Returns consecutive commands as a segment. Bytes in the parser's own window are copied, since it is reused. */
function keptRun(window: Uint8Array, { from, ends }: Pick<Segment, 'from' | 'ends'>): Segment {
  if (Buffer.isBuffer(window)) return { bytes: window, from, ends };
  const bytes = window.slice(from, ends[ends.length - 1]);
  return { bytes, from: 0, ends: ends.map((end) => end - from) };
}

function segmentOf(command: Command): Segment {
  return wholeSegment(respOfCommand(command));
}

/** Returns the segment of a command whose words have one character for each byte. */
function segmentOfWords(words: readonly string[]): Segment {
  return segmentOf(commandOf(words.map(latin1Bytes)));
}

function wholeSegment(bytes: Uint8Array): Segment {
  return { bytes, from: 0, ends: [bytes.length] };
}
