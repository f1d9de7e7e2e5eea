import type { OpWriter } from '../../stream/index.js';
import type { MemoryAccounts } from './memory-accounts.js';
import type { RegionTable } from './region-table.js';
import type { SdsPolicy } from './sds.js';
import { SizeClassTable } from './size-class-table.js';
import type { SizeClasses } from './size-classes.js';
import { KIND_MASK } from './tag.js';

/**
 * All that the model allocates goes through here on its way to the operation stream, because a server asks its
 * allocator what it was really given: sds keeps that as spare room, and `used_memory` is its sum (zmalloc.c).
 *
 * Handles are the writer's: numbers from 1, so that 0 can stand for "none".
 */
export class Heap {
  /** used_memory: usable bytes of all that is allocated. */
  used = 0;
  /** The layout of strings. */
  readonly sds: SdsPolicy;
  readonly #writer: OpWriter;
  #hasBackground = false;
  readonly #classes: SizeClasses;
  /** Size classes of regions, and what holdings keep of them. */
  readonly #table: RegionTable;

  /** `holdings`: to keep account of who holds what. */
  constructor(
    writer: OpWriter,
    classes: SizeClasses,
    sds: SdsPolicy,
    readonly accounts?: MemoryAccounts,
  ) {
    this.#writer = writer;
    this.#classes = classes;
    this.sds = sds;
    this.#table = accounts?.table ?? new SizeClassTable();
    accounts?.attach(classes, writer);
  }

  /** `owner` is a struct kind, with its subject where the kind does not imply one (see subjects.ts). */
  malloc(bytes: number, owner: number): number {
    return this.#entered(this.#writer.malloc(bytes, owner & KIND_MASK), bytes, owner);
  }

  calloc(bytes: number, owner: number): number {
    return this.#entered(this.#writer.calloc(bytes, owner & KIND_MASK), bytes, owner);
  }

  /** Resizes a region, which keeps its handle if it moves. */
  realloc(handle: number, bytes: number, owner: number): void {
    this.#writer.realloc(handle, bytes, owner & KIND_MASK);
    const sizeClass = this.#classes.classOf(bytes);
    const more = this.#classes.sizeOf(sizeClass) - this.usableOf(handle);
    this.used += more;
    this.#table.resized(handle, sizeClass);
  }

  free(handle: number): void {
    this.used -= this.usableOf(handle);
    this.#writer.free(handle);
  }

  /** malloc of something that belongs to the same key as another region does, whichever the command works on. */
  mallocBeside(handle: number, bytes: number, owner: number): number {
    const table = this.accounts?.attributionTable;
    if (table === undefined) return this.malloc(bytes, owner);
    return table.origins.aside(table.patternOf(handle), () => this.malloc(bytes, owner));
  }

  /** The region has become something else: an argument is the value now. */
  retag(handle: number, owner: number): void {
    this.#table.retag(handle, owner);
  }

  /** As retag, of a string object and its text (0 if it is embedded). */
  retagString(object: number, text: number, owner: number): void {
    this.retag(object, owner);
    if (text !== 0) this.retag(text, owner);
  }

  /** An argument outlives the command that it came with. */
  argumentKept(handle: number): void {
    this.#table.argumentKept(handle);
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
    this.accounts?.attribution?.advance(milliseconds);
  }

  /** Returns the usable size that a request of `bytes` gets. */
  usable(bytes: number): number {
    return this.#classes.usable(bytes);
  }

  /** Prefetches what freeing the allocation will read. See Prefetcher. */
  prefetch(handle: number): number {
    return this.#table.prefetch(handle);
  }

  /** Prefetches what freeing a part of a string will read, which another string replaces. */
  prefetchString(handle: number): number {
    return this.#table.prefetchString(handle);
  }

  /** Returns the usable size of an allocation. */
  usableOf(handle: number): number {
    return this.#classes.sizeOf(this.#table.classOf(handle));
  }

  #entered(handle: number, bytes: number, owner: number): number {
    const sizeClass = this.#classes.classOf(bytes);
    this.used += this.#classes.sizeOf(sizeClass);
    this.#table.entered(handle, owner, sizeClass);
    return handle;
  }
}

const MAIN_THREAD = 0;
const BACKGROUND_THREAD = 1;
