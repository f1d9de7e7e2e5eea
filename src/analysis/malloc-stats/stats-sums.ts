/** Checks the sums that statistics contain. What a text lost makes its tables fall short of its totals. */
import { KIB } from '../../base/index.js';
import type { LargeStats, MallocTotals } from './malloc-stats.js';
import { sizeClassBelow } from './size-class-below.js';
import { largeBytesOf, rowBytes, type Section } from './stats-section.js';

export interface Checked {
  /** jemalloc's version; null if the text does not say it. */
  readonly version: string | null;
  readonly totals: { readonly [Name in keyof MallocTotals]: MallocTotals[Name] | null };
  readonly section: Section;
  readonly pageSize: number;
  /** Null if the text does not say it; jemalloc 5.1 does not print it, and it is on by default. */
  readonly cacheOblivious: boolean | null;
}

/** jemalloc counts active pages apart from regions, so that a small difference is one of time. */
const SLACK = { bytes: 64 * KIB, share: 0.002 };

type KnownTotals = Checked['totals'];

/** Returns the contradiction between totals of which each contains the one before; null if there is none. */
export function wrongTotals(totals: KnownTotals): string | null {
  const { larger, smaller } = contradictionOf(totals) ?? {};
  if (larger === undefined || smaller === undefined) return null;
  return `the line \`Allocated:\` has fewer ${larger} bytes (${totals[larger]}) than ${smaller} ones (${totals[smaller]})`;
}

/** Returns the totals without those that are too small to contain the one before: their figures were cut. */
export function possibleTotals<Totals extends KnownTotals>(totals: Totals): Totals {
  const wrong = contradictionOf(totals);
  return wrong === null ? totals : possibleTotals({ ...totals, [wrong.larger]: null });
}

type Contained = 'allocated' | 'active' | 'resident';

function contradictionOf(
  totals: KnownTotals,
): { readonly smaller: Contained; readonly larger: Contained } | null {
  const known = (['allocated', 'active', 'resident'] as const).filter((name) => totals[name] !== null);
  const at = known.findIndex((name, index) => {
    const before = index === 0 ? 0 : totals[known[index - 1]!]!;
    return totals[name]! < before - slack(before);
  });
  return at < 1 ? null : { smaller: known[at - 1]!, larger: known[at]! };
}

/** Returns what does not add up; null if everything does. */
export function wrongSum({ version, totals, section, pageSize, cacheOblivious }: Checked): string | null {
  const { bins, large, figures } = section;
  const small = bins.reduce((sum, { size, curregs }) => sum + size * curregs, 0);
  const rows = rowBytes(large);
  const inLarge = endsAtPages(version) ? largeBytesOf(section) : rows;
  const slabs = bins.reduce((sum, { curslabs, pages }) => sum + curslabs * pages * pageSize, 0);
  const crowded = bins.find(({ curregs, curslabs, regs }) => curregs > curslabs * regs);
  if (crowded !== undefined) {
    return `class ${crowded.size} has ${crowded.curregs} regions in ${crowded.curslabs} slabs of ${crowded.regs}`;
  }
  const impossible = bins.find(({ size, regs, pages }) => size * regs > pages * pageSize);
  if (impossible !== undefined) {
    return `class ${impossible.size} has ${impossible.regs} regions in ${impossible.pages} pages of ${pageSize} bytes`;
  }
  if (figures.small !== null && small !== figures.small) {
    return differs('the rows of `bins`', small, 'its line `small:`', figures.small);
  }
  if (figures.large !== null && !fits(figures.large, rows, large, version)) {
    return differs('the rows of `large`', rows, 'its line `large:`', figures.large);
  }
  const { allocated, active } = totals;
  if (allocated !== null && small + inLarge !== allocated) {
    return differs('the rows of the tables', small + inLarge, 'the line `Allocated:`', allocated);
  }
  if (active === null) return null;
  // A large allocation of a cache-oblivious jemalloc has a page beside it.
  const count = large.reduce((sum, { curlextents }) => sum + curlextents, 0);
  const padding = cacheOblivious === false ? 0 : count * pageSize;
  const least = slabs + inLarge;
  if (active < least - slack(active) || active > least + padding + slack(active)) {
    return differs('the slabs and large allocations of the tables', least, 'active pages', active);
  }
  return null;
}

/** Whether large allocations end at a page rather than at a size class, as they do since jemalloc 5.3.1. */
function endsAtPages(version: string | null): boolean {
  const [major = 0, minor = 0, patch = 0] = (version ?? '').split(/[.-]/).map(Number);
  return major > 5 || (major === 5 && (minor > 3 || (minor === 3 && patch >= 1)));
}

/** Whether the line `large:` can be right beside its rows. */
function fits(line: number, rows: number, large: readonly LargeStats[], version: string | null): boolean {
  if (line === rows) return true;
  const least = large.reduce((sum, { size, curlextents }) => sum + sizeClassBelow(size) * curlextents, 0);
  return endsAtPages(version) && line < rows && line > least;
}

function slack(bytes: number): number {
  return Math.max(SLACK.bytes, SLACK.share * bytes);
}

function differs(what: string, bytes: number, other: string, otherBytes: number): string {
  return `${what} add up to ${bytes} bytes, but ${other} says ${otherBytes}`;
}
