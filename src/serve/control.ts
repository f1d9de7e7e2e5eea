import { InputError } from '../base/index.js';
import { isErrorReply, readReply } from '../resp/node.js';
import { TotalBytes } from './client-limits.js';
import type { FeedSink } from './lab-thread.js';
import type { Exchange } from './tap/exchange.js';
import { ServerConnection, type ServerEvents } from './tap/server-connection.js';
import type { UnseenTraffic } from './unseen-traffic.js';
import type { Upstream } from './upstream.js';

/** The client number of the control connection, which no client has. */
export const CONTROL_CLIENT = 0xfffffff0;

export interface ControlReply {
  readonly texts: readonly string[];
  readonly isError: boolean;
  /** The replies to all commands. */
  readonly bytes: Buffer;
}

interface Question {
  readonly resolve: (reply: Buffer) => void;
  readonly reject: (cause: InputError) => void;
}

/** The lab's own connection to the server, which inspects it. It is opened again when the server has closed it. */
export class Control {
  readonly #upstream: Upstream;
  readonly #open: (events: ServerEvents) => ServerConnection;
  readonly #unseen: UnseenTraffic;
  readonly #questions = new Map<Exchange, Question>();
  #connection: ServerConnection | undefined;
  /** The command with which a new connection finds out whether the server is still the same. */
  #identity: Exchange | undefined;
  #runId: string | undefined;
  #isClosing = false;

  constructor(upstream: Upstream, lab: FeedSink, unseen: UnseenTraffic) {
    this.#upstream = upstream;
    this.#unseen = unseen;
    const kept = new TotalBytes();
    this.#open = (events) =>
      new ServerConnection({ number: CONTROL_CLIENT, upstream, lab, unseen, kept }, events);
  }

  /** Sends a command, and returns the texts in its reply, in order and without their nesting. */
  ask(...words: readonly string[]): Promise<ControlReply> {
    return this.askAtOnce(words);
  }

  /**
   * Sends commands in one write, so that the server executes nothing else between them. `isError` is that of the first
   * reply.
   */
  async askAtOnce(...commands: readonly (readonly string[])[]): Promise<ControlReply> {
    this.#connection ??= this.#connect();
    const exchange = this.#connection.say(...commands);
    const reply = await new Promise<Buffer>((resolve, reject) => {
      this.#questions.set(exchange, { resolve, reject });
    });
    return { ...readReply(reply), bytes: reply };
  }

  close(): void {
    this.#isClosing = true;
    this.#connection?.end();
  }

  #connect(): ServerConnection {
    let problem: string | undefined;
    const connection = this.#open({
      passed: () => {},
      changed: () => {},
      refusedReset: () => {},
      refusedSilence: () => {},
      drained: () => {},
      captured: (exchange, replies) => {
        const question = this.#questions.get(exchange);
        this.#questions.delete(exchange);
        if (question !== undefined) question.resolve(Buffer.concat(replies));
        else if (exchange === this.#identity) this.#identified(replies);
        else if (replies[0] !== undefined && isErrorReply(replies[0])) {
          problem = `it answers ${textOf(replies[0]).slice(1)}`;
          connection.socket.destroy();
        }
      },
      ended: (cause) => this.#ended(connection, problem ?? cause),
    });
    this.#identity = connection.say(['INFO', 'server']);
    return connection;
  }

  #identified(replies: readonly Buffer[]): void {
    const runId = /^run_id:(\w+)/m.exec(replies.map(textOf).join(''))?.[1];
    const before = this.#runId;
    this.#runId = runId ?? before;
    if (before === undefined || runId === before) return;
    this.#unseen.add(
      `${this.#upstream.url} was started again: the lab still has the data of the server before`,
    );
  }

  #ended(connection: ServerConnection, problem: string | undefined): void {
    if (this.#connection === connection) this.#connection = undefined;
    const { url } = this.#upstream;
    const cause = new InputError(
      problem === undefined ? `${url} closed the connection` : `${url} cannot be reached: ${problem}`,
    );
    for (const { reject } of this.#questions.values()) reject(cause);
    this.#questions.clear();
    if (this.#isClosing || this.#runId === undefined) return;
    setTimeout(() => {
      if (!this.#isClosing) this.#connection ??= this.#connect();
    }, RETRY_MS).unref();
  }
}

/** The time until a lost connection is opened again. */
const RETRY_MS = 1000;

function textOf(bytes: Buffer): string {
  return bytes.toString('latin1').trimEnd();
}
