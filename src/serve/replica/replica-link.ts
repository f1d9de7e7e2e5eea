/** The connection of a lab that follows a server as its replica does. It is taken up again where it was lost. */
import type { Socket } from 'node:net';
import { InputError } from '../../base/index.js';
import { argumentText, type Command } from '../../commands/index.js';
import { respOf } from '../../resp/index.js';
import { dial, greeting, type Upstream } from '../upstream.js';
import { ReplicaProtocol } from './replica-protocol.js';

/** Receives the server's data, and what it changes. */
export interface ReplicaSink {
  /** The server sends all of its data. `isAnew` says that it had sent them before, and that changes were missed since. */
  imageBegins(isAnew: boolean): void;
  image(bytes: Buffer): void;
  imageEnds(): void;
  command(command: Command): void;
  /** The connection was lost, for a reason. */
  lost(why: string): void;
  /** The stream continues where it was lost. */
  resumed(): void;
}

const ACK_MS = 1000;
const RETRY_MS = 1000;

/** The place in a server's stream up to which everything is known. */
interface Position {
  readonly id: string;
  readonly offset: number;
}

export class ReplicaLink {
  readonly #upstream: Upstream;
  readonly #version: string;
  readonly #sink: ReplicaSink;
  readonly #timer: NodeJS.Timeout;
  #socket: Socket | undefined;
  #protocol: ReplicaProtocol | undefined;
  /** The place at which the stream of this connection begins; undefined before the first answer to PSYNC. */
  #start: Position | undefined;
  /** Whether the data that the position assumes were received whole. */
  #isWhole = false;
  /** Whether the server has ever sent its data. */
  #hasFollowed = false;
  #isPaused = false;
  #isClosing = false;

  /** Makes a link to a server of that version, which writes its data for replicas of the same version. */
  constructor(upstream: Upstream, version: string, sink: ReplicaSink) {
    this.#upstream = upstream;
    this.#version = version;
    this.#sink = sink;
    this.#timer = setInterval(() => this.#acknowledge(), ACK_MS).unref();
  }

  /** Connects; resolves when the data have been received. Rejects if the server does not accept a replica. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => this.#connect(resolve, reject));
  }

  /** Stops reading until `resume`. */
  pause(): void {
    this.#isPaused = true;
    this.#socket?.pause();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#socket?.resume();
  }

  close(): void {
    this.#isClosing = true;
    clearInterval(this.#timer);
    this.#socket?.destroy();
  }

  #connect(received: () => void, refused: (cause: InputError) => void): void {
    const { url } = this.#upstream;
    const known = this.#isWhole ? this.#position() : undefined;
    const psync = known === undefined ? ['?', '-1'] : [known.id, String(known.offset + 1)];
    const commands = [
      ...greeting({ ...this.#upstream, database: 0 }),
      ['REPLCONF', 'capa', 'eof', 'capa', 'psync2'],
      // Valkey writes no fields that expire for a replica that does not say its version. Redis does not know this option.
      ['REPLCONF', 'version', this.#version],
      ['PSYNC', ...psync],
    ];
    let answers = 0;
    let problem: string | undefined;
    const socket = dial(this.#upstream);
    this.#socket = socket;
    const protocol = new ReplicaProtocol({
      answered: (line) => {
        const [name = '', option] = commands[answers] ?? [];
        answers++;
        if (line.startsWith('-') && option !== 'version') {
          problem = `${url} refuses ${name}: ${line.slice(1)}`;
          socket.destroy();
          return 'more answers';
        }
        if (name === 'PSYNC') return this.#synchronized(line, known, received);
        this.#say(commands[answers]);
        return 'more answers';
      },
      image: (bytes) => this.#sink.image(bytes),
      imageEnded: () => {
        this.#isWhole = true;
        this.#hasFollowed = true;
        this.#sink.imageEnds();
        // A server sends its stream only to a replica that has reported its position.
        this.#acknowledge();
        received();
      },
      command: (command) => this.#command(command),
    });
    this.#protocol = protocol;
    socket.on('data', (bytes) => {
      try {
        protocol.add(bytes);
      } catch (cause) {
        problem = `${url}: ${(cause as Error).message}`;
        socket.destroy();
      }
    });
    socket.on('error', (cause) => {
      problem ??= `${url}: ${cause.message}`;
    });
    socket.on('close', () => {
      if (this.#isClosing) return;
      const why = problem ?? `${url} closed the connection of its replica`;
      this.#start = this.#isWhole ? this.#position() : undefined;
      this.#protocol = undefined;
      refused(new InputError(`${why}; \`--as monitor\` follows a server that accepts no replica`));
      if (!this.#hasFollowed) return;
      this.#sink.lost(why);
      setTimeout(() => {
        if (!this.#isClosing)
          this.#connect(
            () => {},
            () => {},
          );
      }, RETRY_MS).unref();
    });
    // A server accepts PSYNC only when it has nothing to answer, so each command waits for the answer before it.
    this.#say(commands[0]);
  }

  #say(words: readonly string[] = []): void {
    this.#socket?.write(respOf(...words));
  }

  /** Takes the answer to PSYNC. */
  #synchronized(line: string, known: Position | undefined, received: () => void): 'image' | 'stream' {
    const [, id, offset] = /^\+FULLRESYNC (\w+) (\d+)$/.exec(line) ?? [];
    if (id !== undefined) {
      const isAnew = this.#hasFollowed;
      this.#isWhole = false;
      this.#start = { id, offset: Number(offset) };
      this.#sink.imageBegins(isAnew);
      return 'image';
    }
    const [, newId] = /^\+CONTINUE(?: (\w+))?$/.exec(line) ?? [];
    if (known === undefined || !line.startsWith('+CONTINUE'))
      throw new Error(`it answers '${line}' to PSYNC`);
    this.#start = { id: newId ?? known.id, offset: known.offset };
    this.#sink.resumed();
    received();
    return 'stream';
  }

  #command(command: Command): void {
    const name = argumentText(command, 0).toLowerCase();
    if (name === 'ping') return;
    if (name === 'replconf') {
      this.#acknowledge();
      return;
    }
    this.#sink.command(command);
  }

  #position(): Position | undefined {
    const start = this.#start;
    if (start === undefined) return undefined;
    return { id: start.id, offset: start.offset + (this.#protocol?.streamBytes ?? 0) };
  }

  #acknowledge(): void {
    const position = this.#isWhole ? this.#position() : undefined;
    if (position === undefined || this.#socket?.writable !== true) return;
    this.#say(['REPLCONF', 'ACK', String(position.offset)]);
  }
}
