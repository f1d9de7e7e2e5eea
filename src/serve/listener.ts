/** The port that clients connect to. */
import { createServer, type Server, type Socket } from 'node:net';
import { InputError } from '../base/index.js';
import type { Client, ClientHost } from './client.js';
import type { Password } from './password.js';

export interface ListenOptions {
  readonly host: string;
  /** The port, or 0 for a free one. */
  readonly port: number;
  readonly maxClients: number;
  /** The reply to a client beyond the limit, before its connection is closed; none if it is empty. */
  readonly fullReply: string;
}

/** Begins to serve a client. */
export type Accept = (socket: Socket, host: ClientHost) => Client;

/** The reply of a server to a client beyond its limit. */
export const FULL_REPLY = '-ERR max number of clients reached\r\n';

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Refuses to listen on an address that other machines can reach without a password. */
export function requirePasswordBeyondLoopback(host: string, password: Password | undefined): void {
  if (isLoopback(host) || password !== undefined) return;
  throw new InputError(
    `--host ${host}: not a loopback address, and there is no password; ` +
      'give one with --password-file or SLABLAB_PASSWORD, or leave --host out',
  );
}

/** The port that clients connect to. */
export class Listener implements ClientHost {
  readonly clients = new Set<Client>();
  /** The number of connections that were refused because of the limit. */
  turnedAway = 0;
  accepted = 0;
  readonly #server: Server;
  readonly #options: ListenOptions;

  private constructor(options: ListenOptions) {
    this.#options = options;
    this.#server = createServer({ allowHalfOpen: true });
  }

  static async open(options: ListenOptions, accept: Accept): Promise<Listener> {
    const listener = new Listener(options);
    const server = listener.#server;
    server.on('connection', (socket) => listener.#connected(socket, accept));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause: NodeJS.ErrnoException) => {
        reject(new InputError(`--port ${options.port}: ${cause.code ?? cause.message}; choose another`));
      });
      server.listen(options.port, options.host, resolve);
    });
    return listener;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const client of this.clients) client.close();
    await closed;
  }

  closed(client: Client): void {
    this.clients.delete(client);
  }

  #connected(socket: Socket, accept: Accept): void {
    const { maxClients, fullReply } = this.#options;
    if (this.clients.size >= maxClients) {
      this.turnedAway++;
      socket.on('error', () => {});
      socket.end(fullReply);
      socket.destroySoon();
      return;
    }
    this.accepted++;
    this.clients.add(accept(socket, this));
  }
}
