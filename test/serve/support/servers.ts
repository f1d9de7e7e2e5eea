/** A tap and a standalone lab for tests, and raw sockets to connect to them. */
import { connect, type Socket } from 'node:net';
import { ReplyFramer } from '#slablab/src/resp/reply-framer.js';
import type { ServeOptions } from '#slablab/src/serve/serve-options.js';
import { Standalone, type StandaloneOptions } from '#slablab/src/serve/standalone.js';
import { Tap } from '#slablab/src/serve/tap/tap.js';
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
  maxBacklogBytes: 64 * 1024 * 1024,
  onNote: () => {},
};

export async function withStandalone(
  work: (standalone: Standalone) => Promise<void>,
  options: Partial<StandaloneOptions> = {},
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
    configuration: configurationOf(binary),
    port: undefined,
    conf: '',
    patience: { replyMs: 600_000 },
  });
}

export async function withTap(
  path: string,
  work: (tap: Tap, server: RealServer) => Promise<void>,
  options: Partial<ServeOptions> = {},
  prepare: (server: RealServer) => Promise<void> = async () => {},
): Promise<void> {
  const server = await startServer(path);
  try {
    await prepare(server);
    const tap = await Tap.open(parseUpstream('--upstream', `redis://127.0.0.1:${server.port}`), {
      ...OPTIONS,
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

/** A raw socket that returns reply after reply as text. */
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

  /** Returns the bytes of the next reply, or undefined at the end. */
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

/** Returns the process ID of the server that the client is connected to. */
export async function processIdOf(client: RawClient): Promise<number> {
  const info = await client.write('INFO server\r\n').next();
  return Number(/process_id:(\d+)/.exec(info ?? '')?.[1]);
}
