/** The port that clients connect to. */
import { createServer, type Server, type Socket } from 'node:net';
import { InputError } from '../base/index.js';
import { error, replyBytes } from '../resp/node.js';
import { ClientSession, type SessionHost } from './client-session.js';
import type { Password } from './password.js';

export interface ListenOptions {
  readonly host: string;
  /** The port, or 0 for a free one. */
  readonly port: number;
  readonly maxClients: number;
}

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
export class Listener {
  readonly sessions = new Set<ClientSession>();
  /** The number of connections that were refused because of the limit. */
  turnedAway = 0;
  accepted = 0;
  readonly #server: Server;
  readonly #maxClients: number;

  private constructor(maxClients: number) {
    this.#maxClients = maxClients;
    this.#server = createServer({ allowHalfOpen: true });
  }

  static async open(options: ListenOptions, hostOf: (listener: Listener) => SessionHost): Promise<Listener> {
    const listener = new Listener(options.maxClients);
    const server = listener.#server;
    const host = hostOf(listener);
    server.on('connection', (socket) => listener.#connected(socket, host));
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
    for (const session of this.sessions) session.close();
    await closed;
  }

  #connected(socket: Socket, host: SessionHost): void {
    if (this.sessions.size >= this.#maxClients) {
      this.turnedAway++;
      socket.on('error', () => {});
      socket.end(replyBytes(error('ERR max number of clients reached'), 2));
      socket.destroySoon();
      return;
    }
    this.accepted++;
    this.sessions.add(new ClientSession(socket, host));
  }
}
