import { KIB } from '../../base/index.js';
import type { Command } from '../../commands/index.js';
import { type Heap, SdsString, StructKind } from '../heap/index.js';
import type { ServerVersion } from '../versions/index.js';
import type { Arguments } from './arguments.js';
import type { CommandPool } from './command-pool.js';
import { ParsedCommands } from './parsed-commands.js';
import { decimalLength } from './reply-lengths.js';

/** An argument from this length on is read into a buffer of its own, which then becomes the argument. */
const BIG_ARGUMENT = 32 * KIB;
/** Spare room that cron leaves in a buffer. */
const MAX_SPARE = 4 * KIB;
const RESIZE_THRESHOLD = 32 * KIB;
const IDLE_MS = 2000;

/** Complete commands that are parsed before the first of them runs, where they are records of a pool. */
export const LOOK_AHEAD = 16;

/** The query buffer that the clients of a server share, in versions that share one. */
export class SharedQueryBuffer {
  readonly buffer: SdsString;

  constructor(heap: Heap, { clients }: ServerVersion) {
    this.buffer = new SdsString(heap, StructKind.queryBuffer);
    this.renew(clients.queryBufferRead);
  }

  renew(bytes: number): void {
    this.buffer.create(bytes).length = 0;
  }
}

/**
 * The bytes that a client has sent and the server has not yet carried out. Pipelined input arrives in pieces of 16 KB, so
 * a piece may end within a command. Otherwise each command arrives by itself.
 */
export class QueryBuffer {
  /** Called before each read: the commands read so far have been carried out, and their replies are written. */
  onRead: () => void = () => {};
  readonly #version: ServerVersion;
  readonly #shared: SharedQueryBuffer | undefined;
  #own: SdsString | undefined;
  readonly #heap: Heap;
  /** Bytes at the start that have been parsed. */
  #parsed = 0;
  #peak = 0;
  /** Length of the big argument that has not arrived completely; -1 if there is none. */
  #awaited = -1;
  #usesShared = false;
  /** Bytes that have arrived and have not been read. */
  #arrived = 0;
  #isPipelined = true;
  /** The commands that were parsed with an earlier one of their read, in versions that parse a read at once. */
  readonly #ahead: ParsedCommands;
  /** The last of these if it has not arrived completely. */
  #partial: Arguments | undefined;
  /** The records of parsed commands, in versions that have a pool of them. */
  readonly #pool: CommandPool | undefined;
  /** Parsed commands, which wait from `#nextParsed` on until those before them have run. The last one may be incomplete. */
  readonly #parsedAhead: Arguments[] = [];
  #nextParsed = 0;

  constructor(
    heap: Heap,
    version: ServerVersion,
    shared: SharedQueryBuffer | undefined,
    pool: CommandPool | undefined,
  ) {
    this.#heap = heap;
    this.#version = version;
    this.#shared = shared;
    this.#pool = pool;
    this.#ahead = new ParsedCommands(heap, version);
    if (shared === undefined) this.#own = new SdsString(heap, StructKind.queryBuffer).create(0);
  }

  /**
   * Returns the arguments of the next command, which may be parsed already. Otherwise it is received, and the commands that
   * follow it in the buffer are parsed with it, in versions that parse a read at once.
   */
  next(command: Command, args: Arguments, isPipelined: boolean, following?: Following): Arguments {
    if (this.#pool !== undefined) return this.#nextOfPool(this.#pool, command, isPipelined, following);
    const parsed = this.#ahead.take(args);
    const partial = this.#partial;
    if (parsed !== undefined && parsed !== partial) return parsed;
    this.#partial = undefined;
    if (partial === undefined) this.receive(command, args, isPipelined);
    else this.#parse(command, partial, true);
    if (following !== undefined && this.#version.clients.parsesWholeReads) {
      this.#parseAhead(command, following);
    }
    return parsed ?? args;
  }

  /** Parses what has arrived of the commands that follow. */
  #parseAhead(command: Command, { commands, bytes, next: from }: Following): void {
    for (let index = from; index < commands.length && this.#parsed < this.#length(); index++) {
      const next = commands[index]!;
      if (!isOfSameRead(command, next)) return;
      const size = bytes[index]!;
      const args = this.#ahead.add();
      if (args === undefined) return;
      if (this.#length() - this.#parsed < size || size >= BIG_ARGUMENT) {
        args.beginParsing();
        this.#partial = args;
        this.#parse(next, args, false);
        return;
      }
      args.addAll(next.length, next.argumentCount);
      this.#parsed += size;
    }
  }

  /**
   * Returns the arguments of the next command. If none is parsed, complete commands are parsed up to a limit. The beginning
   * of another follows, as far as it has arrived (networking.c: processInputBuffer).
   */
  #nextOfPool(pool: CommandPool, command: Command, isPipelined: boolean, following?: Following): Arguments {
    const parsed = this.#parsedAhead[this.#nextParsed];
    if (parsed !== undefined) this.#nextParsed++;
    if (parsed?.isWhole === true) return parsed;
    this.#parsedAhead.length = 0;
    this.#nextParsed = 0;
    this.#isPipelined = isPipelined;
    if (!isPipelined) this.#arrived = encodedBytes(command);
    const left = this.#length() - this.#parsed;
    // A record is taken for an incomplete first line of a command, and is not kept.
    if (parsed === undefined && left > 0 && left < countLine(command)) pool.acquire().free();
    const first = parsed ?? pool.acquire();
    this.#parse(command, first, true);
    if (following !== undefined) this.#parseFollowing(pool, command, following);
    return first;
  }

  #parseFollowing(pool: CommandPool, command: Command, { commands, bytes, next }: Following): void {
    const to = Math.min(commands.length, next + LOOK_AHEAD - 1);
    for (let index = next; index < to; index++) {
      const left = this.#length() - this.#parsed;
      const other = commands[index]!;
      if (left === 0 || !isOfSameRead(command, other)) return;
      const args = pool.acquire();
      const size = bytes[index]!;
      if (left >= size && size < BIG_ARGUMENT) {
        this.#parsed += size;
        args.addAll(other.length, other.argumentCount);
        args.isWhole = true;
      } else {
        this.#parse(other, args, false);
        if (!args.hasStarted) {
          args.free();
          return;
        }
      }
      this.#parsedAhead.push(args);
      if (!args.isWhole) return;
    }
  }

  /** Reads until one command is complete, and parses it: the argument array, then an object for each argument. */
  receive(command: Command, args: Arguments, isPipelined: boolean): void {
    const { argumentCount, length } = command;
    this.#isPipelined = isPipelined;
    // The buffer has further commands, and a client that leaves bytes unread keeps the shared buffer.
    const { parsesWholeReads } = this.#version.clients;
    if (!parsesWholeReads && this.#usesShared && this.#length() > this.#parsed && this.#parsed > 0) {
      this.#trim();
      this.#ownShared();
    }
    const bytes = encodedBytes(command);
    if (!isPipelined) this.#arrived = bytes;
    // Most commands are in the buffer already, and only big arguments bypass it.
    if (this.#length() - this.#parsed >= bytes && bytes < BIG_ARGUMENT) {
      this.#parsed += bytes;
      args.addAll(length, argumentCount);
      return;
    }
    args.beginParsing();
    this.#parse(command, args, true);
  }

  /** Parses the rest of a command as far as it has arrived, or to its end if `mayRead`. */
  #parse(command: Command, args: Arguments, mayRead: boolean): void {
    const { argumentCount, length } = command;
    if (!args.hasStarted) {
      const line = countLine(command);
      if (!this.#has(line, mayRead)) return;
      this.#parsed += line;
      args.start(argumentCount);
      args.hasStarted = true;
    }
    while (args.count < argumentCount) {
      const argument = length[args.count]!;
      // A big argument changes the buffer, which waits until its command is the next.
      if (argument >= BIG_ARGUMENT && !mayRead) return;
      if (!args.hasLength) {
        const header = decimalLength(argument) + 3;
        if (!this.#has(header, mayRead)) return;
        this.#parsed += header;
        args.hasLength = true;
      }
      if (argument < BIG_ARGUMENT) {
        if (!this.#has(argument + 2, mayRead)) return;
        args.makeRoom(argumentCount);
        args.add(argument);
        this.#parsed += argument + 2;
      } else {
        this.#receiveBig(argument, args, argumentCount);
      }
      args.hasLength = false;
    }
    args.isWhole = true;
  }

  /** Empties the buffer after all commands have been carried out. */
  endOfInput(): void {
    this.#ahead.end();
    this.#endParsed();
    this.#trim();
    if (this.#usesShared) {
      this.#shared!.buffer.length = 0;
      this.#usesShared = false;
    }
    const own = this.#own;
    if (own !== undefined) own.length = 0;
    this.#parsed = 0;
    this.#arrived = 0;
  }

  /** clientsCronResizeQueryBuffer */
  cron(idleMs: number): void {
    const buffer = this.#own;
    if (buffer === undefined) return;
    if (buffer.spare > MAX_SPARE) {
      if (idleMs > IDLE_MS) {
        if (this.#shared !== undefined && buffer.length === 0) {
          buffer.free();
          this.#own = undefined;
          this.#peak = 0;
          return;
        }
        buffer.resize(buffer.length, true);
      } else if (buffer.room > RESIZE_THRESHOLD && Math.floor(buffer.room / 2) > this.#peak) {
        buffer.resize(Math.max(buffer.length, this.#peak), true);
      }
    }
    this.#peak = Math.max(buffer.length, this.#awaited);
  }

  /** Whether cron leaves the buffer as it is, however long its client is idle. */
  get isAtRest(): boolean {
    return this.#own === undefined || this.#own.spare <= MAX_SPARE;
  }

  /** Makes room for the last read, which finds the end of the input. */
  readEnd(): void {
    this.endOfInput();
    const { queryBufferRead } = this.#version.clients;
    this.#own?.makeRoomFor(queryBufferRead, this.#own.room >= queryBufferRead);
  }

  free(): void {
    this.#ahead.free();
    this.#endParsed();
    this.#own?.free();
    this.#own = undefined;
  }

  // Methods, because engines do not inline private getters.
  #buffer(): SdsString {
    return this.#usesShared ? this.#shared!.buffer : this.#own!;
  }

  /** Whether so many bytes have arrived; reads until they have, if it may. */
  #has(bytes: number, mayRead: boolean): boolean {
    while (this.#length() - this.#parsed < bytes) {
      if (!mayRead) return false;
      this.#read(false);
    }
    return true;
  }

  /** Gives up commands that were parsed and are not carried out. */
  #endParsed(): void {
    if (this.#parsedAhead.length === 0) return;
    for (const args of this.#parsedAhead.slice(this.#nextParsed)) args.end();
    this.#parsedAhead.length = 0;
    this.#nextParsed = 0;
  }

  #length(): number {
    return this.#usesShared || this.#own !== undefined ? this.#buffer().length : 0;
  }

  #receiveBig(bytes: number, args: Arguments, argumentCount: number): void {
    const whole = bytes + 2;
    if (this.#length() - this.#parsed <= whole) {
      // A buffer that becomes an argument has to be the client's own, so the shared buffer is left first.
      this.#trim();
      if (this.#usesShared) this.#ownShared();
      this.#buffer().makeRoomFor(whole - this.#buffer().length, false);
      if (this.#peak < whole) this.#peak = whole;
    }
    this.#awaited = bytes;
    while (this.#length() - this.#parsed < whole) this.#read(true);
    this.#awaited = -1;
    args.makeRoom(argumentCount);
    const buffer = this.#buffer();
    if (this.#parsed === 0 && buffer.length === whole) {
      args.addTakingOver(buffer.handle, buffer.header);
      // A client that sends one big argument is expected to send another.
      buffer.create(whole).length = 0;
    } else {
      args.add(bytes);
      this.#parsed += whole;
    }
  }

  /** Does one read(2): drops the parsed bytes, makes room, and fills it. */
  #read(isBig: boolean): void {
    this.#ahead.end();
    this.#trim();
    if (this.#usesShared) this.#leaveShared();
    this.onRead();
    this.#takeBuffer(isBig);
    const buffer = this.#buffer();
    const { queryBufferRead } = this.#version.clients;
    let bytes = queryBufferRead;
    if (isBig) bytes = this.#awaited + 2 - buffer.length;
    if (isBig || buffer.room < queryBufferRead) {
      const before = buffer.length;
      buffer.makeRoomFor(bytes, false);
      if (this.#peak < before + bytes) this.#peak = before + bytes;
    } else {
      buffer.makeRoomFor(bytes, true);
      bytes = buffer.spare;
    }
    // Pipelined input arrives in pieces as large as a first read asks for.
    if (this.#isPipelined && this.#arrived === 0) this.#arrived = queryBufferRead;
    bytes = Math.min(bytes, this.#arrived);
    this.#arrived -= bytes;
    buffer.length += bytes;
    if (this.#peak < buffer.length) this.#peak = buffer.length;
  }

  #takeBuffer(isBig: boolean): void {
    if (this.#shared === undefined || this.#own !== undefined) return;
    if (isBig) this.#own = new SdsString(this.#heap, StructKind.queryBuffer).create(0);
    else this.#usesShared = true;
  }

  /** Leaves the shared buffer after a read. A client with unread bytes in it keeps the buffer. */
  #leaveShared(): void {
    const shared = this.#shared!;
    if (shared.buffer.length > 0) this.#ownShared();
    else this.#usesShared = false;
  }

  #ownShared(): void {
    const { buffer } = this.#shared!;
    const own = new SdsString(this.#heap, StructKind.queryBuffer);
    own.handle = buffer.handle;
    own.length = buffer.length;
    own.room = buffer.room;
    own.header = buffer.header;
    this.#own = own;
    this.#usesShared = false;
    this.#shared?.renew(this.#version.clients.queryBufferRead);
  }

  #trim(): void {
    if (this.#parsed === 0) return;
    this.#buffer().length -= this.#parsed;
    this.#parsed = 0;
  }
}

/** The commands of an input that are known, of which `next` follows the current one, with their bytes in RESP. */
export interface Following {
  readonly commands: readonly Command[];
  readonly bytes: readonly number[];
  readonly next: number;
}

/** Returns the bytes of the line with the number of arguments. */
function countLine({ argumentCount }: Command): number {
  return decimalLength(argumentCount) + 3;
}

/** Whether a read may contain both commands. */
function isOfSameRead(command: Command, { client, timeMs }: Command): boolean {
  return command.client === client && command.timeMs === timeMs;
}

/** Returns the bytes of a command in RESP. */
export function encodedBytes(command: Command): number {
  const { argumentCount, length } = command;
  let bytes = countLine(command);
  for (let index = 0; index < argumentCount; index++) {
    const argument = length[index]!;
    bytes += decimalLength(argument) + 3 + argument + 2;
  }
  return bytes;
}
