import { MIB } from '../../base/index.js';
import type { Heap } from './heap.js';
import { sdsHeader } from './sds.js';
import type { StructKind } from './struct-kind.js';

/** From this length on, growing a string adds a fixed spare instead of doubling it (sds.h: SDS_MAX_PREALLOC). */
const MAX_SPARE = MIB;

/**
 * Models an sds that grows and shrinks. Its allocations depend on handle, length, room and header alone. `room` is the
 * alloc field of sds: the bytes it may hold without another allocation.
 */
export class SdsString {
  handle = 0;
  length = 0;
  room = 0;
  header = 0;
  readonly #heap: Heap;
  readonly #owner: StructKind;

  constructor(heap: Heap, owner: StructKind) {
    this.#heap = heap;
    this.#owner = owner;
  }

  get spare(): number {
    return this.room - this.length;
  }

  /** Creates a string (sdsnewlen). A previous string is not freed: it has another owner. */
  create(length: number): this {
    this.header = sdsHeader(this.#heap.sds, length);
    this.handle = this.#heap.malloc(this.header + length + 1, this.#owner);
    this.length = length;
    this.room = this.header === 1 ? length : this.#usableRoom();
    return this;
  }

  /** Makes room for more bytes (sdsMakeRoomFor, which is greedy, and sdsMakeRoomForNonGreedy). */
  makeRoomFor(more: number, greedy: boolean): void {
    if (this.spare >= more) return;
    let length = this.length + more;
    if (greedy) length += Math.min(length, MAX_SPARE);
    this.#reallocate(length, Math.max(3, sdsHeader(this.#heap.sds, length)));
    this.room = this.#usableRoom();
  }

  /** Resizes the string to a room of `size`, or more where the policy keeps spare bytes (sdsResize). */
  resize(size: number, wouldRegrow: boolean): void {
    if (this.room === size) return;
    const header =
      size > 0 && size < 32
        ? wouldRegrow
          ? 3
          : 1
        : Math.max(sdsHeader(this.#heap.sds, size), wouldRegrow ? 3 : 1);
    const keepsHeader = header === this.header || (header < this.header && header > 3);
    const kept = keepsHeader ? this.header : header;
    if (!keepsHeader || this.#heap.usable(kept + size + 1) !== this.#heap.usableOf(this.handle)) {
      this.#reallocate(size, kept);
    }
    this.length = Math.min(this.length, size);
    this.room = this.#heap.sds.keepsSpareWhenCut && this.header > 1 ? this.#usableRoom() : size;
  }

  /** Frees the allocation that the string had before `create`. */
  release(handle: number): void {
    this.#heap.free(handle);
  }

  free(): void {
    this.#heap.free(this.handle);
    this.handle = 0;
  }

  // A string whose header changes has to move: realloc cannot shift its text.
  #reallocate(length: number, header: number): void {
    if (header === this.header) {
      this.#heap.realloc(this.handle, header + length + 1, this.#owner);
      return;
    }
    const handle = this.#heap.malloc(header + length + 1, this.#owner);
    this.#heap.free(this.handle);
    this.handle = handle;
    this.header = header;
  }

  #usableRoom(): number {
    return usableRoom(this.#heap, this.handle, this.header);
  }
}

/** Returns the room that an sds counts in its allocation: a small header cannot count all of it. */
export function usableRoom(heap: Heap, handle: number, header: number): number {
  const room = heap.usableOf(handle) - header - 1;
  if (header === 3) return Math.min(room, 0xff);
  return header === 5 ? Math.min(room, 0xffff) : room;
}
