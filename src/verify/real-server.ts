/**
 * A real server as a child process, on a free loopback port and in a directory of its own. It is always stopped.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '../base/index.js';
import { TemporaryDirectory, writeWhole } from '../output/node.js';
import { Connection, type Patience } from '../resp/node.js';
import type { Configuration } from './configuration.js';
import type { ServerBinary } from './server-binary.js';
import { stopOnAbort, stopOnSignals } from './stop-on-signals.js';

const READY_TIMEOUT_MS = 15_000;
const STOP_TIMEOUT_MS = 5_000;
const MAX_LOG_LINES = 5;

export interface StartOptions {
  readonly configuration: Configuration;
  /** The port, or undefined for a free one. */
  readonly port: number | undefined;
  /** The allocator configuration, both for Debian's jemalloc and for a bundled one; '' for the defaults. */
  readonly conf: string;
  readonly patience: Patience;
  /** Puts files into the server's directory, which it loads before it is ready. */
  readonly place?: (directory: string) => Promise<void>;
  /** Stops the server when it aborts. Without it, signals to this process stop the server first. */
  readonly signal?: AbortSignal | undefined;
}

/** A real server as a child process, on a loopback port and in a directory of its own. */
export class RealServer {
  readonly port: number;
  readonly isCluster: boolean;
  readonly #child: ChildProcess;
  readonly #directory: TemporaryDirectory;
  readonly #binary: ServerBinary;
  readonly #patience: Patience;
  readonly #exited: Promise<void>;
  readonly #restoreSignals: () => void;
  #log = '';
  #spawnError: Error | undefined;

  private constructor(
    binary: ServerBinary,
    directory: TemporaryDirectory,
    port: number,
    { conf, patience, configuration, signal }: StartOptions,
  ) {
    this.isCluster = isCluster(configuration);
    this.#binary = binary;
    this.#directory = directory;
    this.port = port;
    this.#patience = patience;
    const { PATH = '' } = process.env;
    // The server receives no other variables, so that its allocations do not depend on the environment.
    const env = {
      PATH,
      LC_ALL: 'C',
      TZ: 'UTC',
      ...(conf === '' ? {} : { MALLOC_CONF: conf, JE_MALLOC_CONF: conf }),
    };
    this.#child = spawn(binary.path, [join(directory.path, CONFIGURATION_FILE)], {
      cwd: directory.path,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C signals the whole process group of a terminal, but only stop() may end the server.
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#log = (this.#log + text).slice(-20_000);
      });
    }
    this.#exited = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#spawnError = error;
        resolve();
      });
      this.#child.once('close', () => resolve());
    });
    const stop = () => this.stop();
    this.#restoreSignals =
      signal === undefined ? stopOnSignals(stop) : stopOnAbort(signal, stop, () => this.#killAndRemove());
    process.once('exit', this.#kill);
  }

  static async start(binary: ServerBinary, options: StartOptions): Promise<RealServer> {
    const port = options.port ?? (await freePort());
    if (options.port !== undefined) await checkPortIsFree(port);
    const directory = await TemporaryDirectory.make('slablab-server-');
    const lines = [`port ${port}`, `dir ${directory.path}`, ...options.configuration];
    // The default is the port plus 10,000, which may exceed 65,535. No client connects to it.
    if (isCluster(lines) && !lines.some((line) => /^\s*cluster-port\s/i.test(line))) {
      lines.push(`cluster-port ${await freePort()}`);
    }
    try {
      await writeWhole(join(directory.path, CONFIGURATION_FILE), `${lines.join('\n')}\n`);
      await options.place?.(directory.path);
    } catch (error) {
      await directory.remove();
      throw error;
    }
    const server = new RealServer(binary, directory, port, options);
    try {
      await server.withExitError(server.#untilReady());
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  connect(): Promise<Connection> {
    return Connection.open(this.port, this.#patience);
  }

  /** Returns the result of `work`. If the server has exited, its error is replaced by the exit and the end of the log. */
  async withExitError<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      // The connection may break before the exit is noticed.
      await Promise.race([this.#exited, sleep(200)]);
      throw this.#isRunning() ? error : this.#exitError();
    }
  }

  /** Sends SIGTERM, and SIGKILL if the server does not exit in time. Further calls have no effect. */
  async stop(): Promise<void> {
    if (this.#isRunning()) {
      this.#child.kill('SIGTERM');
      await Promise.race([this.#exited, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
      if (this.#isRunning()) this.#child.kill('SIGKILL');
    }
    await this.#exited;
    this.#restoreSignals();
    process.off('exit', this.#kill);
    await this.#directory.remove();
  }

  // An exiting process can no longer wait for SIGTERM to take effect.
  readonly #kill = (): void => {
    if (this.#isRunning()) this.#child.kill('SIGKILL');
  };

  /** For an end at once, which does not wait for the server. */
  #killAndRemove(): void {
    this.#kill();
    rmSync(this.#directory.path, { recursive: true, force: true });
  }

  #isRunning(): boolean {
    const { exitCode, signalCode } = this.#child;
    return this.#spawnError === undefined && exitCode === null && signalCode === null;
  }

  async #untilReady(): Promise<void> {
    const deadline = performance.now() + READY_TIMEOUT_MS;
    while (performance.now() < deadline) {
      if (!this.#isRunning()) throw this.#exitError();
      const connection = await this.connect().catch(() => undefined);
      if (connection !== undefined) {
        try {
          await this.#checkProcessId(connection);
          return await untilLoaded(connection);
        } finally {
          connection.close();
        }
      }
      await sleep(20);
    }
    throw new InputError(
      `${this.#binary.path}: not ready on port ${this.port} after ${READY_TIMEOUT_MS / 1000} s; its log ends:\n${this.#logEnd()}`,
    );
  }

  /** Refuses a server of another process, which may have taken the port after it was found free. */
  async #checkProcessId(connection: Connection): Promise<void> {
    const [info = ''] = await connection.ask('INFO', 'server');
    const pid = /^process_id:(\d+)/m.exec(info)?.[1];
    if (Number(pid) === this.#child.pid) return;
    throw new InputError(`port ${this.port}: another server answers there; try again, or choose a --port`);
  }

  #exitError(): InputError {
    if (this.#spawnError !== undefined) {
      return new InputError(`--server-bin ${this.#binary.path}: ${this.#spawnError.message}; give its path`);
    }
    const { exitCode, signalCode } = this.#child;
    const how = signalCode === null ? `exited with ${exitCode}` : `was ended by ${signalCode}`;
    return new InputError(`${this.#binary.path} ${how}; its log ends:\n${this.#logEnd()}`);
  }

  #logEnd(): string {
    return this.#log.trimEnd().split('\n').slice(-MAX_LOG_LINES).join('\n');
  }
}

/** Waits without a time limit until the server has loaded its data; a server that fails to do so exits. */
async function untilLoaded(connection: Connection): Promise<void> {
  for (;;) {
    const [info = ''] = await connection.ask('INFO', 'persistence');
    if (!/^loading:1/m.test(info)) return;
    await sleep(50);
  }
}

const CONFIGURATION_FILE = 'server.conf';

function isCluster(configuration: Configuration): boolean {
  return configuration.some((line) => /^\s*cluster-enabled\s+"?yes"?\s*$/i.test(line));
}

/** Returns a port that was free a moment ago. */
export function freePort(): Promise<number> {
  return listenOnce(0);
}

async function checkPortIsFree(port: number): Promise<void> {
  await listenOnce(port).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(
      `--port ${port}: ${error.code ?? error.message}; remove the option to use a free port`,
    );
  });
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const listener = createServer();
    listener.once('error', reject);
    listener.listen(port, '127.0.0.1', () => {
      const address = listener.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      listener.close(() => resolve(bound));
    });
  });
}
