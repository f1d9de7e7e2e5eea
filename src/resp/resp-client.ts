/** One client of a real server: sends bytes, and waits until it has as many replies as there were commands. */
import { connect, type Socket } from 'node:net';
import { InputError } from '../base/index.js';
import { Replies, type ReplyErrors } from './reply-reader.js';
import { respOf } from './request-writer.js';

/** Limit of the wait for replies, because a command may block (BLPOP on an empty list). */
export interface Patience {
  readonly replyMs: number;
}

interface Waiting {
  readonly replies: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class Connection {
  /** Commands sent by `ask`. */
  asked = 0;
  readonly #socket: Socket;
  readonly #patience: Patience;
  readonly #replies = new Replies();
  #expected = 0;
  #waiting: Waiting | undefined;
  #failure: Error | undefined;

  private constructor(socket: Socket, patience: Patience) {
    this.#socket = socket;
    this.#patience = patience;
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#received(bytes));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new InputError('the server closed the connection')));
  }

  static open(port: number, patience: Patience): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Connection(socket, patience));
      });
    });
  }

  /** Takes over a socket that is connected. */
  static over(socket: Socket, patience: Patience): Connection {
    return new Connection(socket, patience);
  }

  get errors(): ReplyErrors[] {
    return this.#replies.errors;
  }

  /**
   * Sends commands; resolves when `commands` more replies have arrived. `noted` has ascending indices of replies, of which
   * `takeNotes` returns those that are strings.
   */
  send(bytes: Uint8Array, commands: number, noted: readonly number[] = []): Promise<void> {
    for (const index of noted) this.#replies.note(this.#expected + index);
    this.#expected += commands;
    const answered = this.#answered(this.#expected);
    this.#socket.write(bytes);
    return answered;
  }

  takeNotes(): string[] {
    return this.#replies.takeNotes();
  }

  /** Sends a command and returns the texts of its reply, in order and without the structure of arrays. */
  async ask(...words: readonly string[]): Promise<string[]> {
    this.asked++;
    this.#replies.keep();
    await this.send(respOf(...words), 1);
    return this.#replies.takeTexts();
  }

  close(): void {
    this.#socket.destroy();
  }

  #answered(replies: number): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#replies.count >= replies) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const { replyMs } = this.#patience;
      const timer = setTimeout(() => {
        const missing = replies - this.#replies.count;
        this.#fail(
          new InputError(
            `the server has not answered for ${replyMs} ms, ${missing} replies are missing; does a command block?`,
          ),
        );
      }, replyMs);
      const settle = (then: () => void) => {
        clearTimeout(timer);
        this.#waiting = undefined;
        then();
      };
      this.#waiting = {
        replies,
        resolve: () => settle(resolve),
        reject: (error) => settle(() => reject(error)),
      };
    });
  }

  #received(bytes: Uint8Array): void {
    try {
      this.#replies.add(bytes);
    } catch (error) {
      this.#fail(error as Error);
      return;
    }
    if (this.#waiting !== undefined && this.#replies.count >= this.#waiting.replies) this.#waiting.resolve();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
  }
}
