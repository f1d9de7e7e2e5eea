/** A real server for a queue, which a test can end and start again with its data. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, test } from 'vitest';
import { obtainedServer } from '../support/real-server.js';

/** The paths of a certificate and its key. */
interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export class QueueServer {
  #child: ChildProcess | undefined;

  private constructor(
    private readonly binary: string,
    readonly directory: string,
    readonly port: number,
    private readonly settings: readonly string[],
    private readonly tls: Certificate | undefined,
  ) {}

  /** Starts a server; with a certificate, one that speaks TLS alone. */
  static async start(
    binary: string,
    settings: readonly string[] = [],
    tls?: Certificate,
  ): Promise<QueueServer> {
    const directory = await mkdtemp(join(tmpdir(), 'slablab-queue-'));
    const server = new QueueServer(binary, directory, await freePort(), settings, tls);
    await server.begin();
    return server;
  }

  get url(): string {
    return `redis${this.tls === undefined ? '' : 's'}://127.0.0.1:${this.port}`;
  }

  /** Starts the server, with the data that it had. */
  async begin(): Promise<void> {
    const { port, tls } = this;
    const listens =
      tls === undefined
        ? ['--port', String(port)]
        : [
            ...['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no'],
            ...['--tls-cert-file', tls.cert, '--tls-key-file', tls.key, '--tls-ca-cert-file', tls.cert],
          ];
    const fixed = [...listens, '--dir', this.directory, '--save', '', '--bind', '127.0.0.1'];
    const child = spawn(this.binary, [...fixed, '--appendonly', 'yes', ...this.settings], {
      stdio: 'ignore',
    });
    this.#child = child;
    const redis = this.client();
    // A server that wants a password is there, too.
    await redis.ping().catch(() => {});
    redis.disconnect();
  }

  /** Ends the server as a crash does. */
  async crash(): Promise<void> {
    const ended = new Promise((resolve) => this.#child?.once('exit', resolve));
    this.#child?.kill('SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    await this.crash();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Returns a connection that waits for the server. */
  client(): Redis {
    const redis = new Redis({
      port: this.port,
      host: '127.0.0.1',
      ...(this.tls === undefined ? {} : { tls: { rejectUnauthorized: false } }),
      maxRetriesPerRequest: null,
      retryStrategy: () => 50,
    });
    redis.on('error', () => {});
    return redis;
  }
}

/** Returns a program that runs, or undefined if none of those named does. */
function firstOf(...programs: readonly string[]): string | undefined {
  return programs.find((program) => {
    try {
      execFileSync(program, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

/** The Redis and the Valkey that queues are tested on. `make servers` obtains Debian's Valkey. */
export const REDIS = firstOf(process.env.SLABLAB_REAL_SERVER ?? 'redis-server');
const VALKEY = firstOf(
  process.env.SLABLAB_VALKEY_SERVER ?? 'valkey-server',
  ...['valkey-9.1', 'valkey-8.1'].map(obtainedServer),
);

/** Tests on a real Redis and a real Valkey. One that this machine lacks is skipped, with words. */
export function onQueueServers(tests: (binary: string, product: string) => void): void {
  for (const [product, binary, remedy] of [
    ['redis', REDIS, 'make test installs it'],
    ['valkey', VALKEY, 'make servers obtains it'],
  ] as const) {
    describe(`on ${product}`, () => {
      if (binary !== undefined) tests(binary, product);
      else test.skip(`(skipped: there is no ${product}-server; ${remedy})`, () => {});
    });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
