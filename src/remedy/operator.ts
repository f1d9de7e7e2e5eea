import { CommandWriter } from '../commands/index.js';
import type { RedisServer } from '../model/index.js';
import type { OpChunk, OpWriter } from '../stream/index.js';

/** The number of the operator's first client. Inputs use lower ones, scripts and observers others. */
const FIRST_CLIENT = 0xe0000000;
/** Commands that `redis-cli` sends in a millisecond, each after the reply to the one before: about 50 µs each. */
const COMMANDS_PER_MS = 20;

/** Sends commands to a modelled server as `redis-cli` does, over connections of its own. */
export class Operator {
  /** The number of commands sent. */
  sent = 0;
  readonly #server: RedisServer;
  readonly #writer: OpWriter;
  readonly #words = new CommandWriter();
  #clients = 0;

  constructor(server: RedisServer, writer: OpWriter) {
    this.#server = server;
    this.#writer = writer;
  }

  /** Returns the number of a new client, which its first command connects. */
  connect(): number {
    return FIRST_CLIENT + this.#clients++;
  }

  /** Sends a command, and waits for its reply. */
  *send(client: number, ...words: readonly string[]): Generator<OpChunk, void> {
    const server = this.#server;
    this.sent++;
    const passes = this.sent % COMMANDS_PER_MS === 0 ? 1 : 0;
    const { command } = this.#words.ask(client, server.nowMs + passes, words);
    server.execute(command);
    if (server.unfinished !== undefined) yield* server.finish();
    // The client waits for the reply, so that no two commands are in one read.
    server.settle();
    if (this.#writer.full) yield* this.#writer.takeFull();
  }

  disconnect(client: number): void {
    this.#server.disconnect(client);
  }

  /** Sends one command over a connection of its own. */
  *once(...words: readonly string[]): Generator<OpChunk, void> {
    const client = this.connect();
    yield* this.send(client, ...words);
    this.disconnect(client);
  }
}
