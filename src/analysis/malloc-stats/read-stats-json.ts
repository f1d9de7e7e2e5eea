/** Reads statistics in jemalloc's JSON form, which `stats_print_opts:J` asks for. */
import type { BinStats, DecayStats, LargeStats, MallocStats, StatsReading } from './malloc-stats.js';
import { largeBytesOf, noFigures, type Section, sumOfSections } from './stats-section.js';
import { possibleTotals, wrongSum, wrongTotals } from './stats-sums.js';

type Json = { readonly [name: string]: unknown };

function objectIn(value: unknown, name: string): Json {
  const inner = value !== null && typeof value === 'object' ? (value as Json)[name] : undefined;
  return inner !== null && typeof inner === 'object' ? (inner as Json) : {};
}

function rowsIn(value: Json, name: string): Json[] {
  const rows = value[name];
  return Array.isArray(rows) ? (rows as Json[]) : [];
}

function numberIn(value: Json, name: string): number | null {
  const number = value[name];
  return typeof number === 'number' ? number : null;
}

function booleanIn(value: Json, name: string): boolean | null {
  const boolean = value[name];
  return typeof boolean === 'boolean' ? boolean : null;
}

/** Reads the value of the key `jemalloc`. */
export function readStatsJson(json: Json): StatsReading {
  const arenasConstants = objectIn(json, 'arenas');
  const given = objectIn(json, 'stats');
  const totals = {
    allocated: numberIn(given, 'allocated'),
    active: numberIn(given, 'active'),
    metadata: numberIn(given, 'metadata'),
    resident: numberIn(given, 'resident'),
    mapped: numberIn(given, 'mapped'),
    retained: numberIn(given, 'retained'),
  };
  const pageSize = numberIn(arenasConstants, 'page');
  const classes = {
    pageSize,
    bins: rowsIn(arenasConstants, 'bin'),
    large: rowsIn(arenasConstants, 'lextent'),
  };
  const arenas = new Map<number, Section>();
  let merged: Section | null = null;
  for (const [name, arena] of Object.entries(objectIn(json, 'stats.arenas'))) {
    const section = sectionOf(arena as Json, classes);
    if (name === 'merged') merged = section;
    else if (/^\d+$/.test(name)) arenas.set(Number(name), section);
  }
  const section = merged ?? sumOfSections([...arenas.values()]);
  const summed = merged === null ? [...arenas.keys()] : null;
  const bytes = (pages: number | null) => (pages === null || pageSize === null ? null : pages * pageSize);
  const cacheOblivious =
    booleanIn(objectIn(json, 'opt'), 'cache_oblivious') ??
    booleanIn(objectIn(json, 'config'), 'cache_oblivious');
  const partial = {
    cacheOblivious,
    version: typeof json.version === 'string' ? json.version : null,
    quantum: numberIn(arenasConstants, 'quantum'),
    pageSize,
    totals: possibleTotals(totals),
    pools: {
      parked: section.figures.parked,
      internal: section.figures.internal,
      dirty: bytes(section.figures.dirtyPages),
      muzzy: bytes(section.figures.muzzyPages),
    },
    decay: decayOf(json, arenasConstants),
  };
  const damage = damageOf();
  return {
    partial,
    damage,
    section,
    summed,
    whole:
      damage !== null
        ? null
        : ({
            ...partial,
            version: partial.version ?? 'unknown',
            cacheOblivious: cacheOblivious ?? true,
            bins: section.bins,
            large: section.large,
            largeBytes: largeBytesOf(section),
            arenas,
          } as MallocStats),
  };

  function damageOf(): string | null {
    const wrong = wrongTotals(totals);
    if (wrong !== null) return wrong;
    const { parked, internal, dirty, muzzy } = partial.pools;
    const names = { tcache_bytes: parked, internal, pdirty: dirty, pmuzzy: muzzy };
    const known = { ...partial.totals, page: pageSize, quantum: partial.quantum, ...names };
    const missing = Object.entries(known).find(([, value]) => value === null);
    if (missing !== undefined) return `no figure \`${missing[0]}\``;
    if (section.damage !== null) return section.damage;
    if (section.bins.length === 0) return 'they have no tables of size classes';
    return wrongSum({
      version: partial.version,
      totals: partial.totals,
      section,
      pageSize: pageSize!,
      cacheOblivious,
    });
  }
}

interface Classes {
  readonly pageSize: number | null;
  readonly bins: readonly Json[];
  readonly large: readonly Json[];
}

/** Rows of an arena follow the order of the classes, which have the sizes. */
function sectionOf(arena: Json, classes: Classes): Section {
  const figures = noFigures();
  const stashed = numberIn(arena, 'tcache_stashed_bytes') ?? 0;
  const parked = numberIn(arena, 'tcache_bytes');
  figures.parked = parked === null ? null : parked + stashed;
  figures.internal = numberIn(arena, 'internal');
  figures.dirtyPages = numberIn(arena, 'pdirty');
  figures.muzzyPages = numberIn(arena, 'pmuzzy');
  figures.small = numberIn(objectIn(arena, 'small'), 'allocated');
  figures.large = numberIn(objectIn(arena, 'large'), 'allocated');
  const [allocated, freed] = ['nmalloc', 'ndalloc'].map((name) => numberIn(objectIn(arena, 'large'), name));
  figures.largeCount = allocated == null || freed == null ? null : allocated - freed;
  const bins: BinStats[] = [];
  const large: LargeStats[] = [];
  let damage: string | null = null;
  rowsIn(arena, 'bins').forEach((row, index) => {
    const constants = classes.bins[index] ?? {};
    const slabSize = numberIn(constants, 'slab_size');
    const figure = {
      size: numberIn(constants, 'size'),
      regs: numberIn(constants, 'nregs'),
      pages: slabSize === null || classes.pageSize === null ? null : slabSize / classes.pageSize,
      curregs: numberIn(row, 'curregs'),
      curslabs: numberIn(row, 'curslabs'),
    };
    if (Object.values(figure).includes(null)) damage ??= `row ${index + 1} of \`bins\` lacks a figure`;
    else
      bins.push({
        ...(figure as Omit<BinStats, 'nonfullSlabs'>),
        nonfullSlabs: numberIn(row, 'nonfull_slabs'),
      });
  });
  rowsIn(arena, 'lextents').forEach((row, index) => {
    const size = numberIn(classes.large[index] ?? {}, 'size');
    const curlextents = numberIn(row, 'curlextents');
    if (size === null || curlextents === null) damage ??= `row ${index + 1} of \`lextents\` lacks a figure`;
    else if (curlextents > 0) large.push({ size, curlextents });
  });
  return { bins, large, figures, damage };
}

function decayOf(json: Json, arenas: Json): DecayStats {
  const options = objectIn(json, 'opt');
  return {
    dirtyMs: numberIn(arenas, 'dirty_decay_ms') ?? numberIn(options, 'dirty_decay_ms'),
    muzzyMs: numberIn(arenas, 'muzzy_decay_ms') ?? numberIn(options, 'muzzy_decay_ms'),
    backgroundThread: booleanIn(options, 'background_thread'),
  };
}
