/** One occupancy survey of everything the allocator has handed out: a row per granule, a row per size class, totals. */

/** Whole numbers, in as many bytes as they need. */
export type Column = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/**
 * Granules (slabs and large extents) in address order, one column per property, all of length `count`.
 * Addresses are page numbers from the start of the simulated address space, so that they are the same in
 * every runtime.
 */
export interface GranuleColumns {
  readonly count: number;
  /** First page. */
  readonly page: Uint32Array<ArrayBuffer>;
  /** Length in pages. */
  readonly pages: Uint32Array<ArrayBuffer>;
  /** Index of the size class in BuildInfo.sizeClasses. Below BuildInfo.smallClasses: a slab; else a large extent. */
  readonly sizeClass: Column;
  readonly arena: Column;
  /** Regions that the application holds. */
  readonly live: Column;
  /** Regions that the application freed and a tcache holds (or a tcache was filled with and has not handed out). */
  readonly parked: Column;
  /** Regions that the slab's bitmap says are free. */
  readonly free: Column;
  /** Virtual milliseconds at which the granule was opened. */
  readonly openedMs: Uint32Array<ArrayBuffer>;
  /** Regions handed to the application since the granule was opened (turnover). */
  readonly allocs: Uint32Array<ArrayBuffer>;
  /** 1 if the granule was open at the cohort mark. */
  readonly cohort: Column;
}

/** What an extent is that the allocator holds and has not handed out: resident, offered to the system, addresses only. */
export const EXTENT_STATES = ['dirty', 'muzzy', 'retained'] as const;
export type ExtentState = (typeof EXTENT_STATES)[number];

/**
 * Extents that the allocator holds and has not handed out, in address order. Their sums are memory.dirty, memory.muzzy
 * and memory.retained. No page is in two rows, nor in one of these and in a granule.
 */
export interface ExtentColumns {
  readonly count: number;
  /** First page. */
  readonly page: Uint32Array<ArrayBuffer>;
  /** Length in pages. */
  readonly pages: Uint32Array<ArrayBuffer>;
  readonly arena: Column;
  /** Index in EXTENT_STATES. */
  readonly state: Column;
}

export const REGION_STATES = ['free', 'parked', 'live'] as const;
export type RegionState = (typeof REGION_STATES)[number];

/** What each region of each granule is, in address order; a large extent has one region. */
export interface RegionColumns {
  /** By granule, where its regions begin in `states`; and, last, where they end. */
  readonly first: Uint32Array<ArrayBuffer>;
  /** Index in REGION_STATES. */
  readonly states: Uint8Array<ArrayBuffer>;
}

/** One small size class over all arenas. Counts are of slabs and regions. */
export interface BinRow {
  readonly size: number;
  /** Regions per slab, and pages per slab. */
  readonly regs: number;
  readonly pages: number;
  /** As jemalloc's own statistics report them. */
  readonly curregs: number;
  readonly curslabs: number;
  readonly nonfullSlabs: number;
  /** As the ledger counts them. */
  readonly live: number;
  readonly parked: number;
  readonly free: number;
  readonly drainable: number;
  readonly opened: number;
  readonly drained: number;
  /** Slabs open at the mark, and of these the ones drained or drainable now. */
  readonly cohort: number;
  readonly cohortDrained: number;
}

export interface LargeRow {
  readonly size: number;
  readonly count: number;
}

/** Bytes, as jemalloc's statistics define them. See the README for what each means. */
export interface MemoryTotals {
  readonly allocated: number;
  readonly active: number;
  readonly resident: number;
  /** The most that was resident at any moment since boot. */
  readonly peakResident: number;
  readonly mapped: number;
  readonly retained: number;
  readonly dirty: number;
  readonly muzzy: number;
  readonly metadata: number;
  /** Usable bytes of all live regions: what zmalloc calls used_memory. */
  readonly usedMemory: number;
  /** active / allocated; 0 when nothing is allocated. */
  readonly fragmentationRatio: number;
}

/** What jemalloc has asked of the operating system since boot: calls, and the bytes they were about. */
export interface SystemCalls {
  readonly maps: number;
  readonly unmaps: number;
  readonly unmappedBytes: number;
  /** Pages taken back at once (MADV_DONTNEED), and pages that may be taken (MADV_FREE). */
  readonly forcedPurges: number;
  readonly forcedPurgedBytes: number;
  readonly lazyPurges: number;
  readonly lazyPurgedBytes: number;
}

export interface DrainprofTotals {
  /** Regions (small and large) handed to the application, and taken back, since boot. */
  readonly allocs: number;
  readonly deallocs: number;
  readonly live: number;
  readonly parked: number;
  /** Slabs opened and drained since boot; tracked = opened - drained. Large extents are not slabs. */
  readonly opened: number;
  readonly drained: number;
  readonly tracked: number;
  readonly drainable: number;
  readonly pinned: number;
  /** drainable / tracked; 0 when nothing is tracked. */
  readonly dsr: number;
  /** Of the slabs open at the mark, the share drained or drainable by now; null before any mark. */
  readonly cohortDsr: number | null;
  readonly slabsAboveMinimum: number;
  readonly bytesAboveMinimum: number;
  readonly reconciled: boolean;
}

/** What a hook placement (`--hooks`) registered, beside what was there. Equal for `complete`. */
export interface HookAccounting {
  readonly hooks: HookMode;
  readonly registrations: number;
  readonly deregistrations: number;
  /** Open slabs with at least one registration, and open slabs in truth. */
  readonly slabsSeen: number;
  readonly slabsThere: number;
  /** Regions the hooks believe to be live, and regions live in truth. */
  readonly liveBelieved: number;
  readonly liveThere: number;
}

export const HOOK_MODES = ['extent', 'refill', 'asymmetric', 'fastpath', 'complete'] as const;
export type HookMode = (typeof HOOK_MODES)[number];

export interface Snapshot {
  /** The argument of the `sweep` operation: number of the phase that it ends. */
  readonly phase: number;
  /** Position in the stream: operations replayed before the sweep. */
  readonly position: number;
  readonly virtualMs: number;
  readonly memory: MemoryTotals;
  readonly system: SystemCalls;
  readonly drainprof: DrainprofTotals;
  readonly hookAccounting: HookAccounting;
  /** Small classes in use or used since boot, ascending. */
  readonly bins: readonly BinRow[];
  readonly large: readonly LargeRow[];
  readonly granules: GranuleColumns;
  readonly unused: ExtentColumns;
  /** Null unless the engine was booted with `regions`. */
  readonly regions: RegionColumns | null;
}

/** A snapshot without its columns, of which there is a row for each granule, extent or region. */
export type SnapshotTotals = Omit<Snapshot, 'granules' | 'unused' | 'regions'>;

export function totalsOf({ granules: _, unused: __, regions: ___, ...totals }: Snapshot): SnapshotTotals {
  return totals;
}

/** The memory behind a snapshot's columns, for handing it over to another thread. */
export function buffersOf({ granules, unused, regions }: Snapshot): ArrayBuffer[] {
  return [granules, unused, regions ?? {}]
    .flatMap((columns): unknown[] => Object.values(columns))
    .flatMap((column) => (ArrayBuffer.isView(column) ? [column.buffer as ArrayBuffer] : []));
}

/** The row of the granule that begins at `page`; -1 if none does. */
export function rowOfPage({ page: pages, count }: GranuleColumns, page: number): number {
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = pages[middle]!;
    if (found === page) return middle;
    if (found < page) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
