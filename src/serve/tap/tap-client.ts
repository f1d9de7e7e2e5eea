import type { Socket } from 'node:net';
import { KIB } from '../../base/index.js';
import { STATUS } from '../../resp/index.js';
import { type LabReply, type Protocol, replyBytes } from '../../resp/node.js';
import type { Client, ClientHost } from '../client.js';
import { ClientBytes, type TotalBytes } from '../client-limits.js';
import type { FeedSink } from '../lab-thread.js';
import type { Password } from '../password.js';
import { type GateResult, PasswordGate } from '../password-gate.js';
import { ReadingGate } from '../reading-gate.js';
import type { UnseenTraffic } from '../unseen-traffic.js';
import { greeting, type Upstream } from '../upstream.js';
import type { Exchange } from './exchange.js';
import { refusalIn } from './questions.js';
import { type Insertion, type ReadResult, RequestReader } from './request-reader.js';
import { ServerConnection, type ServerEvents } from './server-connection.js';

export interface TapClientOptions {
  readonly number: number;
  readonly upstream: Upstream;
  readonly lab: FeedSink;
  readonly unseen: UnseenTraffic;
  readonly password: Password | undefined;
  /** The bytes of all clients that are kept for the lab, and their limit. */
  readonly kept: TotalBytes;
  readonly maxKeptBytes: number;
  /** Receives messages for the user. */
  readonly onNote: (note: string) => void;
  /** Returns the lab's answer to a question that the server allows. `own` is the server's reply to it. */
  readonly answer: (words: readonly string[], client: number, own: Buffer) => Promise<LabReply | Buffer>;
}

/** The unanswered bytes that every client may have, even if those of all clients are too many. */
const MIN_KEPT_BYTES = 64 * KIB;

/**
 * A client of the tap, and its own connection to the server. Bytes are passed on as they come, in both directions.
 *
 *     locked ── the password ──> open ── the client ends ──> ending ──> closed
 *        ▲                        │ └─── the server ends ──────────────> closed
 *        └── RESET is answered ── resetting
 *
 * There is no connection to the server until the client has given the password, if there is one.
 */
export class TapClient implements Client, ServerEvents {
  #state: 'locked' | 'open' | 'resetting' | 'ending' | 'closed';
  readonly #options: TapClientOptions;
  readonly #socket: Socket;
  readonly #reading: ReadingGate<'server' | 'lab' | 'reset'>;
  #gate: PasswordGate | undefined;
  #server: ServerConnection | undefined;
  #serverReading: ReadingGate<'client' | 'lab'> | undefined;
  #requests: RequestReader | undefined;
  #protocol: Protocol = 2;
  /** The client's bytes after RESET. */
  #rest: Uint8Array | undefined;
  /** Whether a RESET without a reply has been executed, and its bytes have yet to be sent. */
  #isResetSent = false;
  /** The bytes of an incomplete command. */
  readonly #held: ClientBytes;
  /** Whether the server has ended the connection. */
  #hasServerEnded = false;

  constructor(socket: Socket, options: TapClientOptions, host: ClientHost) {
    this.#options = options;
    this.#socket = socket;
    this.#held = new ClientBytes(options.kept);
    this.#reading = new ReadingGate(socket);
    const { password } = options;
    this.#gate = password && new PasswordGate(password);
    this.#state = password === undefined ? 'open' : 'locked';
    socket.setNoDelay(true);
    if (password === undefined) this.#requests = this.#newReader(this.#connect());
    socket.on('data', (bytes: Buffer) => this.#received(bytes));
    socket.on('drain', () => this.#serverReading?.release('client'));
    socket.on('end', () => this.#clientEnded());
    // 'close' follows every error.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#clientEnded();
      // The rest of the replies still shows what the server executed.
      this.#serverReading?.open();
      this.#held.bytes = 0;
      host.closed(this);
    });
  }

  hold(isBusy: boolean): void {
    if (isBusy) this.#reading.hold('lab');
    else this.#reading.release('lab');
  }

  close(): void {
    this.#clientEnded();
    this.#socket.destroySoon();
  }

  passed(bytes: Uint8Array): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    if (!this.#socket.write(bytes)) this.#serverReading?.hold('client');
  }

  captured(exchange: Exchange, replies: readonly Buffer[]): void {
    if (exchange.kind !== 'question') return;
    this.#serverReading?.hold('lab');
    void this.#answer(exchange.words, replies).then((reply) => {
      this.#server?.answer(reply);
      this.#serverReading?.release('lab');
      if (this.#hasServerEnded) this.#closeIfAnswered();
    });
  }

  changed({ kind, words }: Exchange): void {
    if (kind === 'hello') {
      if (words.length > 1) this.#protocol = words[1] === '3' ? 3 : 2;
      return;
    }
    this.#protocol = 2;
    if (this.#state === 'resetting') this.#lock();
    else this.#isResetSent = true;
  }

  refusedReset(): void {
    if (this.#state !== 'resetting') return;
    this.#requests?.continue();
    this.#state = 'open';
    const rest = this.#restAfterReset();
    if (rest.length > 0) this.#forward(rest);
  }

  refusedSilence(): void {
    this.#requests?.switchRepliesOn();
  }

  drained(): void {
    this.#reading.release('server');
  }

  ended(problem: string | undefined): void {
    const { upstream, onNote } = this.#options;
    if (problem !== undefined && this.#state !== 'closed') onNote(`${upstream.url}: ${problem}`);
    this.#hasServerEnded = true;
    this.#closeIfAnswered();
  }

  #closeIfAnswered(): void {
    if (this.#server?.isAsking === true) return;
    this.#state = 'closed';
    this.#socket.end();
    this.#socket.destroySoon();
  }

  #connect(): ServerConnection {
    const { number, upstream, lab, unseen, kept } = this.#options;
    const server = new ServerConnection({ number, upstream, lab, unseen, kept }, this);
    this.#server = server;
    this.#serverReading = new ReadingGate(server.socket);
    return server;
  }

  #newReader({ expect }: ServerConnection): RequestReader {
    const { upstream, password } = this.#options;
    return new RequestReader({
      expect,
      greeting: greeting(upstream),
      stopsAtReset: password !== undefined,
    });
  }

  #received(bytes: Uint8Array): void {
    if (this.#state === 'locked') this.#tryGate(bytes);
    else if (this.#state === 'open') this.#forward(bytes);
    else if (this.#state === 'resetting') this.#rest = Buffer.concat([this.#rest ?? new Uint8Array(), bytes]);
  }

  #forward(bytes: Uint8Array): void {
    const server = this.#server!;
    if (server.state === 'passed') {
      this.#send(bytes);
      return;
    }
    const requests = this.#requests!;
    const { end, insertions } = this.#read(requests, bytes);
    this.#sendWith(end === bytes.length ? bytes : bytes.subarray(0, end), insertions);
    this.#checkKept(server, requests);
    if (requests.state === 'stopped') {
      this.#state = 'resetting';
      this.#rest = bytes.subarray(end);
      this.#reading.hold('reset');
      if (this.#isResetSent) this.#lock();
    }
  }

  #read(requests: RequestReader, bytes: Uint8Array): ReadResult {
    try {
      return requests.read(bytes);
    } catch (cause) {
      // A defect must not end the proxy of an application.
      this.#stopFollowing(`a defect: ${(cause as Error).stack}`);
      return { end: bytes.length, insertions: [] };
    }
  }

  /** Stops following a client if all clients together have too many unanswered commands, and this one has its share. */
  #checkKept(server: ServerConnection, requests: RequestReader): void {
    const { kept, maxKeptBytes } = this.#options;
    this.#held.bytes = requests.heldBytes;
    const own = server.kept.bytes + this.#held.bytes;
    if (kept.bytes <= maxKeptBytes || own < MIN_KEPT_BYTES) return;
    this.#stopFollowing(`over ${maxKeptBytes} bytes of commands are unanswered, ${own} of them its own`);
  }

  #stopFollowing(why: string): void {
    const { unseen, number } = this.#options;
    unseen.add(`client ${number} is not followed any more: ${why}`);
    this.#server?.pass();
    this.#held.bytes = 0;
  }

  #sendWith(bytes: Uint8Array, insertions: readonly Insertion[]): void {
    let from = 0;
    for (const insertion of insertions) {
      if (insertion.at > from) this.#send(bytes.subarray(from, insertion.at));
      this.#send(insertion.bytes);
      from = insertion.at;
    }
    if (from === 0) this.#send(bytes);
    else if (from < bytes.length) this.#send(bytes.subarray(from));
  }

  #send(bytes: Uint8Array): void {
    if (!this.#server!.write(bytes)) this.#reading.hold('server');
  }

  async #answer(words: readonly string[], replies: readonly Buffer[]): Promise<Buffer> {
    const own = replies[0] ?? Buffer.alloc(0);
    // A server answers with a status what it queues for EXEC.
    const isQueued = own[0] === STATUS;
    const refusal = isQueued ? own : refusalIn(replies);
    if (refusal !== undefined) return refusal;
    const answer = await this.#options.answer(words, this.#options.number, own);
    return Buffer.isBuffer(answer) ? answer : replyBytes(answer, this.#protocol);
  }

  #lock(): void {
    this.#isResetSent = false;
    this.#gate = this.#options.password && new PasswordGate(this.#options.password);
    this.#state = 'locked';
    const rest = this.#restAfterReset();
    if (rest.length > 0) this.#tryGate(rest);
  }

  /** Returns the client's bytes after RESET, and lets it send further ones. */
  #restAfterReset(): Uint8Array {
    const rest = this.#rest ?? new Uint8Array();
    this.#rest = undefined;
    this.#reading.release('reset');
    return rest;
  }

  #tryGate(bytes: Uint8Array): void {
    const { replies, admitted, isClosing }: GateResult = this.#gate!.read(bytes);
    for (const reply of replies) this.passed(replyBytes(reply, this.#protocol));
    if (isClosing === true) this.close();
    if (admitted === undefined) return;
    this.#gate = undefined;
    this.#state = 'open';
    this.#requests = this.#newReader(this.#server ?? this.#connect());
    if (admitted.length > 0) this.#forward(admitted);
  }

  /** Ends the connection to the server after the client's last command. */
  #clientEnded(): void {
    if (this.#state === 'ending' || this.#state === 'closed') return;
    this.#state = 'ending';
    if (this.#server === undefined) this.#socket.end();
    else this.#server.end();
  }
}
