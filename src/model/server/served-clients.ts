import { Client, type ClientContext, SharedQueryBuffer } from '../client/index.js';
import { StructKind } from '../heap/index.js';
import type { RedisServer } from './redis-server.js';

/** Connects and frees clients, and knows the one whose input is being read. */
export class ServedClients {
  readonly #server: RedisServer;
  readonly #shared: SharedQueryBuffer | undefined;
  #current: Client | undefined;
  #currentNumber = -1;

  constructor(server: RedisServer) {
    this.#server = server;
    const { heap, version } = server;
    this.#shared = version.clients.sharesQueryBuffer ? new SharedQueryBuffer(heap, version) : undefined;
  }

  get current(): Client | undefined {
    return this.#current;
  }

  /** Allocates a client. Without a number it has no connection. */
  create(number: number | undefined): Client {
    return new Client(this.#context, number);
  }

  connect(number: number): Client {
    const client = this.create(number);
    this.#server.connections.byNumber.set(number, client);
    return client;
  }

  /** Returns the client of the next command. Its first command connects it. */
  switchTo(number: number): Client {
    if (this.#currentNumber === number) return this.#current!;
    this.#server.settle();
    const client = this.#server.connections.byNumber.get(number) ?? this.connect(number);
    this.#current = client;
    this.#currentNumber = number;
    return client;
  }

  /** Ends the current client's input and sends its replies. */
  settle(): void {
    const client = this.#current;
    if (client === undefined) return;
    client.queryBuffer.endOfInput();
    client.replyBuffer.flush();
    this.#current = undefined;
    this.#currentNumber = -1;
  }

  /** Frees a client (freeClient) other than the one whose command is being carried out. */
  free(client: Client): void {
    const { blocking, watched, connections } = this.#server;
    const waiting = blocking.clients.takeOf(client);
    client.free({ waiting: waiting?.args, unwatch: () => watched.forget(client) });
    if (client.number !== undefined) connections.byNumber.delete(client.number);
  }

  /** Frees a client through a list (freeClientAsync), after all that was read has been carried out. */
  freeBeforeSleep(client: Client): void {
    const { heap, version } = this.#server;
    const node = heap.malloc(version.sizes.listNode, StructKind.clientState);
    this.free(client);
    heap.free(node);
  }

  /** Forgets a client whose state is unknown, with all that it has. */
  forget(number: number): void {
    const { byNumber } = this.#server.connections;
    if (this.#current === byNumber.get(number)) this.#current = undefined;
    byNumber.delete(number);
    this.#currentNumber = -1;
  }

  get #context(): ClientContext {
    const { heap, version, connections, errors, nowMs, commandPool } = this.#server;
    return { heap, version, shared: this.#shared, pool: commandPool, connections, errors, nowMs };
  }
}
