/** The figures that a server samples together, checked against the differences that INFO has of them. */
import type { InfoFigures } from './info-figures.js';

/** Figures that the server samples together, every 100 ms. Null means that the text does not have the figure. */
export interface MemorySample {
  readonly rss: number | null;
  readonly allocated: number | null;
  readonly active: number | null;
  readonly resident: number | null;
  /** Null for servers that do not report it (before Valkey 8 and Redis 7.4). */
  readonly muzzy: number | null;
  /** Holes in slabs; null for servers that do not count them, or count the padding of large allocations as well. */
  readonly holes: number | null;
}

/** A sample that can be split by jemalloc's figures. */
export type WholeSample = MemorySample & {
  readonly [Name in 'rss' | 'allocated' | 'active' | 'resident']: number;
};

export function isWhole(sample: MemorySample): sample is WholeSample {
  const { rss, allocated, active, resident } = sample;
  return rss !== null && allocated !== null && active !== null && resident !== null;
}

type Sizes = { [Name in 'rss' | 'allocated' | 'active' | 'resident']: number | null };

/** Reads the sample. `endsIn` is the field that the text ends with. */
export function sampleOf(figures: InfoFigures, used: number | null, endsIn: string | null): MemorySample {
  const muzzy = figures.optional('allocator_muzzy');
  const differences = {
    frag: figures.optional('allocator_frag_bytes'),
    rss: figures.optional('allocator_rss_bytes'),
    overhead: signed(figures, 'rss_overhead_bytes'),
    all: signed(figures, 'mem_fragmentation_bytes'),
  };
  const ratios: Ratios = {
    frag: figures.ratio('allocator_frag_ratio'),
    rss: figures.ratio('allocator_rss_ratio'),
    overhead: figures.ratio('rss_overhead_ratio'),
    all: figures.ratio('mem_fragmentation_ratio'),
  };
  const sizes: Sizes = {
    rss: figures.needed('used_memory_rss'),
    allocated: figures.needed('allocator_allocated'),
    active: figures.needed('allocator_active'),
    resident: figures.needed('allocator_resident'),
  };
  dropCut(sizes, used, endsIn, figures);
  checkTotals(sizes, used, { differences, ratios }, figures);
  // The versions that report muzzy pages count holes without padding, so that the difference is another.
  const hasFrag = muzzy === null;
  const frag = hasFrag ? differences.frag : null;
  restore(sizes, used, { ...differences, frag }, figures);
  restoreByRatios(sizes, used, { ...ratios, frag: hasFrag ? ratios.frag : null }, figures);
  dropContradicted(sizes, { ...differences, frag }, figures);
  // A server on the system's jemalloc writes 0, because it cannot ask that jemalloc about its slabs.
  return { ...sizes, muzzy, holes: muzzy === null ? null : differences.frag || null };
}

/** Returns a difference, which is negative in the ordinary course of things. */
function signed(figures: InfoFigures, field: string): number | null {
  const before = figures.faults.length;
  const value = figures.optional(field);
  const fault = figures.faults[before];
  if (fault === undefined) return value;
  figures.faults.splice(before, 1);
  return fault.kind === 'wrapped' ? -fault.bytes : null;
}

const FIELDS = {
  rss: 'used_memory_rss',
  allocated: 'allocator_allocated',
  active: 'allocator_active',
  resident: 'allocator_resident',
} as const;

/** Drops a figure in which the text ends and which is less than it must be at least. */
function dropCut(sizes: Sizes, used: number | null, endsIn: string | null, figures: InfoFigures): void {
  const least = {
    rss: sizes.resident ?? sizes.active ?? used,
    allocated: used,
    active: sizes.allocated ?? used,
    resident: sizes.active ?? used,
  };
  for (const name of ['rss', 'allocated', 'active', 'resident'] as const) {
    const value = sizes[name];
    if (FIELDS[name] !== endsIn || value === null) continue;
    figures.note({ kind: 'cut', field: FIELDS[name], value: String(value) });
    if (value < (least[name] ?? 0)) sizes[name] = null;
  }
}

interface Differences {
  readonly frag: number | null;
  readonly rss: number | null;
  readonly overhead: number | null;
  readonly all: number | null;
}

/** Computes missing figures from the differences. */
function restore(sizes: Sizes, used: number | null, differences: Differences, figures: InfoFigures): void {
  const set = (name: keyof Sizes, value: number | null, from: string) => {
    if (sizes[name] !== null || value === null || value <= 0) return;
    sizes[name] = value;
    figures.note({ kind: 'derived', field: FIELDS[name], from });
  };
  const sum = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);
  const less = (a: number | null, b: number | null) => (a === null || b === null ? null : a - b);
  set('active', sum(sizes.allocated, differences.frag), 'allocator_frag_bytes');
  set('active', less(sizes.resident, differences.rss), 'allocator_rss_bytes');
  set('allocated', less(sizes.active, differences.frag), 'allocator_frag_bytes');
  set('resident', sum(sizes.active, differences.rss), 'allocator_rss_bytes');
  set('resident', less(sizes.rss, differences.overhead), 'rss_overhead_bytes');
  set('rss', sum(sizes.resident, differences.overhead), 'rss_overhead_bytes');
  set('rss', sum(used, differences.all), 'mem_fragmentation_bytes');
}

/** Quotients of two figures, as INFO prints them with two decimals. */
type Ratios = { readonly [Name in 'frag' | 'rss' | 'overhead' | 'all']: number | null };

/** Computes figures that are still missing from the ratios, which are less exact than the differences. */
function restoreByRatios(sizes: Sizes, used: number | null, ratios: Ratios, figures: InfoFigures): void {
  const set = (name: keyof Sizes, below: number | null, ratio: number | null, from: string) => {
    if (sizes[name] !== null || below === null || ratio === null) return;
    sizes[name] = Math.round(below * ratio);
    figures.note({ kind: 'derived', field: FIELDS[name], from });
  };
  set('active', sizes.allocated, ratios.frag, 'allocator_frag_ratio');
  set('resident', sizes.active, ratios.rss, 'allocator_rss_ratio');
  set('rss', sizes.resident, ratios.overhead, 'rss_overhead_ratio');
  set('rss', used, ratios.all, 'mem_fragmentation_ratio');
}

/** The largest difference of an RSS and one by `used_memory`, which may be up to 100 ms younger, as a share. */
const SAMPLED_LATER = 0.1;

/** Notes an RSS that disagrees with what INFO says of it and `used_memory`. */
function checkTotals(
  { rss }: Sizes,
  used: number | null,
  { differences, ratios }: { readonly differences: Differences; readonly ratios: Ratios },
  figures: InfoFigures,
): void {
  if (rss === null || rss === 0 || used === null) return;
  const by = [
    [differences.all === null ? null : used + differences.all, 'mem_fragmentation_bytes', differences.all],
    [ratios.all === null ? null : used * ratios.all, 'mem_fragmentation_ratio', ratios.all],
  ] as const;
  for (const [other, field, value] of by) {
    if (other === null) continue;
    const rounding = field === 'mem_fragmentation_ratio' ? 0.01 * used : 0;
    if (Math.abs(rss - other) <= SAMPLED_LATER * Math.max(rss, other) + rounding) continue;
    figures.note({ kind: 'contradicted', field: FIELDS.rss, value: String(rss), by: `${field}:${value}` });
    return;
  }
}

/** Notes figures that disagree with the differences, and drops those that cannot be. */
function dropContradicted(sizes: Sizes, differences: Differences, figures: InfoFigures): void {
  const pairs = [
    ['active', 'allocated', differences.frag, 'allocator_frag_bytes'],
    ['resident', 'active', differences.rss, 'allocator_rss_bytes'],
    ['rss', 'resident', differences.overhead, 'rss_overhead_bytes'],
  ] as const;
  for (const [upper, lower, difference, field] of pairs) {
    const [above, below] = [sizes[upper], sizes[lower]];
    if (above === null || below === null) continue;
    const isImpossible = upper !== 'rss' && above < below;
    // A figure with a unit has two decimals.
    const isOther = difference !== null && Math.abs(above - below - difference) > 0.011 * above && above > 0;
    if (!isImpossible && !isOther) continue;
    figures.note({
      kind: 'contradicted',
      field: FIELDS[upper],
      value: String(above),
      by: isOther ? `${field}:${difference}` : `${FIELDS[lower]}:${below}`,
    });
    if (isImpossible) {
      sizes[upper] = null;
      sizes[lower] = null;
    }
  }
}
