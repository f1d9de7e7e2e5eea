/** The figures of malloc_stats_print of jemalloc that show where memory is. */
import type { Section } from './stats-section.js';

/** A small size class. The names are jemalloc's; `size` is in bytes. */
export interface BinStats {
  readonly size: number;
  readonly regs: number;
  readonly pages: number;
  readonly curregs: number;
  readonly curslabs: number;
  /** Null for jemalloc up to 5.1, which does not print it. */
  readonly nonfullSlabs: number | null;
}

/**
 * A large size class. `size` is in bytes. Up to jemalloc 5.3.0 each allocation has this size. Since 5.3.1 it is the most
 * that an allocation of the class can have.
 */
export interface LargeStats {
  readonly size: number;
  readonly curlextents: number;
}

interface ArenaStats {
  readonly bins: readonly BinStats[];
  readonly large: readonly LargeStats[];
}

/** Totals in bytes, from the line `Allocated:`. */
export interface MallocTotals {
  readonly allocated: number;
  readonly active: number;
  readonly metadata: number;
  readonly resident: number;
  readonly mapped: number;
  /** Null for jemalloc up to 4.1, which does not print it. */
  readonly retained: number | null;
}

/** Whole statistics, whose tables agree with their totals. */
export interface MallocStats extends ArenaStats {
  readonly version: string;
  readonly quantum: number;
  readonly pageSize: number;
  readonly cacheOblivious: boolean;
  /** Bytes of large allocations, which the rows of `large` can overstate. */
  readonly largeBytes: number;
  readonly totals: MallocTotals;
  readonly pools: PoolStats;
  readonly decay: DecayStats;
  /** Statistics by number of the arena. The inherited `bins` and `large` are sums over all arenas. */
  readonly arenas: ReadonlyMap<number, ArenaStats>;
}

/** Bytes that are neither held by the application nor holes in slabs. */
interface PoolStats {
  /** Regions in tcaches, which `allocated` and `curregs` also count. Null for jemalloc 4, which does not print it. */
  readonly parked: number | null;
  /** Allocations of jemalloc itself, which `allocated` and `metadata` also count. */
  readonly internal: number;
  readonly dirty: number;
  readonly muzzy: number;
}

/** Settings of decay. A time of -1 means that pages never decay; null means that the option is not printed. */
export interface DecayStats {
  readonly dirtyMs: number | null;
  readonly muzzyMs: number | null;
  /** Whether there is a background thread. Otherwise pages decay only while the application allocates or frees. */
  readonly backgroundThread: boolean | null;
}

type Figures<Of> = { readonly [Name in keyof Of]: Of[Name] | null };

/** The figures that incomplete statistics have. Null means that a figure is not in the text. */
interface PartialStats {
  readonly version: string | null;
  readonly quantum: number | null;
  readonly pageSize: number | null;
  readonly cacheOblivious: boolean | null;
  readonly totals: Figures<MallocTotals>;
  readonly pools: Figures<PoolStats>;
  readonly decay: DecayStats;
}

/** The result of reading statistics from a text that may be damaged. */
export interface StatsReading {
  /** Null unless the statistics are whole. */
  readonly whole: MallocStats | null;
  readonly partial: PartialStats;
  /** All arenas together, as far as they were read. */
  readonly section: Section;
  /** The arenas that the section is the sum of; null if the text has all arenas merged. */
  readonly summed: readonly number[] | null;
  /** The reason why they are not whole; null if they are. */
  readonly damage: string | null;
}
