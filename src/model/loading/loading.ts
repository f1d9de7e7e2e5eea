import type { Command } from '../../commands/index.js';
import type { InputEvent } from '../../input/index.js';
import type { Client } from '../client/index.js';
import type { RedisServer } from '../server/index.js';
import { type LoadCounts, RdbLoader } from './rdb-loader.js';

export interface LoadingOptions {
  /** Whether the input is an append-only file, which may begin with an image; otherwise it is one image. */
  readonly isLog: boolean;
  /** Makes the error for data that a server refuses to load, with its place: that of the command if it is one. */
  readonly refuse: (found: string, command?: Command) => Error;
}

/**
 * Starts a server with a data set: an RDB image, or the files of an append-only log. A client without a connection carries
 * out the commands of each file, so query buffers and reply buffers stay empty.
 */
export class Loading {
  readonly #server: RedisServer;
  readonly #options: LoadingOptions;
  readonly #image: RdbLoader;
  #client: Client | undefined;
  #file = -1;

  constructor(server: RedisServer, { isLog, refuse }: LoadingOptions) {
    this.#server = server;
    this.#options = { isLog, refuse };
    this.#image = new RdbLoader(server, { keepsExpired: isLog, refuse });
  }

  get counts(): Readonly<LoadCounts> {
    return this.#image.counts;
  }

  /** Loads one event in each step. */
  *steps(events: Iterable<InputEvent>): Generator<void, void> {
    for (const event of events) {
      if (event.kind === 'command') this.#command(event.command);
      else if (event.kind !== 'epoch') {
        // An image at the beginning of a log is its first file, or a part of it.
        if (this.#options.isLog && this.#client === undefined) this.#clientOf(0);
        this.#image.take(event);
      }
      yield;
    }
    this.#client?.free();
    this.#client = undefined;
  }

  #command(command: Command): void {
    const refusal = this.#server.loadCommand(command, this.#clientOf(command.client));
    if (refusal !== undefined) throw this.#options.refuse(refusal, command);
  }

  #clientOf(file: number): Client {
    if (this.#client !== undefined && this.#file === file) return this.#client;
    this.#client?.free();
    this.#file = file;
    this.#client = this.#server.createLoadingClient();
    return this.#client;
  }
}
