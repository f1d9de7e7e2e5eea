/** The figures of jemalloc that are known of a process, from whole or damaged statistics, INFO, or metrics. */
import type { StatsReading } from '../malloc-stats/malloc-stats.js';
import type { ProgramFigures } from '../paste/program-figures.js';
import type { MemorySample } from '../server/memory-sample.js';
import type { ServerInfo } from '../server/server-info.js';
import type { Basis, PartName } from './explanation.js';
import { addLive, type Split } from './split.js';

/** Figures in bytes. Null means that the text does not have the figure, which is not zero. */
export interface KnownFigures {
  readonly rss: number | null;
  readonly allocated: number | null;
  readonly active: number | null;
  readonly resident: number | null;
  readonly metadata: number | null;
  readonly dirty: number | null;
  readonly muzzy: number | null;
  readonly parked: number | null;
  readonly internal: number | null;
  /** Upper limit of the pages that a cache-oblivious jemalloc adds to large allocations. */
  readonly padding: number | null;
}

/** The size of pages on most machines, assumed where a text does not have it. */
export const USUAL_PAGE_SIZE = 4096;

export function figuresOfStats(reading: StatsReading, rss: number | null): KnownFigures {
  const { totals, pools } = reading.partial;
  return {
    rss,
    allocated: totals.allocated,
    active: totals.active,
    resident: totals.resident,
    metadata: totals.metadata,
    dirty: pools.dirty,
    muzzy: pools.muzzy,
    parked: pools.parked,
    internal: pools.internal,
    padding: paddingOf(reading),
  };
}

/** Returns the padding that whole tables show; else the most that the count of large allocations allows. */
function paddingOf({ whole, partial, section }: StatsReading): number | null {
  if (whole !== null) {
    const { bins, largeBytes, totals, pageSize } = whole;
    const slabs = bins.reduce((sum, { curslabs, pages }) => sum + curslabs * pages * pageSize, 0);
    return Math.max(0, totals.active - slabs - largeBytes);
  }
  if (partial.cacheOblivious === false) return 0;
  const { largeCount } = section.figures;
  return largeCount === null ? null : largeCount * (partial.pageSize ?? USUAL_PAGE_SIZE);
}

export function figuresOfProgram(program: ProgramFigures): KnownFigures {
  return { ...program, rss: null, parked: null, internal: null, padding: null };
}

export function figuresOfSample(sample: MemorySample): KnownFigures {
  const { rss, allocated, active, resident, muzzy } = sample;
  const none = { metadata: null, dirty: null, parked: null, internal: null, padding: null };
  return { rss, allocated, active, resident, muzzy, ...none };
}

/** Returns the total that known figures split, and its name; null if there is nothing to split. */
export function basisOf(figures: KnownFigures): { readonly of: Basis; readonly total: number } | null {
  for (const of of ['rss', 'resident', 'active', 'allocated'] as const) {
    const total = figures[of];
    if (total !== null && total > 0) return { of, total };
  }
  return null;
}

/** Splits the total of basisOf as far as the figures go. */
export function splitByFigures(figures: KnownFigures, info: ServerInfo | null, total: number): Split {
  const { rss, allocated, active, resident } = figures;
  const split = new Map<PartName, number>();
  let told = 0;
  if (allocated !== null) {
    const own = (figures.parked ?? 0) + (figures.internal ?? 0);
    addLive(split, info, Math.max(0, allocated - own), figures.parked === null ? 'parked-or-other' : 'other');
    split.set('parked', figures.parked ?? 0);
    if (figures.internal !== null) split.set('metadata', figures.internal);
    told = allocated;
  }
  if (active !== null && allocated !== null) {
    const padding = Math.min(active - allocated, figures.padding ?? 0);
    split.set('padding', padding);
    split.set('holes', active - allocated - padding);
    told = active;
  }
  if (resident !== null && active !== null) {
    addBeside(split, figures, resident - active);
    told = resident;
  }
  if (rss !== null && resident !== null) {
    const outside = rss - resident;
    split.set(outside < 0 ? 'untouched' : 'process', outside);
    told = rss;
  }
  split.set(total < told ? 'untouched' : 'rest', total - told);
  return split;
}

/** Adds the resident pages beside the active ones. */
function addBeside(split: Map<PartName, number>, figures: KnownFigures, beside: number): void {
  const { metadata } = figures;
  if (figures.dirty === null && metadata === null) {
    split.set('dirty-or-metadata', beside);
    return;
  }
  if (figures.dirty === null) {
    const records = Math.min(metadata ?? 0, beside);
    split.set('metadata', (split.get('metadata') ?? 0) + records);
    split.set('dirty', beside - records);
    return;
  }
  const dirty = Math.min(figures.dirty, beside);
  // Up to jemalloc 5.2 resident includes muzzy pages.
  const muzzy = Math.min(figures.muzzy ?? 0, Math.max(0, beside - dirty - (metadata ?? beside)));
  split.set('dirty', dirty);
  split.set('muzzy', muzzy);
  split.set('metadata', (split.get('metadata') ?? 0) + beside - dirty - muzzy);
}
