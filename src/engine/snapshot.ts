import { indexInAscending } from '../base/index.js';

/** A snapshot of the allocator: one row per granule, one row per size class, and totals. */

/** A column of whole numbers, in 1, 2 or 4 bytes each. */
export type Column = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/**
 * Granules (slabs and large extents) in address order, in columns of length `count`. A page is a number, counted from
 * the start of the simulated address space, so it is the same in every runtime.
 */
export interface GranuleColumns {
  readonly count: number;
  /** First page. */
  readonly page: Uint32Array<ArrayBuffer>;
  /** Length in pages. */
  readonly pages: Uint32Array<ArrayBuffer>;
  /** Index of the size class in BuildInfo.sizeClasses: of a slab below BuildInfo.smallClasses, else of a large extent. */
  readonly sizeClass: Column;
  readonly arena: Column;
  /** Regions that the application holds. */
  readonly live: Column;
  /** Regions that a tcache holds: freed by the application, or filled and not yet handed out. */
  readonly parked: Column;
  /** Regions that are free in the slab's bitmap. */
  readonly free: Column;
  /** Virtual milliseconds at which the granule was opened. */
  readonly openedMs: Uint32Array<ArrayBuffer>;
  /** Regions handed to the application since the granule was opened (turnover). */
  readonly allocs: Uint32Array<ArrayBuffer>;
  /** 1 if the granule was open at the cohort mark, else 0. */
  readonly cohort: Column;
}

/** States of an unused extent: resident, offered to the system (MADV_FREE), and address space without memory. */
export const EXTENT_STATES = ['dirty', 'muzzy', 'retained'] as const;
export type ExtentState = (typeof EXTENT_STATES)[number];

/**
 * Unused extents, which the allocator holds and no allocation uses, in address order. Their sums by state are
 * memory.dirty, memory.muzzy and memory.retained. A page is in at most one row of granules and unused extents together.
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

/** The states of all regions, by granule and address; a large extent has one region. */
export interface RegionColumns {
  /** The regions of row r are `states` from first[r] up to, but not including, first[r + 1]. */
  readonly first: Uint32Array<ArrayBuffer>;
  /** Indices in REGION_STATES. */
  readonly states: Uint8Array<ArrayBuffer>;
}

/** The bins of one small size class, over all arenas. */
export interface BinRow {
  /** Bytes of a region. */
  readonly size: number;
  /** Regions of a slab. */
  readonly regs: number;
  /** Pages of a slab. */
  readonly pages: number;
  /** Held regions, slabs, and slabs that are not full, from jemalloc's own statistics. */
  readonly curregs: number;
  readonly curslabs: number;
  readonly nonfullSlabs: number;
  /** Regions by state, from the ledger. */
  readonly live: number;
  readonly parked: number;
  readonly free: number;
  /** Slabs without a live region. */
  readonly drainable: number;
  /** Slabs opened and drained since boot. */
  readonly opened: number;
  readonly drained: number;
  /** Slabs open at the mark. */
  readonly cohort: number;
  /** Slabs of the cohort that are drained or drainable now. */
  readonly cohortDrained: number;
}

/** A large size class over all arenas: bytes of an extent, and number of extents in use. */
export interface LargeRow {
  readonly size: number;
  readonly count: number;
}

/** Totals in bytes, as jemalloc's statistics (`stats.*` of mallctl) define them. */
export interface MemoryTotals {
  readonly allocated: number;
  readonly active: number;
  readonly resident: number;
  /** Maximum of `resident` at any moment since boot. */
  readonly peakResident: number;
  readonly mapped: number;
  readonly retained: number;
  readonly dirty: number;
  readonly muzzy: number;
  readonly metadata: number;
  /** Usable bytes of all live regions, which is zmalloc's used_memory. */
  readonly usedMemory: number;
  /** active / allocated; 0 if nothing is allocated. */
  readonly fragmentationRatio: number;
}

/** Calls of jemalloc to the operating system since boot, and the bytes that they unmapped or purged. */
export interface SystemCalls {
  readonly maps: number;
  readonly unmaps: number;
  readonly unmappedBytes: number;
  /** Purges by MADV_DONTNEED, after which the memory is free at once. */
  readonly forcedPurges: number;
  readonly forcedPurgedBytes: number;
  /** Purges by MADV_FREE, after which the system may take the memory. */
  readonly lazyPurges: number;
  readonly lazyPurgedBytes: number;
}

/** The work of active defragmentation since boot, and its state. */
export interface DefragTotals {
  /** The effort of the pass that runs, in percent of a core; 0 between passes (`active_defrag_running`). */
  readonly effort: number;
  /** Regions that were moved, and those that were tried and stayed. */
  readonly hits: number;
  readonly misses: number;
  /** Keys with a region that was moved, and those without. */
  readonly keyHits: number;
  readonly keyMisses: number;
  readonly movedBytes: number;
  /** Passes that have ended. */
  readonly passes: number;
  /** Fragmentation as the server measures it, in percent of allocated bytes and in bytes, when it last looked. */
  readonly fragmentationPercent: number;
  readonly fragmentationBytes: number;
  /** The former when the first pass began; 0 before that. */
  readonly firstPercent: number;
  /** Whether fragmentation was below the thresholds when the server last looked, so that no pass begins. */
  readonly isBelowThresholds: boolean;
  /** Milliseconds of a core that the work costs, and the time in which a server spends them at its effort. */
  readonly coreMs: number;
  readonly serverMs: number;
  /** The part of serverMs since the pass that runs began; 0 between passes. */
  readonly currentMs: number;
  /** Regions that the last pass moved, and those that it left, by reason. */
  readonly lastPass: {
    readonly hits: number;
    /** Regions that are no part of a slab. */
    readonly large: number;
    /** Regions in the slab that new ones come from. */
    readonly current: number;
    /** Regions in slabs without a free one; those in tcaches count as used. */
    readonly full: number;
    /** Regions in the only slab of their class that is not full. */
    readonly alone: number;
    /** Regions in slabs that are fuller than the average of those that are not full. */
    readonly dense: number;
  };
}

export interface DrainprofTotals {
  /** Regions, small and large, handed to the application and taken back since boot. */
  readonly allocs: number;
  readonly deallocs: number;
  readonly live: number;
  readonly parked: number;
  /** Slabs opened and drained since boot. */
  readonly opened: number;
  readonly drained: number;
  /** Slabs open now: opened - drained. */
  readonly tracked: number;
  /** Slabs without a live region. */
  readonly drainable: number;
  /** Slabs with a live region: tracked - drainable. */
  readonly pinned: number;
  /** Drainable slab ratio: drainable / tracked; 0 if no slab is tracked. */
  readonly dsr: number;
  /** Share of the slabs open at the mark that are drained or drainable now; null before any mark. */
  readonly cohortDsr: number | null;
  /** Slabs that the live regions would not need if each class filled its slabs, and their bytes. */
  readonly slabsAboveMinimum: number;
  readonly bytesAboveMinimum: number;
  /** Whether the ledger agrees with jemalloc. */
  readonly reconciled: boolean;
}

/** Counts of a hook placement (`--hooks`) next to the true ones. They are equal for `complete`. */
export interface HookAccounting {
  readonly hooks: HookMode;
  readonly registrations: number;
  readonly deregistrations: number;
  /** Open slabs with at least one registration. */
  readonly slabsSeen: number;
  /** Open slabs. */
  readonly slabsThere: number;
  /** Registrations minus deregistrations in open granules. */
  readonly liveBelieved: number;
  /** Live regions. */
  readonly liveThere: number;
}

/** Hook placements, in the order of dp_hooks_t (native/drainprof/drainprof.h), which explains each. */
export const HOOK_MODES = ['extent', 'refill', 'asymmetric', 'fastpath', 'complete'] as const;
export type HookMode = (typeof HOOK_MODES)[number];

export interface Snapshot {
  /** Number of the phase that the sweep operation ends. */
  readonly phase: number;
  /** Position in the stream: the number of operations replayed before the sweep. */
  readonly position: number;
  readonly virtualMs: number;
  readonly memory: MemoryTotals;
  readonly system: SystemCalls;
  readonly drainprof: DrainprofTotals;
  readonly hookAccounting: HookAccounting;
  /** Absent unless the stream has operations of active defragmentation. */
  readonly defrag?: DefragTotals;
  /** Small classes that had a slab since boot, ascending. */
  readonly bins: readonly BinRow[];
  /** Large classes with an extent in use, ascending. */
  readonly large: readonly LargeRow[];
  readonly granules: GranuleColumns;
  readonly unused: ExtentColumns;
  /** Null unless the engine was booted with `regions`. */
  readonly regions: RegionColumns | null;
}

/** A snapshot without its columns, which have a row for each granule, extent or region. */
export type SnapshotTotals = Omit<Snapshot, 'granules' | 'unused' | 'regions'>;

export function totalsOf({ granules: _, unused: __, regions: ___, ...totals }: Snapshot): SnapshotTotals {
  return totals;
}

/** Returns the buffers of a snapshot's columns, for a transfer to another thread. */
export function buffersOf({ granules, unused, regions }: Snapshot): ArrayBuffer[] {
  return [granules, unused, regions ?? {}]
    .flatMap((columns): unknown[] => Object.values(columns))
    .flatMap((column) => (ArrayBuffer.isView(column) ? [column.buffer as ArrayBuffer] : []));
}

/** Returns the row of the granule that begins at `page`; -1 if none does. */
export function rowOfPage({ page: pages, count }: GranuleColumns, page: number): number {
  return indexInAscending(pages, count, page);
}
