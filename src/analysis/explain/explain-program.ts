/** Explains the memory of a program that is no server, from jemalloc's figures alone. */
import type { BinStats } from '../malloc-stats/malloc-stats.js';
import type { Paste } from '../paste/read-paste.js';
import { roundingOfClasses } from './classes.js';
import type { Explanation, Note, PartName } from './explanation.js';
import { explanationOf, type Parted } from './explanation-of.js';
import {
  basisOf,
  figuresOfProgram,
  figuresOfStats,
  type KnownFigures,
  splitByFigures,
  USUAL_PAGE_SIZE,
} from './known-figures.js';
import { pasteNotes } from './notes.js';

/** The quantum of jemalloc on 64-bit machines, unless it was built with another. */
const USUAL_QUANTUM = 16;

/** Returns the explanation; null if the text has no figures of a program. */
export function explainProgram(paste: Paste): Explanation | null {
  const { stats, program, allocations } = paste;
  if (stats !== null) {
    const parted = partedBy(figuresOfStats(stats, null)) ?? partedByTables(paste);
    if (parted === null) return null;
    const isOfArenas = parted.of === 'slabs' && stats.summed !== null;
    const ofArenas: Note[] = isOfArenas ? [{ kind: 'arenas', arenas: stats.summed }] : [];
    return explainParts(paste, parted, [...statsNotes(paste), ...ofArenas]);
  }
  if (program !== null) {
    const parted = partedBy(figuresOfProgram(program));
    const missing = (['active', 'resident'] as const).filter((name) => program[name] === null);
    const notes: Note[] = missing.length === 0 ? [] : [{ kind: 'missing', fields: missing }];
    return parted === null ? null : explainParts(paste, parted, notes);
  }
  if (allocations !== null) {
    const { classes, bins } = allocations;
    const live = classes.reduce((sum, { size, count }) => sum + size * count, 0);
    const holes = holesOf(bins ?? []);
    const split = new Map<PartName, number>([
      ['live', live],
      ['holes', holes],
    ]);
    const parted: Parted = { of: bins === null ? 'allocated' : 'active', total: live + holes, split };
    const fields = ['active', 'resident', ...(bins === null ? ['curslabs'] : [])];
    return explainParts(paste, parted, [{ kind: 'missing', fields }]);
  }
  return null;
}

function explainParts(paste: Paste, parted: Parted, notes: readonly Note[]): Explanation {
  const version = paste.stats?.partial.version?.split('-')[0] ?? null;
  return explanationOf(parted, {
    info: null,
    stats: paste.stats,
    whole: paste.stats?.whole ?? null,
    bundled: null,
    hasJemalloc: true,
    allocator: version === null ? 'jemalloc' : `jemalloc-${version}`,
    program: paste.program?.program ?? null,
    allocated: paste.program?.allocated ?? null,
    rounding: paste.allocations === null ? null : roundingOfClasses(paste.allocations.classes, USUAL_QUANTUM),
    bins: paste.allocations?.bins ?? null,
    notes: [{ kind: 'no-rss' }, ...notes, ...pasteNotes(paste)],
  });
}

function partedBy(figures: KnownFigures): Parted | null {
  const basis = basisOf(figures);
  if (basis === null || figures.allocated === null) return null;
  return { ...basis, split: splitByFigures(figures, null, basis.total) };
}

function holesOf(bins: readonly BinStats[]): number {
  return bins.reduce((sum, { size, regs, curslabs, curregs }) => sum + size * (curslabs * regs - curregs), 0);
}

/** Splits the slabs of a table of small classes without totals. */
function partedByTables({ stats }: Paste): Parted | null {
  const bins = stats?.section.bins ?? [];
  if (bins.length === 0) return null;
  const pageSize = stats?.partial.pageSize ?? USUAL_PAGE_SIZE;
  const slabs = bins.reduce((sum, { curslabs, pages }) => sum + curslabs * pages * pageSize, 0);
  const live = bins.reduce((sum, { curregs, size }) => sum + curregs * size, 0);
  // Figures that were damaged add up to more than there is.
  if (live > slabs || !Number.isSafeInteger(live)) return null;
  const split = new Map<PartName, number>([
    ['live', live],
    ['holes', slabs - live],
  ]);
  return { of: 'slabs', total: slabs, split };
}

function statsNotes({ stats }: Paste): Note[] {
  if (stats === null || stats.damage === null) return [];
  const notes: Note[] = [{ kind: 'stats-damaged', why: stats.damage, used: 'totals' }];
  const { largeCount } = stats.section.figures;
  const usesPages = largeCount !== null || stats.section.bins.length > 0;
  if (stats.partial.pageSize === null && usesPages) notes.push({ kind: 'page-size', bytes: USUAL_PAGE_SIZE });
  return notes;
}
