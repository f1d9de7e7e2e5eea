/** Both forms of the served lab for tests, and bare sockets to talk to them. */
import { connect, type Socket } from 'node:net';
import { expect } from 'vitest';
import { ReplyFramer } from '#slablab/src/resp/reply-framer.js';
import type { ServeOptions } from '#slablab/src/serve/serve-options.js';
import { SHARING } from '#slablab/src/serve/shared-connection.js';
import { Standalone } from '#slablab/src/serve/standalone.js';
import { Tap, type TapOptions } from '#slablab/src/serve/tap.js';
import { parseUpstream } from '#slablab/src/serve/upstream.js';
import { configurationOf } from '#slablab/src/verify/configuration.js';
import { RealServer } from '#slablab/src/verify/real-server.js';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';

export const OPTIONS: ServeOptions = {
  host: '127.0.0.1',
  port: 0,
  password: undefined,
  conf: '',
  owners: undefined,
  isWatched: false,
  maxClients: 200,
  maxQueryBytes: 4 * 1024 * 1024,
  maxQueriesBytes: 16 * 1024 * 1024,
  maxRepliesBytes: 64 * 1024 * 1024,
  maxBehindBytes: 64 * 1024 * 1024,
  onNote: () => {},
};

/** All that may go over the shared connection does, but for a client's first words. */
export const ALWAYS_SHARED: Partial<TapOptions> = {
  sharing: { leastSenders: 1, ownEveryMs: Number.MAX_VALUE },
};

/** A tap's forms, by name: all by the clients' own connections, as it is by default, and as much as can be by one. */
export const TAP_FORMS: readonly (readonly [name: string, form: Partial<TapOptions>])[] = [
  ['own connections', { sharing: undefined }],
  ['shared in a crowd', { sharing: SHARING }],
  ['shared always', ALWAYS_SHARED],
];

export async function withStandalone(
  work: (standalone: Standalone) => Promise<void>,
  options: Partial<ServeOptions> = {},
): Promise<void> {
  const standalone = await Standalone.open({ ...OPTIONS, ...options });
  try {
    await work(standalone);
  } finally {
    await standalone.close();
  }
}

export async function startServer(path: string): Promise<RealServer> {
  const binary = await inspectBinary(path);
  return RealServer.start(binary, {
    configuration: configurationOf(binary, []),
    port: undefined,
    conf: '',
    patience: { replyMs: 30_000 },
  });
}

export async function withTap(
  path: string,
  work: (tap: Tap, server: RealServer) => Promise<void>,
  options: Partial<TapOptions> = {},
  prepare: (server: RealServer) => Promise<void> = async () => {},
): Promise<void> {
  const server = await startServer(path);
  try {
    await prepare(server);
    const tap = await Tap.open(parseUpstream('--upstream', `redis://127.0.0.1:${server.port}`), {
      ...OPTIONS,
      sharing: SHARING,
      ...options,
    });
    try {
      await work(tap, server);
    } finally {
      await tap.close();
    }
  } finally {
    await server.stop();
  }
}

/** A socket that sends what it is told, and hands out reply after reply as text. */
export class RawClient {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  readonly #framer = new ReplyFramer();
  #rest = Buffer.alloc(0);
  #replies: string[] = [];
  #wanted: (() => void)[] = [];
  #isClosed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('data', (bytes) => this.#received(bytes));
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#isClosed = true;
        for (const wake of this.#wanted.splice(0)) wake();
        resolve();
      });
    });
  }

  static open(port: number): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new RawClient(socket));
      });
    });
  }

  write(bytes: string | Uint8Array): this {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    return this;
  }

  /** The next reply's bytes, undefined when there will be none. */
  async next(): Promise<string | undefined> {
    while (this.#replies.length === 0 && !this.#isClosed) {
      await new Promise<void>((resolve) => this.#wanted.push(resolve));
    }
    return this.#replies.shift();
  }

  async nexts(count: number): Promise<(string | undefined)[]> {
    const replies: (string | undefined)[] = [];
    for (let index = 0; index < count; index++) replies.push(await this.next());
    return replies;
  }

  close(): void {
    this.socket.destroy();
  }

  #received(bytes: Buffer): void {
    let from = 0;
    for (let at = this.#framer.next(bytes, 0); at >= 0; at = this.#framer.next(bytes, at)) {
      this.#replies.push(Buffer.concat([this.#rest, bytes.subarray(from, at)]).toString('latin1'));
      this.#rest = Buffer.alloc(0);
      from = at;
    }
    this.#rest = Buffer.concat([this.#rest, bytes.subarray(from)]);
    for (const wake of this.#wanted.splice(0)) wake();
  }
}

/** Of the server that the client is connected to. */
export async function processIdOf(client: RawClient): Promise<number> {
  const info = await client.write('INFO server\r\n').next();
  return Number(/process_id:(\d+)/.exec(info ?? '')?.[1]);
}

/** Connections that clients have to the server; the one that asks is none of them. */
async function connectionsOf({ port }: RealServer): Promise<number> {
  const asking = await RawClient.open(port);
  const list = await asking.write('CLIENT LIST TYPE normal\r\n').next();
  asking.close();
  return (list?.match(/^id=/gm)?.length ?? 0) - 1;
}

/** Servers note that a client has gone when they next look. */
export async function expectConnections(server: RealServer, count: number): Promise<void> {
  await expect.poll(() => connectionsOf(server), { timeout: 10_000 }).toBe(count);
}

/** Clients of a tap whose form is ALWAYS_SHARED, and which has had none before: what they send now goes over one. */
export async function openSharing(tap: Tap, server: RealServer, count: number): Promise<RawClient[]> {
  const before = await connectionsOf(server);
  const clients = await Promise.all(Array.from({ length: count }, () => RawClient.open(tap.port)));
  const pinged = async () => {
    for (const client of clients) expect(await client.write('PING\r\n').next()).toBe('+PONG\r\n');
  };
  // The first ones' answers admit each by its own connection.
  await pinged();
  await expectConnections(server, before + count + 1);
  await pinged();
  return clients;
}
