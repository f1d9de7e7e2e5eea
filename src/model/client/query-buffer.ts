import { KIB } from '../../base/index.js';
import type { Command } from '../../commands/index.js';
import { type Heap, SdsString, StructKind } from '../heap/index.js';
import type { ServerVersion } from '../versions/index.js';
import type { Arguments } from './arguments.js';
import { decimalLength } from './reply-lengths.js';

/** An argument of this length or more is read into a buffer of its own, which then becomes the argument. */
const BIG_ARGUMENT = 32 * KIB;
const WASTE = 4 * KIB;
const RESIZE_THRESHOLD = 32 * KIB;
const IDLE_MS = 2000;

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
 * What a client has sent and the server has not yet carried out. Input that is pipelined arrives in pieces of 16 KB, so
 * that a command may be cut anywhere; else each command arrives by itself.
 */
export class QueryBuffer {
  /** Called before each read: everything read before has been carried out, and its replies go out. */
  onRead: () => void = () => {};
  readonly #version: ServerVersion;
  readonly #shared: SharedQueryBuffer | undefined;
  #own: SdsString | undefined;
  readonly #heap: Heap;
  /** Bytes at its start that are parsed already. */
  #parsed = 0;
  #peak = 0;
  /** Length of the argument that is being waited for; -1: none. */
  #awaited = -1;
  #usesShared = false;
  /** Bytes that have arrived and not been read. */
  #arrived = 0;
  #isPipelined = true;

  constructor(heap: Heap, version: ServerVersion, shared: SharedQueryBuffer | undefined) {
    this.#heap = heap;
    this.#version = version;
    this.#shared = shared;
    if (shared === undefined) this.#own = new SdsString(heap, StructKind.queryBuffer).create(0);
  }

  /** Reads as much as it takes and parses one command: the argument array, then an object per argument. */
  receive(command: Command, args: Arguments, isPipelined: boolean): void {
    const { argumentCount, length } = command;
    this.#isPipelined = isPipelined;
    // It was not the only one in the buffer: a client that leaves something unread keeps the shared buffer.
    if (this.#usesShared && this.#length() > this.#parsed && this.#parsed > 0) {
      this.#trim();
      this.#ownShared();
    }
    const bytes = encodedBytes(command);
    if (!isPipelined) this.#arrived = bytes;
    // Most commands have been read before; only big arguments are taken otherwise than from the buffer.
    if (this.#length() - this.#parsed >= bytes && bytes < BIG_ARGUMENT) {
      this.#parsed += bytes;
      args.addAll(length, argumentCount);
      return;
    }
    this.#need(decimalLength(argumentCount) + 3);
    this.#parsed += decimalLength(argumentCount) + 3;
    args.start(argumentCount);
    for (let index = 0; index < argumentCount; index++) {
      const argument = length[index]!;
      const header = decimalLength(argument) + 3;
      this.#need(header);
      this.#parsed += header;
      if (argument < BIG_ARGUMENT) {
        this.#need(argument + 2);
        args.makeRoom(argumentCount);
        args.add(argument);
        this.#parsed += argument + 2;
      } else {
        this.#receiveBig(argument, args, argumentCount);
      }
    }
  }

  /** What was sent has all been carried out: nothing is left unread. */
  endOfInput(): void {
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
    if (buffer.spare > WASTE) {
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

  /** The last read, which finds that there is no more: a buffer of its own was made ready for it. */
  readEnd(): void {
    this.endOfInput();
    const { queryBufferRead } = this.#version.clients;
    this.#own?.makeRoomFor(queryBufferRead, this.#own.room >= queryBufferRead);
  }

  free(): void {
    this.#own?.free();
    this.#own = undefined;
  }

  // Methods, because engines do not inline private getters.
  #buffer(): SdsString {
    return this.#usesShared ? this.#shared!.buffer : this.#own!;
  }

  #need(bytes: number): void {
    while (this.#length() - this.#parsed < bytes) this.#read(false);
  }

  #length(): number {
    return this.#usesShared || this.#own !== undefined ? this.#buffer().length : 0;
  }

  #receiveBig(bytes: number, args: Arguments, argumentCount: number): void {
    const whole = bytes + 2;
    if (this.#length() - this.#parsed <= whole) {
      // A shared buffer is left first: what is to become an argument has to be the client's own.
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
      // Whoever sends one large argument is taken to send another.
      buffer.create(whole).length = 0;
    } else {
      args.add(bytes);
      this.#parsed += whole;
    }
  }

  /** One read(2): what was parsed is dropped, room is made, the room is filled. */
  #read(isBig: boolean): void {
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
    // Input that is pipelined arrives in pieces of what a first read asks for.
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

  /** After a read has been carried out: the client keeps the buffer if something is left in it. */
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

/** Bytes of a command in RESP. */
function encodedBytes({ argumentCount, length }: Command): number {
  let bytes = decimalLength(argumentCount) + 3;
  for (let index = 0; index < argumentCount; index++) {
    const argument = length[index]!;
    bytes += decimalLength(argument) + 3 + argument + 2;
  }
  return bytes;
}
