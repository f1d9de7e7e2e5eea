import type { Command } from '../commands/index.js';
import { respLength, writeResp } from '../resp/index.js';
import { endsConnection } from './commands-not-sent.js';

export const READ_BYTES = 16 * 1024;

export interface Read {
  readonly client: number;
  readonly bytes: Uint8Array;
  /** Commands that these bytes complete, and so the replies to wait for. */
  readonly commands: number;
  /** When the stream wants it sent. */
  readonly timeMs: number;
  /** Whether the server closes the connection then. */
  readonly isLast?: boolean;
}

/**
 * A command that comes from another client, or at another time, or behind QUIT starts a piece of its own: it was not
 * yet there to be read with the one before.
 */
export async function* reads(commands: AsyncIterable<Command> | Iterable<Command>): AsyncGenerator<Read> {
  const cutter = new Cutter();
  let client = 0;
  let timeMs = 0;
  for await (const command of commands) {
    if (command.client !== client || command.timeMs !== timeMs) {
      if (cutter.filled > 0) yield { client, timeMs, ...cutter.take(cutter.filled) };
      ({ client, timeMs } = command);
    }
    cutter.add(command);
    if (endsConnection(command)) {
      yield { client, timeMs, isLast: true, ...cutter.take(cutter.filled) };
    }
    while (cutter.filled >= READ_BYTES) yield { client, timeMs, ...cutter.take(READ_BYTES) };
  }
  if (cutter.filled > 0) yield { client, timeMs, ...cutter.take(cutter.filled) };
}

class Cutter {
  filled = 0;
  #buffer = new Uint8Array(4 * READ_BYTES);
  /** Where commands end in the buffer. */
  #ends: number[] = [];

  add(command: Command): void {
    this.#reach(this.filled + respLength(command));
    this.filled = writeResp(command, this.#buffer, this.filled);
    this.#ends.push(this.filled);
  }

  take(length: number): { readonly bytes: Uint8Array; readonly commands: number } {
    const bytes = this.#buffer.slice(0, length);
    this.#buffer.copyWithin(0, length, this.filled);
    this.filled -= length;
    const commands = this.#ends.filter((end) => end <= length).length;
    this.#ends = this.#ends.slice(commands).map((end) => end - length);
    return { bytes, commands };
  }

  #reach(length: number): void {
    if (length <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#buffer.length, length));
    larger.set(this.#buffer.subarray(0, this.filled));
    this.#buffer = larger;
  }
}
