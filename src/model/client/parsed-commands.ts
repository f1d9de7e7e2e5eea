import { type Heap, StructKind } from '../heap/index.js';
import type { ServerVersion } from '../versions/index.js';
import { Arguments } from './arguments.js';

/** A record of a parsed command, and the records of a new array. */
const RECORD_BYTES = 48;
const FIRST_ROOM = 16;
const MOST = 1024;

/**
 * The commands of a read that are parsed and wait until those before them have run. The last may be incomplete. An array
 * of records that doubles holds them; it is freed after the last (networking.c: parseMultibulkBuffer, trimCommandQueue).
 */
export class ParsedCommands {
  readonly #heap: Heap;
  readonly #version: ServerVersion;
  #waiting: Arguments[] = [];
  #next = 0;
  #array = 0;
  #room = 0;
  /** Argument vectors without arguments, for use by the next commands. */
  readonly #unused: Arguments[] = [];

  constructor(heap: Heap, version: ServerVersion) {
    this.#heap = heap;
    this.#version = version;
  }

  /** Returns a vector for the next command, whose record is made first; undefined if no more can wait. */
  add(): Arguments | undefined {
    const count = this.#waiting.length;
    if (count === MOST) return undefined;
    if (count === this.#room) this.#grow();
    const args = this.#unused.pop() ?? new Arguments(this.#heap, this.#version);
    this.#waiting.push(args);
    return args;
  }

  /** Returns the arguments of the next command that waits, and keeps `ended`, whose command has run, for another. */
  take(ended: Arguments): Arguments | undefined {
    if (this.#next === this.#waiting.length) return undefined;
    this.#unused.push(ended);
    return this.#waiting[this.#next++];
  }

  /** Frees the array after all commands have run. */
  end(): void {
    if (this.#next < this.#waiting.length || this.#array === 0) return;
    this.#heap.free(this.#array);
    this.#array = 0;
    this.#room = 0;
    this.#waiting = [];
    this.#next = 0;
  }

  /** Frees the commands that still wait, at the end of their client. */
  free(): void {
    while (this.#next < this.#waiting.length) this.#waiting[this.#next++]!.free();
    this.end();
  }

  #grow(): void {
    if (this.#array === 0) {
      this.#room = FIRST_ROOM;
      this.#array = this.#heap.malloc(FIRST_ROOM * RECORD_BYTES, StructKind.argumentArray);
    } else {
      this.#room *= 2;
      this.#heap.realloc(this.#array, this.#room * RECORD_BYTES, StructKind.argumentArray);
    }
  }
}
