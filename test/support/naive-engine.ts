/**
 * An engine that is obviously right and not at all like jemalloc: first fit into the lowest slab, no caches, no clock,
 * large regions counted only. For tests of what stands above an engine.
 */
import { ReturningMap } from '#slablab/src/base/index.js';
import { type BuildInfo, type Engine, NOWHERE } from '#slablab/src/engine/engine.js';
import { EngineError, OutOfMemoryError, StreamError } from '#slablab/src/engine/engine-errors.js';
import type { BinRow, ExtentColumns, GranuleColumns, Snapshot } from '#slablab/src/engine/snapshot.js';
import { Kind, type OpChunk } from '#slablab/src/stream/index.js';

const PAGE = 4096;
const SMALL = [8, 16, 24, 32, 48, 64, 128, 256, 1024];
const LARGE = [16_384, 24_576, 32_768, 1_048_576];

export const NAIVE_INFO: BuildInfo = {
  build: 'naive',
  jemallocVersion: 'none',
  pageSize: PAGE,
  quantum: 8,
  cacheOblivious: false,
  sizeClasses: [...SMALL, ...LARGE],
  smallClasses: SMALL.length,
  options: {},
  regionsPerSlab: SMALL.map((size) => PAGE / size).map(Math.floor),
  pagesPerSlab: SMALL.map(() => 1),
};

/** What it takes back is gone. */
const NOTHING_UNUSED: ExtentColumns = {
  count: 0,
  page: new Uint32Array(),
  pages: new Uint32Array(),
  arena: new Uint32Array(),
  state: new Uint32Array(),
};

interface Slab {
  readonly sizeClass: number;
  readonly page: number;
  live: number;
  cohort: boolean;
}

interface Region {
  readonly sizeClass: number;
  readonly slab: Slab | null;
}

export interface NaiveOptions {
  /** Slabs there is memory for. */
  readonly maxSlabs?: number;
}

export class NaiveEngine implements Engine {
  readonly runtime = 'wasm';
  readonly info = NAIVE_INFO;
  readonly replayed: OpChunk[] = [];
  closed = false;
  readonly #maxSlabs: number;
  readonly #regions = new ReturningMap<number, Region>();
  #slabs: Slab[] = [];
  readonly #opened = SMALL.map(() => 0);
  readonly #drained = SMALL.map(() => 0);
  readonly #cohort = SMALL.map(() => 0);
  readonly #cohortDrained = SMALL.map(() => 0);
  #nextPage = 0;
  #peakPages = 0;
  #allocs = 0;
  #deallocs = 0;
  #position = 0;
  #virtualMs = 0;
  #marked = false;

  constructor({ maxSlabs = Number.POSITIVE_INFINITY }: NaiveOptions = {}) {
    this.#maxSlabs = maxSlabs;
  }

  async replay(chunk: OpChunk): Promise<Snapshot[]> {
    this.replayed.push(chunk);
    const snapshots: Snapshot[] = [];
    try {
      for (let index = 0; index < chunk.length; index++) {
        this.#position = chunk.firstPosition + index;
        const kind = chunk.what[index]! & 0xff;
        const handle = chunk.handle[index]!;
        const size = chunk.size[index]!;
        if (kind === Kind.sweep) snapshots.push(this.#snapshot(size));
        else this.#operation(kind, handle, size);
      }
      this.#position = chunk.firstPosition + chunk.length;
      return snapshots;
    } catch (error) {
      if (error instanceof StreamError || error instanceof OutOfMemoryError) error.snapshots = snapshots;
      throw error;
    }
  }

  async survey(phase: number): Promise<Snapshot> {
    return this.#snapshot(phase);
  }

  giveBack(): void {}

  /** Large regions are counted only: they lie nowhere. */
  async locate(): Promise<Uint32Array<ArrayBuffer>> {
    const handles = Array.from(this.#regions, ([handle]) => handle);
    const places = new Uint32Array(Math.max(0, ...handles) + 1).fill(NOWHERE);
    for (const [handle, { slab }] of this.#regions) if (slab !== null) places[handle] = slab.page;
    return places;
  }

  /** It has no words of its own. */
  async statistics(): Promise<string> {
    throw new EngineError('the naive engine is no jemalloc, whose text this would be');
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  #operation(kind: number, handle: number, size: number): void {
    if (kind === Kind.malloc || kind === Kind.calloc) this.#allocate(handle, size);
    else if (kind === Kind.free) this.#free(handle);
    else if (kind === Kind.realloc) {
      this.#free(handle);
      this.#allocate(handle, size);
    } else if (kind === Kind.advance) this.#virtualMs += size;
    else if (kind === Kind.mark) this.#mark();
    else
      throw new StreamError(
        `position ${this.#position}: kind ${kind} is beyond the naive engine`,
        this.#position,
      );
  }

  #allocate(handle: number, size: number): void {
    const sizeClass = NAIVE_INFO.sizeClasses.findIndex((candidate) => candidate >= size);
    const slab = sizeClass < SMALL.length ? this.#roomIn(sizeClass) : null;
    if (slab !== null) slab.live++;
    this.#regions.set(handle, { sizeClass, slab });
    this.#allocs++;
  }

  #roomIn(sizeClass: number): Slab {
    const room = NAIVE_INFO.regionsPerSlab[sizeClass]!;
    // The newest slabs are the ones with room while memory fills up: looking there first keeps large tests bearable.
    const found = [...this.#slabs].reverse().find((slab) => slab.sizeClass === sizeClass && slab.live < room);
    if (found !== undefined) return found;
    if (this.#slabs.length >= this.#maxSlabs) {
      throw new OutOfMemoryError(`position ${this.#position}: no room for another slab`, this.#position);
    }
    const slab = { sizeClass, page: this.#nextPage++, live: 0, cohort: false };
    this.#slabs.push(slab);
    this.#peakPages = Math.max(this.#peakPages, this.#slabs.length);
    this.#opened[sizeClass]!++;
    return slab;
  }

  #free(handle: number): void {
    const region = this.#regions.get(handle);
    if (region === undefined) {
      throw new StreamError(`position ${this.#position}: free of unknown handle ${handle}`, this.#position);
    }
    this.#regions.delete(handle);
    this.#deallocs++;
    const { slab, sizeClass } = region;
    if (slab === null) return;
    slab.live--;
    if (slab.live > 0) return;
    this.#slabs = this.#slabs.filter((other) => other !== slab);
    this.#drained[sizeClass]!++;
    if (slab.cohort) this.#cohortDrained[sizeClass]!++;
  }

  #mark(): void {
    this.#marked = true;
    for (const slab of this.#slabs) {
      slab.cohort = true;
      this.#cohort[slab.sizeClass]!++;
    }
  }

  #snapshot(phase: number): Snapshot {
    const bins = SMALL.flatMap((_, sizeClass) => (this.#opened[sizeClass] ? [this.#bin(sizeClass)] : []));
    const sum = (value: (bin: BinRow) => number) => bins.reduce((total, bin) => total + value(bin), 0);
    const tracked = this.#slabs.length;
    const above = (bin: BinRow) => bin.curslabs - Math.ceil(bin.live / bin.regs);
    const allocated = sum((bin) => bin.live * bin.size);
    const active = tracked * PAGE;
    const cohort = sum((bin) => bin.cohort);
    return {
      phase,
      position: this.#position,
      virtualMs: this.#virtualMs,
      memory: {
        allocated,
        active,
        resident: active,
        peakResident: this.#peakPages * PAGE,
        mapped: this.#nextPage * PAGE,
        retained: 0,
        dirty: 0,
        muzzy: 0,
        metadata: 0,
        usedMemory: allocated,
        fragmentationRatio: allocated === 0 ? 0 : active / allocated,
      },
      // Slabs are mapped and unmapped one by one, and nothing is purged.
      system: {
        maps: sum((bin) => bin.opened),
        unmaps: sum((bin) => bin.drained),
        unmappedBytes: sum((bin) => bin.drained) * PAGE,
        forcedPurges: 0,
        forcedPurgedBytes: 0,
        lazyPurges: 0,
        lazyPurgedBytes: 0,
      },
      drainprof: {
        allocs: this.#allocs,
        deallocs: this.#deallocs,
        live: this.#regions.size,
        parked: 0,
        opened: sum((bin) => bin.opened),
        drained: sum((bin) => bin.drained),
        tracked,
        drainable: 0,
        pinned: tracked,
        dsr: 0,
        cohortDsr: !this.#marked ? null : cohort === 0 ? 0 : sum((bin) => bin.cohortDrained) / cohort,
        slabsAboveMinimum: sum(above),
        bytesAboveMinimum: sum(above) * PAGE,
        reconciled: true,
      },
      hookAccounting: {
        hooks: 'complete',
        registrations: this.#allocs,
        deregistrations: this.#deallocs,
        slabsSeen: tracked,
        slabsThere: tracked,
        liveBelieved: this.#regions.size,
        liveThere: this.#regions.size,
      },
      bins,
      large: [],
      granules: this.#granules(),
      unused: NOTHING_UNUSED,
      regions: null,
    };
  }

  #bin(sizeClass: number): BinRow {
    const slabs = this.#slabs.filter((slab) => slab.sizeClass === sizeClass);
    const regs = NAIVE_INFO.regionsPerSlab[sizeClass]!;
    const live = slabs.reduce((total, slab) => total + slab.live, 0);
    return {
      size: SMALL[sizeClass]!,
      regs,
      pages: 1,
      curregs: live,
      curslabs: slabs.length,
      nonfullSlabs: slabs.filter((slab) => slab.live < regs).length,
      live,
      parked: 0,
      free: slabs.length * regs - live,
      drainable: 0,
      opened: this.#opened[sizeClass]!,
      drained: this.#drained[sizeClass]!,
      cohort: this.#cohort[sizeClass]!,
      cohortDrained: this.#cohortDrained[sizeClass]!,
    };
  }

  #granules(): GranuleColumns {
    const slabs = this.#slabs;
    const column = (value: (slab: Slab) => number) => Uint32Array.from(slabs, value);
    return {
      count: slabs.length,
      page: column((slab) => slab.page),
      pages: column(() => 1),
      sizeClass: column((slab) => slab.sizeClass),
      arena: column(() => 0),
      live: column((slab) => slab.live),
      parked: column(() => 0),
      free: column((slab) => NAIVE_INFO.regionsPerSlab[slab.sizeClass]! - slab.live),
      openedMs: column(() => 0),
      allocs: column(() => 0),
      cohort: column((slab) => (slab.cohort ? 1 : 0)),
    };
  }
}
