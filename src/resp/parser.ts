import { grown, KIB, latin1, shownByte, shownBytes } from '../base/index.js';
import { type Command, type CommandBatch, emptyCommand } from '../commands/index.js';
import { ByteWindow } from './byte-window.js';
import { InlineSplitter } from './inline.js';
import { ARRAY, BULK, CR, LF, ZERO } from './protocol-bytes.js';
import { ProtocolError } from './protocol-error.js';
import { MAX_ARGUMENTS, MAX_BULK_BYTES, MAX_LINE_BYTES } from './protocol-limits.js';

const REMEDY = 'the stream is damaged or not RESP: record it again';

const MOST_IN_BATCH = 64;

/** The replies of a server to what it refuses. */
const MULTIBULK = 'invalid multibulk length';
const BULK_LENGTH = 'invalid bulk length';
const UNBALANCED = 'unbalanced quotes in request';

/** The limits of a client. */
interface ClientLimits {
  readonly arguments: number;
  readonly bulkBytes: number;
  readonly isUnauthenticated: boolean;
}

const LIMITS: ClientLimits = {
  arguments: MAX_ARGUMENTS,
  bulkBytes: MAX_BULK_BYTES,
  isUnauthenticated: false,
};

/** The limits of a client before it has given its password (networking.c: processMultibulkBuffer). */
export const UNAUTHENTICATED: ClientLimits = { arguments: 10, bulkBytes: 16 * KIB, isUnauthenticated: true };

export interface RespOptions {
  /** Whether inline and empty commands are refused, as in a stream that a server wrote. Default false. */
  readonly multibulkOnly?: boolean;
  /** Client that the commands are from. Default 0. */
  readonly client?: number;
  /** Limits of the client. Default: those of an authenticated client. */
  readonly limits?: ClientLimits;
}

/**
 * Reads RESP as a server does, one command at a time, over a window of bytes. Arguments stay where they were read:
 * `command.bytes` is the window; only inline commands are copied.
 *
 * For a socket: `feed` each chunk, then `next` until it is false.
 */
export class RespParser {
  /** Command that `next` fills: always the same object, unless batches are read. */
  command: Command;
  readonly window: ByteWindow;
  /** Bytes still missing of the argument that is being read; 0 when unknown. */
  #missing = 0;
  readonly #limits: ClientLimits;
  readonly #inline: InlineSplitter | undefined;
  #start = new Uint32Array(16);
  #length = new Uint32Array(16);
  readonly #batch: { readonly commands: Command[]; count: number } = { commands: [], count: 0 };
  /** Error after the commands of a batch, which the next call throws. */
  #postponed: unknown;
  /** Number of announced arguments of the command that is being read; 0 between commands. */
  #announced = 0;
  #complete = 0;
  /** Window offset of the first argument, from which on bytes are held, when reading was interrupted. */
  #origin = 0;
  /** Input offset of the first byte of the current command. */
  #commandAt = 0;
  /** Window offset after the line whose number was read last. */
  #behindLine = 0;

  constructor(
    window: ByteWindow | string,
    { multibulkOnly = false, client = 0, limits = LIMITS }: RespOptions = {},
  ) {
    this.#limits = limits;
    this.window = typeof window === 'string' ? new ByteWindow(window) : window;
    this.command = emptyCommand();
    this.command.client = client;
    this.command.start = this.#start;
    this.command.length = this.#length;
    this.#inline = multibulkOnly ? undefined : new InlineSplitter();
  }

  /**
   * Reads the complete commands in the window, at most MOST_IN_BATCH: true when `batch` has them; false when more bytes
   * are needed first. They stay unchanged until the next call, or `fill` or `feed`.
   */
  nextBatch(): boolean {
    if (this.#postponed !== undefined) throw this.#postponed;
    const { commands } = this.#batch;
    // An incomplete command stays in its object, which is the first of the next batch.
    const last = Math.max(commands.indexOf(this.command), 0);
    commands[last] = commands[0] ?? this.command;
    commands[0] = this.command;
    let count = 0;
    try {
      for (; count < MOST_IN_BATCH; count++) {
        this.#fillCommand(count);
        if (!this.next()) break;
        // An inline command's bytes are the splitter's, and last only until the next one.
        if (this.command.bytes !== this.window.bytes) {
          count++;
          break;
        }
      }
    } catch (error) {
      if (count === 0) throw error;
      this.#postponed = error;
    }
    this.#batch.count = count;
    return count > 0;
  }

  get batch(): CommandBatch {
    return this.#batch;
  }

  #fillCommand(index: number): void {
    const { commands } = this.#batch;
    let command = commands[index];
    if (command === undefined) {
      command = emptyCommand();
      command.client = this.command.client;
      commands.push(command);
    }
    this.command = command;
    this.#start = command.start;
    this.#length = command.length;
  }

  /** Returns the offset of the first byte of the command that `next` filled, or of the incomplete one. */
  get commandAt(): number {
    return this.#commandAt;
  }

  /** Whether the next byte belongs to a command that was begun. */
  get isInside(): boolean {
    return this.#announced > 0;
  }

  /** Whether the bytes read so far end inside a command. */
  get isIncomplete(): boolean {
    return this.#announced > 0 || this.window.end > this.window.at;
  }

  /** The number of bytes that are kept in memory for an incomplete command. */
  get heldBytes(): number {
    const { hold, at, end } = this.window;
    return end - (hold >= 0 ? Math.min(hold, at) : at);
  }

  feed(chunk: Uint8Array): void {
    this.window.append(chunk);
  }

  /** Reads on from the window's source; false when it has no more. */
  fill(): boolean {
    return this.window.fill(this.#missing);
  }

  /** Reads the next command into `command`; false when more bytes are needed first. */
  next(): boolean {
    const { window } = this;
    this.#missing = 0;
    while (this.#announced === 0) {
      if (window.at >= window.end) return false;
      this.#commandAt = window.position;
      if (window.bytes[window.at] !== ARRAY) {
        const result = this.#readInline();
        if (result !== 'empty') return result === 'command';
        continue;
      }
      const count = this.#argumentCount(window.at + 1);
      if (count === undefined) return false;
      if (count <= 0) {
        if (this.#inline === undefined)
          throw this.#unexpected(MULTIBULK, window.at + 1, 'at least 1 argument');
        // A server ignores "*0" and "*-1".
        window.at = this.#behindLine;
        continue;
      }
      window.at = this.#behindLine;
      this.#announced = count;
      this.#complete = 0;
    }
    return this.#readArguments();
  }

  #readArguments(): boolean {
    const { window, command } = this;
    if (window.hold >= 0) this.#resume();
    const { bytes, end } = window;
    const announced = this.#announced;
    const { bulkBytes } = this.#limits;
    let at = window.at;
    let index = this.#complete;
    for (; index < announced; index++) {
      if (at >= end) return this.#suspend(at, index, 0);
      if (bytes[at] !== BULK) {
        const reply = `expected '$', got '${String.fromCharCode(bytes[at]!)}'`;
        throw this.#unexpected(reply, at, `'$' before argument ${index} of ${announced}`);
      }
      // The common case of #number, here because most of the time is spent on it.
      let behind = at + 1;
      let length = bytes[behind]! - ZERO;
      if (behind < end && length > 0 && length <= 9) {
        behind++;
        while (behind < end) {
          const digit = bytes[behind]! - ZERO;
          if (digit < 0 || digit > 9) break;
          length = length * 10 + digit;
          behind++;
        }
        if (behind + 1 < end && length <= bulkBytes && bytes[behind] === CR && bytes[behind + 1] === LF) {
          behind += 2;
        } else length = -1;
      } else length = -1;
      if (length < 0) {
        const checked = this.#number(at + 1, 'bytes of an argument', this.#limits.bulkBytes, false);
        if (checked === undefined) return this.#suspend(at, index, 0);
        length = checked;
        behind = this.#behindLine;
      }
      const next = behind + length;
      if (next + 2 > end) return this.#suspend(at, index, next + 2 - at);
      if (bytes[next] !== CR || bytes[next + 1] !== LF) {
        const wrong = bytes[next] !== CR ? next : next + 1;
        throw this.#unexpected(BULK_LENGTH, wrong, `\\r\\n behind an argument of ${length} bytes`);
      }
      if (index === this.#start.length) this.#grow(index + 1);
      this.#start[index] = behind;
      this.#length[index] = length;
      at = next + 2;
    }
    window.at = at;
    this.#announced = 0;
    command.argumentCount = index;
    command.bytes = bytes;
    return true;
  }

  /** Holds all bytes from the first argument on, because `#start` points into them. */
  #suspend(at: number, index: number, needed: number): boolean {
    const { window } = this;
    this.#complete = index;
    this.#missing = needed;
    const origin = index === 0 ? at : this.#start[0]!;
    window.hold = origin;
    window.at = at;
    this.#origin = origin;
    return false;
  }

  #resume(): void {
    const { window } = this;
    const moved = this.#origin - window.hold;
    if (moved !== 0) {
      for (let index = 0; index < this.#complete; index++) {
        this.#start[index] = this.#start[index]! - moved;
      }
    }
    window.hold = -1;
  }

  #grow(count: number): void {
    this.#start = grown(this.#start, count);
    this.#length = grown(this.#length, count);
    this.command.start = this.#start;
    this.command.length = this.#length;
  }

  #argumentCount(from: number): number | undefined {
    const { bytes, end } = this.window;
    const count = bytes[from]! - ZERO;
    // One digit, which is the usual case, needs no string.
    if (count > 0 && count <= 9 && from + 2 < end && bytes[from + 1] === CR && bytes[from + 2] === LF) {
      this.#behindLine = from + 3;
      return count;
    }
    return this.#number(from, 'arguments', this.#limits.arguments, true);
  }

  /** Returns the number of a line; undefined without its end. As in string2ll: no leading zeros, no plus. */
  #number(from: number, what: string, limit: number, mayBeNegative: boolean): number | undefined {
    const { bytes, end } = this.window;
    let at = from;
    while (at < end && bytes[at] !== CR && at - from <= 20) at++;
    if (at >= end) return undefined;
    const text = latin1(bytes, from, at);
    const reply = mayBeNegative ? MULTIBULK : BULK_LENGTH;
    if (bytes[at] !== CR || !/^(-?[1-9][0-9]*|0)$/.test(text)) {
      throw this.#unexpected(reply, from, `the number of ${what} and \\r\\n`);
    }
    if (at + 1 >= end) return undefined;
    if (bytes[at + 1] !== LF) throw this.#unexpected(reply, at + 1, '\\n behind \\r');
    const value = Number(text);
    if (value > limit || (value < 0 && !mayBeNegative)) {
      const allowed = mayBeNegative ? `at most ${limit}` : `0 to ${limit}`;
      throw new ProtocolError(
        this.#limits.isUnauthenticated ? reply.replace('invalid', 'unauthenticated') : reply,
        this.window.name,
        this.window.base + from,
        `${text} ${what}: ${allowed} are allowed`,
        REMEDY,
      );
    }
    this.#behindLine = at + 2;
    return value;
  }

  #readInline(): 'command' | 'empty' | 'incomplete' {
    const { window, command } = this;
    const { bytes, at, end } = window;
    if (this.#inline === undefined) throw this.#unexpected(MULTIBULK, at, "'*' before a command");
    const line = bytes.subarray(at, Math.min(end, at + MAX_LINE_BYTES + 2));
    const length = line.indexOf(LF);
    if (length < 0) {
      if (line.length <= MAX_LINE_BYTES) return 'incomplete';
      throw this.#tooLong();
    }
    const isCrLf = length > 0 && line[length - 1] === CR;
    const text = line.subarray(0, isCrLf ? length - 1 : length);
    if (text.length > MAX_LINE_BYTES) throw this.#tooLong();
    const problem = this.#inline.split(text);
    if (problem !== undefined) {
      const where = window.position + problem.at;
      const found = `${problem.found} in an inline command`;
      throw new ProtocolError(
        UNBALANCED,
        window.name,
        where,
        found,
        'close the quotes, and put a space behind them',
      );
    }
    window.at = at + length + 1;
    const { count, start, length: lengths } = this.#inline;
    if (count === 0) return 'empty';
    if (count > this.#start.length) this.#grow(count);
    this.#start.set(start.subarray(0, count));
    this.#length.set(lengths.subarray(0, count));
    command.argumentCount = count;
    command.bytes = this.#inline.bytes;
    return 'command';
  }

  #tooLong(): ProtocolError {
    const { name, position } = this.window;
    return new ProtocolError(
      'too big inline request',
      name,
      position,
      `a line of over ${MAX_LINE_BYTES} bytes without an end`,
      REMEDY,
    );
  }

  #unexpected(reply: string, at: number, expected: string): ProtocolError {
    const { bytes, base, end, name } = this.window;
    const context = shownBytes(bytes.subarray(at, Math.min(end, at + 16)));
    return new ProtocolError(
      reply,
      name,
      base + at,
      `expected ${expected}, found ${shownByte(bytes[at])} (${context})`,
      REMEDY,
    );
  }
}
