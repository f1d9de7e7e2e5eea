/**
 * A seeded stream of every kind of operation over mixed sizes and threads, with the reference model beside it.
 */
import { Random } from '#slablab/src/base/index.js';
import { DEFRAG_FAMILIES, type OpChunk, OpWriter } from '#slablab/src/stream/index.js';
import type { Reference } from './reference.js';

export interface FuzzOptions {
  readonly seed: number;
  readonly threads: number;
  /** Live allocations the stream settles around; it swings between a fifth of it and all of it. */
  readonly liveTarget: number;
}

interface Live {
  readonly handle: number;
  readonly size: number;
}

export class RandomStream {
  readonly writer = new OpWriter();
  readonly #random: Random;
  readonly #live: Live[] = [];
  readonly #livingThreads = new Set([0]);
  #thread = 0;
  #growing = true;
  #isDefragging = false;

  constructor(
    readonly options: FuzzOptions,
    readonly reference: Reference,
  ) {
    this.#random = new Random(options.seed);
    this.#setDefrag();
  }

  get livingThreads(): number {
    return this.#livingThreads.size;
  }

  /** Writes `operations` operations and yields what they fill. */
  *write(operations: number): Generator<OpChunk> {
    const end = this.writer.position + operations;
    while (this.writer.position < end) {
      this.#step();
      if (this.writer.full) yield* this.writer.takeFull();
    }
    yield* this.writer.takeAll();
  }

  #step(): void {
    const { liveTarget } = this.options;
    if (this.#live.length >= liveTarget) this.#growing = false;
    if (this.#live.length <= liveTarget / 5) this.#growing = true;
    const draw = this.#random.below(10_000);
    if (draw < 4) this.#control(draw);
    else if (draw < 11) this.#switchThread();
    else if (draw < 12) this.#endThread();
    else if (draw < 16) this.#switchDefrag();
    else if (draw < 800 && this.#isDefragging && this.#live.length > 0) this.#try();
    else if (draw < 2000 && this.#live.length > 0) this.#resize();
    else if (draw < (this.#growing ? 6400 : 5200) || this.#live.length === 0) this.#allocate();
    else this.#free();
  }

  #control(draw: number): void {
    const { writer } = this;
    if (draw === 0) writer.purge();
    else if (draw === 1) writer.decay();
    else if (draw === 2) writer.flushTcache();
    else writer.mark();
    writer.advance(1 + this.#random.below(2000));
  }

  /** Lets the defragger run at any fragmentation, in one of the families and with effort that changes. */
  #setDefrag(): void {
    const { writer } = this;
    writer.defragSet('family', this.#random.below(DEFRAG_FAMILIES.length));
    writer.defragSet('smallBins', this.#random.below(2));
    writer.defragSet('decays', this.#random.below(2));
    writer.defragSet('ignoreBytes', 1);
    writer.defragSet('cycleMin', 1 + this.#random.below(20));
    writer.defragSet('cycleMax', 20 + this.#random.below(80));
    writer.defragSet('thresholdUpper', 100);
    writer.defragSet('checkMicros', 10_000 + this.#random.below(100_000));
    writer.defragSet('enabled', 1);
  }

  #switchDefrag(): void {
    if (this.#random.below(4) === 0) this.#setDefrag();
    this.#isDefragging = this.#random.below(8) > 0;
    this.writer.defragPass(this.#isDefragging);
  }

  /** Tries a region, which keeps its size class wherever it goes. */
  #try(): void {
    const { handle } = this.#live[this.#random.below(this.#live.length)]!;
    this.writer.defragTry(handle, this.#random.below(4), this.#random.below(2000));
  }

  #switchThread(): void {
    this.#begin(this.#random.below(this.options.threads));
  }

  /** Ends a thread, and begins another one if it was the current one. */
  #endThread(): void {
    const living = [...this.#livingThreads];
    const thread = living[this.#random.below(living.length)]!;
    // The regions that jemalloc itself holds for the thread that booted it are not those of a later thread.
    if (thread === 0) return;
    this.writer.threadEnd(thread);
    this.#livingThreads.delete(thread);
    if (thread === this.#thread) this.#begin(this.#random.below(this.options.threads));
  }

  #begin(thread: number): void {
    this.writer.thread(thread);
    this.#livingThreads.add(thread);
    this.#thread = thread;
    // A thread that only frees never starts its tcache; what follows must not depend on that.
    this.#allocate();
  }

  /** Small sizes mostly; every class of slab; now and then something large. */
  #size(): number {
    const draw = this.#random.below(1000);
    if (draw < 700) return 1 + this.#random.below(512);
    if (draw < 950) return 1 + this.#random.below(8192);
    if (draw < 995) return 1 + this.#random.below(65_536);
    return 1 + this.#random.below(2 ** 20);
  }

  #allocate(): void {
    const { writer, reference } = this;
    const size = this.#size();
    const draw = this.#random.below(100);
    if (draw < 5) {
      const alignmentLog2 = 3 + this.#random.below(11);
      const handle = writer.aligned(alignmentLog2, size);
      reference.allocate(handle, size, alignmentLog2);
      this.#live.push({ handle, size: 0 });
      return;
    }
    const handle =
      draw < 15 ? writer.calloc(size) : draw < 18 ? writer.mallocNoTcache(size) : writer.malloc(size);
    reference.allocate(handle, size);
    this.#live.push({ handle, size });
  }

  #resize(): void {
    const i = this.#random.below(this.#live.length);
    const { handle } = this.#live[i]!;
    const size = this.#size();
    const draw = this.#random.below(10);
    if (draw === 0 && this.reference.isSmall(handle)) {
      // xallocx never moves, and a slab's regions have one size: nothing changes.
      this.writer.xallocx(handle, size);
      return;
    }
    if (draw < 3) this.writer.rallocx(handle, size);
    else this.writer.realloc(handle, size);
    this.reference.resize(handle, size);
    this.#live[i] = { handle, size };
  }

  #free(): void {
    const i = this.#random.below(this.#live.length);
    const { handle, size } = this.#live[i]!;
    this.#live[i] = this.#live[this.#live.length - 1]!;
    this.#live.pop();
    const draw = this.#random.below(20);
    if (draw === 0) this.writer.freeNoTcache(handle);
    else if (draw === 1 && size > 0) this.writer.freeSized(handle, size);
    else this.writer.free(handle);
    this.reference.free(handle);
  }
}
