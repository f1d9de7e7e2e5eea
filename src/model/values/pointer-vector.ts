import { DataType, type Heap, StructKind, tagOf } from '../heap/index.js';
import type { Try } from '../keyspace/index.js';
import type { ByteCount } from './byte-count.js';

/** The words in front of the pointers: their number and the room of the region. */
const HEAD_BYTES = 8;
const POINTER_BYTES = 8;
const OWNER = tagOf(StructKind.fieldTimes, DataType.fieldExpiry);

/** An array of pointers in one region, which grows to the exact size and shrinks to it (vset.c: pVector). */
export class PointerVector {
  readonly #heap: Heap;
  readonly #tally: ByteCount;
  readonly #handle: number;
  /** The room of the region as the server notes it: the requested bytes at first, the usable ones after a realloc. */
  room: number;
  /** The bytes that were last requested. */
  #requested: number;

  constructor(
    heap: Heap,
    tally: ByteCount,
    readonly members: number[],
    capacity = members.length,
  ) {
    this.#heap = heap;
    this.#tally = tally;
    this.#requested = HEAD_BYTES + capacity * POINTER_BYTES;
    this.room = this.#requested;
    this.#handle = heap.malloc(this.#requested, OWNER);
    tally.bytes += this.#requested;
  }

  get size(): number {
    return this.members.length;
  }

  /** Returns the bytes that were requested for the region. */
  get bytes(): number {
    return this.#requested;
  }

  insert(member: number, at = this.size): void {
    const required = HEAD_BYTES + (this.size + 1) * POINTER_BYTES;
    if (this.room < required) this.#resize(required);
    this.members.splice(at, 0, member);
  }

  /** Removes a member that is neither the only one nor one of two. */
  remove(member: number): void {
    this.members.splice(this.members.indexOf(member), 1);
    this.#shrinkToFit();
  }

  /** Removes a member and puts the last one into its place. */
  replaceByLast(member: number): void {
    const { members } = this;
    const last = members.pop()!;
    if (last !== member) members[members.indexOf(member)] = last;
    this.#shrinkToFit();
  }

  /** Returns a new vector of the members from a place on, and shrinks to those before it (pvSplit). */
  split(at: number): PointerVector {
    const right = new PointerVector(this.#heap, this.#tally, this.members.splice(at));
    right.room = this.#heap.usableOf(right.#handle);
    this.#shrinkToFit();
    return right;
  }

  defragment(attempt: Try): void {
    attempt(this.#handle);
  }

  free(): void {
    this.#tally.bytes -= this.#requested;
    this.#heap.free(this.#handle);
  }

  #shrinkToFit(): void {
    const required = HEAD_BYTES + this.size * POINTER_BYTES;
    if (this.room > required) this.#resize(required);
  }

  #resize(bytes: number): void {
    this.#heap.realloc(this.#handle, bytes, OWNER);
    this.#tally.bytes += bytes - this.#requested;
    this.#requested = bytes;
    this.room = this.#heap.usableOf(this.#handle);
  }
}
