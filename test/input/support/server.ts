import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '#slablab/src/verify/real-server.js';

/** A real server on a free loopback port, in a directory of its own. */
export class Server {
  readonly port: number;
  readonly directory: string;
  readonly #process: ChildProcess;

  private constructor(port: number, directory: string, process: ChildProcess) {
    this.port = port;
    this.directory = directory;
    this.#process = process;
  }

  static temporaryDirectory(): string {
    return mkdtempSync(join(tmpdir(), 'slablab-redis-'));
  }

  static async start(
    binary: string,
    options: readonly string[],
    directory = Server.temporaryDirectory(),
  ): Promise<Server> {
    const port = await freePort();
    // Without this, a server waits five seconds for further replicas.
    const prompt = ['--repl-diskless-sync-delay', '0'];
    const fixed = [...prompt, '--port', `${port}`, '--bind', '127.0.0.1', '--dir', directory, '--save', ''];
    const child = spawn(binary, [...fixed, ...options], { stdio: 'ignore' });
    const server = new Server(port, directory, child);
    while (child.exitCode === null && child.signalCode === null) {
      // A loading server replies with an error.
      if ((await server.cli('ping').catch(() => '')).startsWith('PONG')) return server;
      await sleep(25);
    }
    rmSync(directory, { recursive: true, force: true });
    throw new Error(`${binary} ${options.join(' ')} did not start in ${directory}`);
  }

  cli(...args: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      execFile('redis-cli', ['-p', `${this.port}`, ...args], (error, stdout) => {
        if (error === null) resolve(stdout);
        else reject(error);
      });
    });
  }

  /** Runs `redis-cli --pipe < path`, and returns its last output. */
  async pipe(path: string): Promise<string> {
    const input = openSync(path, 'r');
    try {
      return await new Promise((resolve, reject) => {
        const child = spawn('redis-cli', ['-p', `${this.port}`, '--pipe'], {
          stdio: [input, 'pipe', 'ignore'],
        });
        let text = '';
        child.stdout?.on('data', (data) => {
          text += data;
        });
        child.on('error', reject);
        child.on('close', () => resolve(text));
      });
    } finally {
      closeSync(input);
    }
  }

  /** Waits until the output of INFO contains a text. */
  async waitFor(field: string): Promise<void> {
    while (!(await this.cli('info')).includes(field)) await sleep(25);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    if (this.#process.exitCode !== null) return;
    this.#process.kill('SIGTERM');
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
