/**
 * Parses the output of MEMORY MALLOC-STATS, which is that of malloc_stats_print in jemalloc 5.1, 5.2.1 and 5.3. Columns
 * are found by the names in the head of a table, since some exist only in some versions.
 */
import { InputError } from '../base/index.js';

/** A small size class. The names are jemalloc's; `size` is in bytes. */
interface BinStats {
  readonly size: number;
  readonly regs: number;
  readonly pages: number;
  readonly curregs: number;
  readonly curslabs: number;
  /** Null for jemalloc 5.1, which does not print it. */
  readonly nonfullSlabs: number | null;
}

/** A large size class. `size` is in bytes. */
interface LargeStats {
  readonly size: number;
  readonly curlextents: number;
}

interface ArenaStats {
  readonly bins: readonly BinStats[];
  readonly large: readonly LargeStats[];
}

/** Totals in bytes, from the line `Allocated:`. */
interface MallocTotals {
  readonly allocated: number;
  readonly active: number;
  readonly metadata: number;
  readonly resident: number;
  readonly mapped: number;
  readonly retained: number;
}

export interface MallocStats extends ArenaStats {
  readonly version: string;
  readonly quantum: number;
  readonly pageSize: number;
  readonly cacheOblivious: boolean;
  readonly totals: MallocTotals;
  readonly pools: PoolStats;
  readonly decay: DecayStats;
  /** Statistics by number of the arena. The inherited `bins` and `large` are sums over all arenas. */
  readonly arenas: ReadonlyMap<number, ArenaStats>;
}

/** Bytes that are neither held by the application nor holes in slabs. */
interface PoolStats {
  /** Regions in tcaches, which `allocated` and `curregs` also count. */
  readonly parked: number;
  /** Allocations of jemalloc itself, which `allocated` and `metadata` also count. */
  readonly internal: number;
  readonly dirty: number;
  readonly muzzy: number;
}

/** Settings of decay. A time of -1 means that pages never decay; null means that the option is not printed. */
interface DecayStats {
  readonly dirtyMs: number | null;
  readonly muzzyMs: number | null;
  /** Whether there is a background thread. Otherwise pages decay only while the application allocates or frees. */
  readonly backgroundThread: boolean | null;
}

type MutableArena = { bins: BinStats[]; large: LargeStats[]; pools: Record<Pool, number> };
type Pool = keyof PoolStats;
type Table = 'bins' | 'large';

export const BEGIN_MALLOC_STATS = /_+ Begin jemalloc statistics _+/;
export const END_MALLOC_STATS = '--- End jemalloc statistics ---';

/** Parses a whole output. Throws an InputError that names the line if it is incomplete or in an unknown form. */
export function parseMallocStats(text: string): MallocStats {
  if (!BEGIN_MALLOC_STATS.test(text)) {
    throw new InputError(
      `allocator statistics: they start with "${text.slice(0, 40).replaceAll(/\s+/g, ' ')}", not with "___ Begin ` +
        'jemalloc statistics ___"; the server must be built with jemalloc (its --version says malloc=jemalloc-…)',
    );
  }
  if (!text.includes(END_MALLOC_STATS)) {
    throw new InputError(
      `allocator statistics: they break off before "${END_MALLOC_STATS}"; give all of them`,
    );
  }
  const pageSize = field(text, /^Page size: (\d+)$/m, 'Page size');
  const sections = sectionsOf(text.split('\n'));
  const arenas = new Map<number, MutableArena>();
  for (const [name, section] of sections) {
    const number = /^arenas\[(\d+)\]$/.exec(name)?.[1];
    if (number !== undefined) arenas.set(Number(number), section);
  }
  // jemalloc omits the merged section if there is only one arena.
  const { bins, large, pools } = sections.get('merged') ?? sum([...arenas.values()]);
  return {
    version: /^Version: "?([^"\n]+)"?$/m.exec(text)?.[1] ?? 'unknown',
    quantum: field(text, /^Quantum size: (\d+)$/m, 'Quantum size'),
    pageSize,
    // jemalloc 5.1 does not print this option, which is on by default.
    cacheOblivious: !/^ *config\.cache_oblivious: false$/m.test(text),
    totals: totalsOf(text),
    pools: { ...pools, dirty: pools.dirty * pageSize, muzzy: pools.muzzy * pageSize },
    decay: decayOf(text),
    bins,
    large,
    arenas,
  };
}

/** Reads options. A current value follows the initial one in parentheses: `opt.dirty_decay_ms: 10000 (arenas.…: 5000)`. */
function decayOf(text: string): DecayStats {
  const value = (option: string) =>
    new RegExp(`^ *opt\\.${option}: (?:.*\\([\\w.]+: )?(-?\\w+)\\)?$`, 'm').exec(text)?.[1];
  const milliseconds = (option: string) => {
    const text = value(option);
    return text === undefined ? null : Number(text);
  };
  const thread = value('background_thread');
  return {
    dirtyMs: milliseconds('dirty_decay_ms'),
    muzzyMs: milliseconds('muzzy_decay_ms'),
    backgroundThread: thread === undefined ? null : thread === 'true',
  };
}

function totalsOf(text: string): MallocTotals {
  const total = (name: string) =>
    field(text, new RegExp(`^Allocated: .*\\b${name}: (\\d+)`, 'im'), `total \`${name}\``);
  return {
    allocated: field(text, /^Allocated: (\d+)/m, 'total `Allocated`'),
    active: total('active'),
    metadata: total('metadata'),
    resident: total('resident'),
    mapped: total('mapped'),
    retained: total('retained'),
  };
}

function field(text: string, pattern: RegExp, what: string): number {
  const value = pattern.exec(text)?.[1];
  if (value === undefined) {
    throw new InputError(`allocator statistics: no ${what}; jemalloc 5.1 to 5.3 print it`);
  }
  return Number(value);
}

/** Returns the tables by section: `merged`, `destroyed` (arenas that no longer count), `arenas[0]`, … */
function sectionsOf(lines: readonly string[]): Map<string, MutableArena> {
  const sections = new Map<string, MutableArena>();
  let section: MutableArena | undefined;
  let table: { readonly name: Table; readonly columns: readonly string[] } | undefined;
  lines.forEach((line, index) => {
    const opens = sectionName(line);
    const head = /^(bins|large|extents):\s+size ind\b/.exec(line)?.[1];
    if (opens !== undefined) {
      section = { bins: [], large: [], pools: { ...EMPTY } };
      sections.set(opens, section);
      table = undefined;
    } else if (head !== undefined) {
      table =
        head === 'extents' ? undefined : { name: head as Table, columns: line.trim().split(/\s+/).slice(1) };
    } else if (table !== undefined && section !== undefined && /^\s+\d/.test(line)) {
      addRow(section, table.name, rowOf(line, table.columns, index + 1));
    } else if (!/^\s*---\s*$/.test(line)) {
      table = undefined;
      if (section !== undefined) addToPools(section.pools, line);
    }
  });
  return sections;
}

const EMPTY: PoolStats = { parked: 0, internal: 0, dirty: 0, muzzy: 0 };

/** Adds the figure of a line to the pools. The pages of `dirty` and `muzzy` follow their decay time in a second column. */
function addToPools(pools: Record<Pool, number>, line: string): void {
  const [, decaying, pages] = /^ +(dirty|muzzy): *\S+ +(\d+)/.exec(line) ?? [];
  if (decaying !== undefined) pools[decaying as 'dirty' | 'muzzy'] += Number(pages);
  const [, name, bytes] = /^(internal|tcache_bytes|tcache_stashed_bytes): +(\d+)$/.exec(line) ?? [];
  if (name !== undefined) pools[name === 'internal' ? 'internal' : 'parked'] += Number(bytes);
}

function sectionName(line: string): string | undefined {
  if (/^Merged arenas stats:/.test(line)) return 'merged';
  if (/^Destroyed arenas stats:/.test(line)) return 'destroyed';
  return /^(arenas\[\d+\]):/.exec(line)?.[1];
}

interface Row {
  readonly has: (column: string) => boolean;
  readonly figure: (column: string) => number;
}

function rowOf(line: string, columns: readonly string[], lineNumber: number): Row {
  const cells = line.trim().split(/\s+/);
  // Columns have a fixed width, so figures that are too wide would merge.
  if (cells.length !== columns.length) {
    throw new InputError(
      `allocator statistics, line ${lineNumber}: ${cells.length} figures under ${columns.length} headings: "${line.trim()}"`,
    );
  }
  const figure = (column: string) => {
    const value = Number(cells[columns.indexOf(column)]);
    if (Number.isFinite(value)) return value;
    throw new InputError(
      `allocator statistics, line ${lineNumber}: no figure in a column \`${column}\`; jemalloc 5.1 to 5.3 print one`,
    );
  };
  return { has: (column) => columns.includes(column), figure };
}

function addRow(section: MutableArena, table: Table, { has, figure }: Row): void {
  if (table === 'large') {
    section.large.push({ size: figure('size'), curlextents: figure('curlextents') });
    return;
  }
  section.bins.push({
    size: figure('size'),
    regs: figure('regs'),
    pages: figure('pgs'),
    curregs: figure('curregs'),
    curslabs: figure('curslabs'),
    nonfullSlabs: has('nonfull_slabs') ? figure('nonfull_slabs') : null,
  });
}

function sum(arenas: readonly MutableArena[]): MutableArena {
  const pools = { ...EMPTY } as Record<Pool, number>;
  const bins = new Map<number, BinStats>();
  const large = new Map<number, LargeStats>();
  for (const arena of arenas) {
    for (const pool of Object.keys(pools) as Pool[]) pools[pool] += arena.pools[pool];
    for (const bin of arena.bins) {
      const before = bins.get(bin.size);
      bins.set(bin.size, {
        ...bin,
        curregs: bin.curregs + (before?.curregs ?? 0),
        curslabs: bin.curslabs + (before?.curslabs ?? 0),
        nonfullSlabs: bin.nonfullSlabs === null ? null : bin.nonfullSlabs + (before?.nonfullSlabs ?? 0),
      });
    }
    for (const { size, curlextents } of arena.large) {
      large.set(size, { size, curlextents: curlextents + (large.get(size)?.curlextents ?? 0) });
    }
  }
  const bySize = (a: { size: number }, b: { size: number }) => a.size - b.size;
  return { bins: [...bins.values()].sort(bySize), large: [...large.values()].sort(bySize), pools };
}
