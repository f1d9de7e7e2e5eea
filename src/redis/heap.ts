import type { OpWriter } from '../trace/index.js';
import type { SizeClasses } from './size-classes.js';

/**
 * All that the model allocates goes through here on its way to the operation stream, because a server asks its
 * allocator what it was really given: sds keeps that as spare room, and `used_memory` is its sum (zmalloc.c).
 *
 * Handles are the writer's: numbers from 1, so that 0 can stand for "none".
 */
export class Heap {
  /** used_memory: usable bytes of all that is allocated. */
  used = 0;
  readonly #writer: OpWriter;
  #hasBackground = false;
  readonly #classes: SizeClasses;
  /** Size class by handle: a byte each. */
  #classOfHandle = new Uint8Array(1024);

  constructor(writer: OpWriter, classes: SizeClasses) {
    this.#writer = writer;
    this.#classes = classes;
  }

  malloc(bytes: number, owner: number): number {
    return this.#entered(this.#writer.malloc(bytes, owner), bytes);
  }

  calloc(bytes: number, owner: number): number {
    return this.#entered(this.#writer.calloc(bytes, owner), bytes);
  }

  /** The handle stays the same wherever the region goes. */
  realloc(handle: number, bytes: number, owner: number): void {
    this.#writer.realloc(handle, bytes, owner);
    const sizeClass = this.#classes.classOf(bytes);
    this.used += this.#classes.sizeOf(sizeClass) - this.usableOf(handle);
    this.#classOfHandle[handle] = sizeClass;
  }

  free(handle: number): void {
    this.used -= this.usableOf(handle);
    this.#writer.free(handle);
  }

  /** Runs `work` in the thread that frees values in the background; it has a tcache of its own. */
  inBackground(work: () => void): void {
    this.#writer.thread(BACKGROUND_THREAD);
    if (!this.#hasBackground) {
      this.#hasBackground = true;
      // jemalloc gives a thread that has only ever freed no tcache. A server asks for the size of what it frees, which
      // makes its thread a full one; so does this, and flushes nothing.
      this.#writer.flushTcache();
    }
    work();
    this.#writer.thread(MAIN_THREAD);
  }

  /** MEMORY PURGE, and what a synchronous flush ends with. */
  purge(): void {
    this.#writer.purge();
  }

  /** Virtual time goes by. */
  advance(milliseconds: number): void {
    this.#writer.advance(milliseconds);
  }

  /** What a request of `bytes` would be given. */
  usable(bytes: number): number {
    return this.#classes.usable(bytes);
  }

  /** Looks at what freeing the allocation will look at. Any number will do. See Foresight. */
  foresee(handle: number): number {
    return handle < this.#classOfHandle.length ? (this.#classOfHandle[handle] as number) : 0;
  }

  /** What the allocation was given. */
  usableOf(handle: number): number {
    return this.#classes.sizeOf(this.#classOfHandle[handle] as number);
  }

  #entered(handle: number, bytes: number): number {
    if (handle >= this.#classOfHandle.length) this.#makeRoom(handle);
    const sizeClass = this.#classes.classOf(bytes);
    this.#classOfHandle[handle] = sizeClass;
    this.used += this.#classes.sizeOf(sizeClass);
    return handle;
  }

  #makeRoom(handle: number): void {
    const longer = new Uint8Array(Math.max(handle + 1, this.#classOfHandle.length * 2));
    longer.set(this.#classOfHandle);
    this.#classOfHandle = longer;
  }
}

const MAIN_THREAD = 0;
const BACKGROUND_THREAD = 1;
