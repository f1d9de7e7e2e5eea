import { type Heap, StructKind } from '../heap/index.js';
import type { ServerVersion } from '../versions/index.js';
import { Arguments } from './arguments.js';

const LEAST_ROOM = 16;
const MOST_ROOM = 1024;
/** The record of a command with an array of so many slots is freed after it. */
const LARGE_ARRAY = 64;
const CRON_MS = 2000;

/**
 * The records of parsed commands that wait for further commands, the last one first. All clients share them (networking.c:
 * acquirePendingCommand, reclaimPendingCommand).
 */
export class CommandPool {
  readonly #heap: Heap;
  readonly #version: ServerVersion;
  readonly #waiting: Arguments[] = [];
  readonly #array: number;
  #room = LEAST_ROOM;
  /** The least number of records that have waited since cron looked. */
  #least = 0;
  #nextCronMs = CRON_MS;

  constructor(heap: Heap, version: ServerVersion) {
    this.#heap = heap;
    this.#version = version;
    this.#array = heap.malloc(LEAST_ROOM * version.sizes.pointer, StructKind.argumentArray);
  }

  /** Returns the vector of a command that is about to be parsed. */
  acquire(): Arguments {
    const args = this.#waiting.pop();
    if (args === undefined) return new Arguments(this.#heap, this.#version, this);
    this.#least = Math.min(this.#least, this.#waiting.length);
    args.leavePool();
    return args;
  }

  /** Takes back the vector of a command that has run, whose arguments `freeEach` frees. Returns false if it is freed as well. */
  reclaim(args: Arguments, freeEach: () => void): boolean {
    const isKept = args.slots < LARGE_ARRAY && this.#makeRoom();
    freeEach();
    if (isKept) this.#waiting.push(args);
    else args.dispose();
    return isKept;
  }

  /** Whether cron leaves the pool as it is while no command arrives. */
  get isAtRest(): boolean {
    if (this.#room === LEAST_ROOM) return true;
    return this.#least === this.#waiting.length && !this.#isLittleUsed;
  }

  get #isLittleUsed(): boolean {
    return 1 - this.#least / this.#room < 0.5;
  }

  /** Halves a pool that was little used, every two seconds (pendingCommandPoolCron). */
  cron(nowMs: number): void {
    if (nowMs < this.#nextCronMs) return;
    this.#nextCronMs = nowMs + CRON_MS;
    if (this.#room > LEAST_ROOM && this.#isLittleUsed) this.#shrink();
    this.#least = this.#waiting.length;
  }

  #makeRoom(): boolean {
    if (this.#waiting.length < this.#room) return true;
    if (this.#room === MOST_ROOM) return false;
    this.#resize(this.#room * 2);
    return true;
  }

  #shrink(): void {
    const room = Math.max(Math.floor(this.#waiting.length / 2), LEAST_ROOM);
    while (this.#waiting.length > room) {
      const args = this.#waiting.pop()!;
      args.leavePool();
      args.free();
    }
    this.#resize(room);
  }

  #resize(room: number): void {
    this.#room = room;
    this.#heap.realloc(this.#array, room * this.#version.sizes.pointer, StructKind.argumentArray);
  }
}
