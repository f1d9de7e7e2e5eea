/** The sockets of a lock. */
import { createHash, randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { basename, dirname, join, relative } from 'node:path';

/** The longest path of a socket on macOS. A longer one would be cut silently. */
const MAX_PATH_BYTES = 103;

/** The time for a process to listen on the socket that it has made. */
const BEGINS_MS = 1000;

interface OtherSockets {
  /** The names of those on which a process listens, by age. */
  readonly living: readonly string[];
  /** Whether there is one so young that its process may not listen yet. */
  readonly hasBeginning: boolean;
}

/** The sockets of all who want to write one file, in its directory. Their names sort by age. */
export class LockSockets {
  /** The name of this process's socket. */
  readonly own: string;
  readonly #path: string;
  readonly #group: string;
  readonly #directoryFd: number;

  constructor(path: string, directoryFd: number) {
    this.#path = path;
    this.#directoryFd = directoryFd;
    this.#group = `.slablab-${createHash('sha256').update(basename(path)).digest('hex').slice(0, 12)}-`;
    const time = `${Date.now()}`.padStart(14, '0');
    this.own = `${this.#group}${time}-${process.pid}-${randomBytes(6).toString('hex')}.lock`;
  }

  listen(): Promise<Server> {
    return new Promise((resolve, reject) => {
      // Others connect to see that this process lives.
      const server = createServer((connection) => connection.destroy());
      server.once('error', reject);
      server.listen({ path: this.#socketPath(this.own), writableAll: true }, () => resolve(server.unref()));
    });
  }

  /** Returns the others' sockets, and removes those that are left over. */
  async others(): Promise<OtherSockets> {
    const living: string[] = [];
    let hasBeginning = false;
    for (const name of (await readdir(dirname(this.#path))).sort()) {
      if (name === this.own || !name.startsWith(this.#group) || !name.endsWith('.lock')) continue;
      if (await isListenedOn(this.#socketPath(name))) living.push(name);
      else if (this.#isYoung(name)) hasBeginning = true;
      else await rm(join(dirname(this.#path), name), { force: true });
    }
    return { living, hasBeginning };
  }

  /** Whether the owner of a socket may be about to listen, which is a step after the socket appears. */
  #isYoung(name: string): boolean {
    const [createdAt] = this.#partsOf(name);
    return Math.abs(Date.now() - Number(createdAt)) < BEGINS_MS;
  }

  /** Returns the number of the process that a socket's name contains. */
  processOf(name: string): string {
    return this.#partsOf(name)[1] ?? '?';
  }

  /** Returns the parts of a socket's name: its time, its process, and random digits. */
  #partsOf(name: string): string[] {
    return name.slice(this.#group.length).split('-');
  }

  /** Returns a path of a socket that is short enough: by the open directory, where the system has such paths. */
  #socketPath(name: string): string {
    const path = join(dirname(this.#path), name);
    const paths = [path, relative('.', path), `/proc/self/fd/${this.#directoryFd}/${name}`];
    return paths.find((candidate) => Buffer.byteLength(candidate) <= MAX_PATH_BYTES) ?? path;
  }
}

function isListenedOn(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect({ path });
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    // Other errors, such as that of a full queue, do not prove a dead socket.
    connection.once('error', ({ code }: NodeJS.ErrnoException) => {
      resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT');
    });
  });
}
