/** A real server for a queue, which a test can end and start again with its data. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

export class QueueServer {
  #child: ChildProcess | undefined;

  private constructor(
    private readonly binary: string,
    readonly directory: string,
    readonly port: number,
    private readonly settings: readonly string[],
  ) {}

  static async start(binary: string, settings: readonly string[] = []): Promise<QueueServer> {
    const directory = await mkdtemp(join(tmpdir(), 'slablab-queue-'));
    const server = new QueueServer(binary, directory, await freePort(), settings);
    await server.begin();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts the server, with the data that it had. */
  async begin(): Promise<void> {
    const fixed = ['--port', String(this.port), '--dir', this.directory, '--save', '', '--bind', '127.0.0.1'];
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
      maxRetriesPerRequest: null,
      retryStrategy: () => 50,
    });
    redis.on('error', () => {});
    return redis;
  }
}

/** Returns the servers of this machine that a queue is tested on. */
export function queueServers(): string[] {
  const named = [
    process.env.SLABLAB_REAL_SERVER ?? 'redis-server',
    process.env.SLABLAB_VALKEY_SERVER ?? 'valkey-server',
  ];
  return named.filter((binary) => {
    try {
      execFileSync(binary, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
