/**
 * Rewrites a stream so that chosen regions have an arena of their own. A simulated thread that the program does not have
 * allocates and frees them. It has a tcache and an arena that no other thread uses. A program gets these from jemalloc by
 * `arenas.create` and `tcache.create`.
 */
import { GrowingMemory, InputError } from '../base/index.js';
import {
  allocateColumns,
  endsRegion,
  Kind,
  MAX_THREADS,
  makesRegion,
  type OpChunk,
} from '../stream/index.js';

/** The thread of the arena. */
const OWN_THREAD = MAX_THREADS - 1;

/** Whether the arena takes a region, by its owner tag, its thread, and the position of its allocation. */
export type IsChosen = (tag: number, thread: number, position: number) => boolean;

/** Rewrites the chunks of one stream, in their order. */
export class OwnArena {
  readonly #isChosen: IsChosen;
  /** Whether the region of a handle is in the arena; a byte for each. */
  readonly #memory = new GrowingMemory('the regions of an arena');
  /** The thread of the program that runs, and the one that runs in the rewritten stream. */
  #thread = 0;
  #actual = 0;
  #hasEnded = false;
  #hasArena = false;
  #chosen = 0;
  #position = 0;
  /** Positions in the original stream, by those of the sweeps in the rewritten one. */
  readonly #sweeps = new Map<number, number>();

  constructor(isChosen: IsChosen) {
    this.#isChosen = isChosen;
  }

  /** Number of allocations that went to the arena. */
  get chosen(): number {
    return this.#chosen;
  }

  /** Returns the position in the original stream, of a sweep or of the end. */
  originalOf(position: number): number {
    return this.#sweeps.get(position) ?? position;
  }

  rewrite(chunk: OpChunk): OpChunk {
    const out = new Rewritten(this.#position, chunk.length);
    for (let at = 0; at < chunk.length; at++) {
      const what = chunk.what[at]!;
      const handle = chunk.handle[at]!;
      const size = chunk.size[at]!;
      const kind = what & 0xff;
      const original = chunk.firstPosition + at;
      if (makesRegion(kind)) this.#runForNew(what >>> 8, handle, original, out);
      else if (endsRegion(kind)) this.#runForOld(handle, out);
      else this.#switchFor(kind, handle, size, out);
      out.add(what, handle, size);
      if (kind === Kind.sweep) this.#sweeps.set(this.#position + out.length, original + 1);
    }
    const rewritten = out.finish();
    this.#position += rewritten.length;
    return rewritten;
  }

  /** Switches to the thread that an operation belongs to. */
  #switchFor(kind: number, handle: number, size: number, out: Rewritten): void {
    switch (kind) {
      case Kind.thread:
        if (size === OWN_THREAD) {
          throw new InputError(
            `thread ${size}: is kept for the arena of an owner; the stream must not use it`,
          );
        }
        this.#thread = size;
        this.#actual = size;
        this.#hasEnded = false;
        break;
      case Kind.threadEnd:
        // A thread that ends by itself is current, since its late destructors may follow.
        if (size === this.#thread) {
          this.#run(this.#thread, out);
          this.#hasEnded = true;
        }
        break;
      case Kind.realloc:
      case Kind.rallocx:
      case Kind.xallocx:
      case Kind.defragTry:
        this.#runForOld(handle, out);
        break;
      case Kind.flushTcache:
        this.#run(this.#thread, out);
        break;
    }
  }

  #runForNew(tag: number, handle: number, position: number, out: Rewritten): void {
    const isChosen = this.#isChosen(tag, this.#thread, position);
    this.#memory.reach(handle + 1);
    this.#memory.bytes[handle] = isChosen ? 1 : 0;
    this.#chosen += Number(isChosen);
    this.#run(isChosen ? OWN_THREAD : this.#thread, out);
  }

  #runForOld(handle: number, out: Rewritten): void {
    const isIn = handle < this.#memory.bytes.length && this.#memory.bytes[handle] === 1;
    this.#run(isIn ? OWN_THREAD : this.#thread, out);
  }

  #run(thread: number, out: Rewritten): void {
    // The number of a thread that has ended would begin another one.
    if (thread === this.#actual || (this.#hasEnded && thread !== OWN_THREAD)) return;
    out.add(Kind.thread, 0, thread);
    this.#actual = thread;
    if (thread !== OWN_THREAD || this.#hasArena) return;
    out.add(Kind.ownArena, 0, 0);
    this.#hasArena = true;
  }
}

/** Columns that grow. */
class Rewritten {
  readonly #firstPosition: number;
  #columns: Uint32Array[];
  #length = 0;

  constructor(firstPosition: number, expected: number) {
    this.#firstPosition = firstPosition;
    this.#columns = [0, 1, 2].map(() => new Uint32Array(2 * expected + 8));
  }

  add(what: number, handle: number, size: number): void {
    const at = this.#length;
    if (at === this.#columns[0]!.length) {
      this.#columns = this.#columns.map((column) => {
        const wider = new Uint32Array(2 * column.length);
        wider.set(column);
        return wider;
      });
    }
    const [whats, handles, sizes] = this.#columns as [Uint32Array, Uint32Array, Uint32Array];
    whats[at] = what;
    handles[at] = handle;
    sizes[at] = size;
    this.#length++;
  }

  get length(): number {
    return this.#length;
  }

  finish(): OpChunk {
    const length = this.#length;
    const { what, handle, size } = allocateColumns(length);
    [what, handle, size].forEach((column, at) => {
      column.set(this.#columns[at]!.subarray(0, length));
    });
    return { firstPosition: this.#firstPosition, length, what, handle, size };
  }
}
