/**
 * Cuts commands into the pieces that a server reads at once, 16 KB each. A piece is sent after the replies of the piece
 * before, so the server's reads are the same on every machine.
 */
import { KIB } from '../base/index.js';
import { type Command, findCommand } from '../commands/index.js';
import { respLength, writeResp } from '../resp/index.js';
import { endsConnection } from './commands-not-sent.js';

export const READ_BYTES = 16 * KIB;

/** The bytes that the server receives in one read. */
export interface Read {
  readonly client: number;
  readonly bytes: Uint8Array;
  /** The number of commands that these bytes complete, which is the number of replies. */
  readonly commands: number;
  /** The indices of XADD among these commands. */
  readonly entries: readonly number[];
  /** The time at which the stream sends it. */
  readonly timeMs: number;
  /** Whether the server closes the connection afterwards. */
  readonly isLast?: boolean;
}

/**
 * Splits commands into reads. A command starts a new read if it has another client or time, or follows QUIT, since it
 * arrived after the previous read.
 */
export async function* reads(commands: AsyncIterable<Command> | Iterable<Command>): AsyncGenerator<Read> {
  const splitter = new ReadSplitter();
  let client = 0;
  let timeMs = 0;
  for await (const command of commands) {
    if (command.client !== client || command.timeMs !== timeMs) {
      if (splitter.filled > 0) yield { client, timeMs, ...splitter.take(splitter.filled) };
      ({ client, timeMs } = command);
    }
    splitter.add(command);
    if (endsConnection(command)) {
      yield { client, timeMs, isLast: true, ...splitter.take(splitter.filled) };
    }
    while (splitter.filled >= READ_BYTES) yield { client, timeMs, ...splitter.take(READ_BYTES) };
  }
  if (splitter.filled > 0) yield { client, timeMs, ...splitter.take(splitter.filled) };
}

class ReadSplitter {
  filled = 0;
  #buffer = new Uint8Array(4 * READ_BYTES);
  /** The commands in the buffer. */
  #commands: { readonly end: number; readonly isEntry: boolean }[] = [];

  add(command: Command): void {
    this.#reserve(this.filled + respLength(command));
    this.filled = writeResp(command, this.#buffer, this.filled);
    this.#commands.push({ end: this.filled, isEntry: findCommand(command)?.name === 'xadd' });
  }

  take(length: number): Pick<Read, 'bytes' | 'commands' | 'entries'> {
    const bytes = this.#buffer.slice(0, length);
    this.#buffer.copyWithin(0, length, this.filled);
    this.filled -= length;
    const taken = this.#commands.filter(({ end }) => end <= length);
    this.#commands = this.#commands
      .slice(taken.length)
      .map(({ end, isEntry }) => ({ end: end - length, isEntry }));
    const entries = taken.flatMap(({ isEntry }, index) => (isEntry ? [index] : []));
    return { bytes, commands: taken.length, entries };
  }

  #reserve(length: number): void {
    if (length <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#buffer.length, length));
    larger.set(this.#buffer.subarray(0, this.filled));
    this.#buffer = larger;
  }
}
