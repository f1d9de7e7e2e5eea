import type { DefragSetting, OpWriter } from '../../stream/index.js';
import type { MemoryAccounts } from './memory-accounts.js';
import type { RegionTable } from './region-table.js';
import type { SdsPolicy } from './sds.js';
import { SizeClassTable } from './size-class-table.js';
import type { SizeClasses } from './size-classes.js';
import { KIND_MASK } from './tag.js';

/**
 * Passes all allocations of the model to the operation stream, and keeps their usable sizes. A server asks its
 * allocator for these: sds uses them as spare room, and `used_memory` is their sum (zmalloc.c).
 *
 * Handles are the writer's numbers from 1, so that 0 can stand for "none".
 */
export class Heap {
  /** The usable bytes of all regions (used_memory). */
  used = 0;
  /** The layout of strings. */
  readonly sds: SdsPolicy;
  readonly #writer: OpWriter;
  #hasBackground = false;
  /** Operations that change no allocation of the server: time that passes, and what active defragmentation tries. */
  #passive = 0;
  readonly #classes: SizeClasses;
  /** The size classes of regions, with their owners if there are accounts. */
  readonly #table: RegionTable;

  /** `accounts` are the memory accounts to keep, if any. */
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

  /** Allocates a region. `owner` is a struct kind, with a data type where the kind does not imply one (see tag.ts). */
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

  /** Allocates a region that belongs to the same key as another region, whichever the current key is. */
  mallocBeside(handle: number, bytes: number, owner: number): number {
    const table = this.accounts?.attributionTable;
    if (table === undefined) return this.malloc(bytes, owner);
    return table.origins.aside(table.patternOf(handle), () => this.malloc(bytes, owner));
  }

  /** Changes the owner of a region, as when an argument becomes a value. */
  retag(handle: number, owner: number): void {
    this.#table.retag(handle, owner);
  }

  /** Changes the owner of a string object and its text (0 if it is embedded). */
  retagString(object: number, text: number, owner: number): void {
    this.retag(object, owner);
    if (text !== 0) this.retag(text, owner);
  }

  /** Marks an argument that outlives its command. */
  argumentKept(handle: number): void {
    this.#table.argumentKept(handle);
  }

  /** Runs `work` in the thread that frees values in the background; it has a tcache of its own. */
  inBackground(work: () => void): void {
    this.#writer.thread(BACKGROUND_THREAD);
    if (!this.#hasBackground) {
      this.#hasBackground = true;
      // jemalloc gives no tcache to a thread that only frees. A server asks for the size of each region that it frees,
      // which creates the tcache of its thread. This flush has the same effect and flushes nothing.
      this.#writer.flushTcache();
    }
    try {
      work();
    } finally {
      this.#writer.thread(MAIN_THREAD);
    }
  }

  /** Runs `work` with the tcache and the arena of one of the server's interpreters of scripts. */
  inInterpreter(number: number, work: () => void): void {
    this.#writer.thread(FIRST_INTERPRETER + number);
    work();
    this.#writer.thread(MAIN_THREAD);
  }

  /** Purges the allocator, as MEMORY PURGE and the end of a synchronous flush do. */
  purge(): void {
    this.#writer.purge();
  }

  /** Runs the allocator's decay, as its background thread does. */
  decay(): void {
    this.#writer.decay();
    this.#passive++;
  }

  /** Empties the tcache of the current thread. */
  flushCache(): void {
    this.#writer.flushTcache();
  }

  /** Advances virtual time, in several operations if it is longer than an operation can hold. */
  advance(milliseconds: number): void {
    for (let left = milliseconds; left > 0; left -= MAX_ADVANCE_MS) {
      this.#writer.advance(Math.min(left, MAX_ADVANCE_MS));
      this.#passive++;
    }
    this.accounts?.attribution?.advance(milliseconds);
  }

  defragSet(setting: DefragSetting, value: number): void {
    this.#writer.defragSet(setting, value);
    this.#passive++;
  }

  defragPass(begins: boolean): void {
    this.#writer.defragPass(begins);
    this.#passive++;
  }

  /** Tries a region, which the scan of active defragmentation has reached in so many nanoseconds. */
  defragTry(handle: number, marks: number, scanNs: number): void {
    this.#writer.defragTry(handle, marks, scanNs);
    this.#passive++;
  }

  /** Allocates a region of active defragmentation itself. It exists only where the allocator lets the defragger run. */
  defragMalloc(bytes: number, owner: number): number {
    this.#passive++;
    return this.#entered(this.#writer.defragMalloc(bytes, owner & KIND_MASK), bytes, owner);
  }

  defragFree(handle: number): void {
    this.#passive++;
    this.used -= this.usableOf(handle);
    this.#writer.defragFree(handle);
  }

  /** A number that grows with each change of the server's own allocations. */
  get changes(): number {
    return this.#writer.position - this.#passive;
  }

  /** The number of operations so far. */
  get position(): number {
    return this.#writer.position;
  }

  /** Returns the usable size that a request of `bytes` gets. */
  usable(bytes: number): number {
    return this.#classes.usable(bytes);
  }

  /** Prefetches what freeing the allocation will read. See Prefetcher. */
  prefetch(handle: number): number {
    return this.#table.prefetch(handle);
  }

  /** Prefetches what freeing a part of a string will read, if another string replaces it. */
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

/** The longest time that one operation holds, about 49 days. */
const MAX_ADVANCE_MS = 0xffffffff;

const MAIN_THREAD = 0;
const BACKGROUND_THREAD = 1;
/** The number of the first thread of an interpreter. */
export const FIRST_INTERPRETER = 2;
