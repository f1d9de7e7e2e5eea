/** Reads jemalloc's totals from what programs other than servers print: metrics, tables, and single lines. */
import { formatBytes, greatest, InputError, KIB } from '../../base/index.js';
import { plainSeries } from './series-text.js';
import { parseSize, unitBytes } from './sizes.js';
import { plainTable } from './table-text.js';

export interface ProgramFigures {
  /** The program, if its figures show it. */
  readonly program: string | null;
  readonly allocated: number | null;
  readonly active: number | null;
  readonly metadata: number | null;
  readonly resident: number | null;
  readonly mapped: number | null;
  readonly retained: number | null;
  readonly dirty: number | null;
  readonly muzzy: number | null;
  readonly pageSize: number | null;
  /** The number of times that the text has the totals, of which the first are read. */
  readonly count: number;
}

const DIGITS = '-?\\d(?:[\\d.,_]*\\d)?(?:e\\+?\\d+)?';
const SIZE = `${DIGITS}[ \\t]*(?:[KMGT](?:i?B)?|bytes|B)?(?![\\w.])`;
/** Statistics in JSON, without the sizes of classes, which are elsewhere in the document. */
const PART_OF_JSON = /"(?:small|large)"\s*:\s*\{\s*"allocated"|"curregs"\s*:\s*\d+\s*,\s*"nrequests"/;
/** No process on jemalloc has less, since the records of the allocator alone take more. */
const LEAST_RESIDENT = 64 * KIB;
/** Totals that were rounded to three digits may be so far apart. */
const ROUNDING = 0.02;

/**
 * Returns the totals; null if the text has no two of them that can be split. Throws an InputError for totals that no
 * process has.
 */
export function programFiguresOf(lines: readonly string[], from: string): ProgramFigures | null {
  const text = plainTable(plainSeries(lines.join('\n')));
  // The figures of an arena, or of its classes, are named as the totals.
  if (PART_OF_JSON.test(text)) return null;
  const unit = unitOfHeads(text);
  const found = (name: string) => figuresNamed(text, name, unit);
  const [allocated, active, resident] = sameOf(found('allocated'), found('active'), found('resident'));
  if (allocated.first === null || (active.first === null && resident.first === null)) return null;
  const totals = { allocated: allocated.first, active: active.first, resident: resident.first };
  refuseImpossible(totals, unit, from);
  const [metadata, mapped, retained] = ['metadata', 'mapped', 'retained'].map((name) => found(name).first);
  const pages = (name: string) => figuresNamed(text, `arenas[._]all[._]${name}`, 1).first;
  const pactive = pages('pactive');
  const pageSize = pactive !== null && totals.active !== null ? pageSizeOf(totals.active / pactive) : null;
  const bytesOf = (name: string) => {
    const count = pages(`p${name}`);
    return count === null || pageSize === null ? labelled(name) : count * pageSize;
  };
  // The word alone is none of jemalloc's.
  const labelled = (name: string) => (/jemalloc|allocator_stats/i.test(text) ? found(name).first : null);
  return {
    program: programOf(text),
    ...totals,
    metadata: metadata ?? null,
    mapped: mapped ?? null,
    retained: retained ?? null,
    dirty: bytesOf('dirty'),
    muzzy: bytesOf('muzzy'),
    pageSize,
    count: Math.min(allocated.count, Math.max(active.count, resident.count)),
  };
}

/** A size with its unit, and what its name follows: `1 MiB allocated, 2 MiB active`. */
const BEFORE = /(?<![\d.,_])\d[\d.,_]{0,30}[ \t]*(?:[KMGT]i?B|bytes)[ \t]+$/i;

interface Found {
  readonly first: number | null;
  readonly largest: number | null;
  readonly count: number;
}

/**
 * Finds the figures of a name as `jemalloc.active 7.71 GiB`, `stats.active: 1`, `| jemalloc_active | 1 |`,
 * `x{type="active"} 1`, and, with its unit, `1 bytes active`.
 */
function figuresNamed(text: string, name: string, unit: number): Found {
  const label = `\\{[^{}\\n]{0,200}["'](?:jemalloc[._])?${name}["'][^{}\\n]{0,200}\\}`;
  const prefix = '(?:\\w{0,40}jemalloc\\w{0,40}[._]|(?:je_)?stats[._]|heap_)';
  const plain = `(?<![\\w.])(?:${prefix}(?:stats[._])?)?${name}(?:_(bytes|kbytes|[kmg]i?b)| bytes(?=:))?["'\`]*(?:\\{[^{}\\n]{0,200}\\})?`;
  const after = new RegExp(`(?:${label}|${plain})[ \\t]*[:=|,]?[ \\t]*["'\`]?(${SIZE})`, 'gi');
  const before = new RegExp(
    `(?<!\\d)(?<!\\d[.,_])(${DIGITS}[ \\t]*(?:[KMGT]i?B|bytes))[ \\t]+()?${name}\\b`,
    'gi',
  );
  const isBefore = BEFORE.test(text.slice(0, /\b(?:allocated|active|resident)\b/i.exec(text)?.index ?? 0));
  const all = isBefore
    ? []
    : [...text.matchAll(after)].map(([, suffix, size]) => sizeOf(size!, suffix, unit));
  const reversed = all.length > 0 ? [] : [...text.matchAll(before)].map(([, size]) => parseSize(size!));
  const sizes = [...all, ...reversed].filter((size) => size !== null);
  return {
    first: sizes[0] ?? null,
    largest: sizes.length === 0 ? null : greatest(sizes),
    count: sizes.length,
  };
}

/**
 * Returns the figures of one thing. Where some names are found more often than others, the text has arenas as well, and
 * the totals are the largest ones.
 */
function sameOf(...all: [Found, Found, Found]): [Found, Found, Found] {
  const counts = new Set(all.map(({ count }) => count).filter((count) => count > 0));
  if (counts.size < 2) return all;
  return all.map((each) => ({ ...each, first: each.largest })) as [Found, Found, Found];
}

/** Returns bytes, by the unit of the figure itself, else by that of its name, else by that of its column. */
function sizeOf(size: string, suffix: string | undefined, unit: number): number | null {
  const figure = parseSize(size);
  if (figure === null || /[a-z]\s*$/i.test(size)) return figure;
  const fraction = Number(size.replaceAll(/[,_]/g, ''));
  const factor = suffix === undefined ? unit : unitBytes(suffix);
  return factor === 1 || Number.isNaN(fraction) ? figure : Math.round(fraction * factor);
}

/** Returns the bytes of the unit that the head of a column names, or divides by: `Value_MiB`, `value/1024/1024`. */
function unitOfHeads(text: string): number {
  for (const line of text.split('\n')) {
    if (!/value|bytes|size|name|metric|MiB/i.test(line)) continue;
    const divided = line.match(/\/\s*1024\b/g)?.length ?? 0;
    if (divided > 0) return KIB ** divided;
    const named = /\d/.test(line) ? undefined : /(?:\b|_)([KMGT])i?B(?:\b|_)/.exec(line)?.[1];
    if (named !== undefined) return unitBytes(named);
  }
  return 1;
}

interface Totals {
  readonly allocated: number;
  readonly active: number | null;
  readonly resident: number | null;
}

function refuseImpossible(totals: Totals, unit: number, from: string): void {
  const known = Object.entries(totals).filter((each): each is [string, number] => each[1] !== null);
  const negative = known.find(([, bytes]) => bytes < 0);
  if (negative !== undefined) {
    throw new InputError(
      `${from}: \`${negative[0]}\` is ${negative[1]}, and no size; take the figures again`,
    );
  }
  const most = Math.max(...known.map(([, bytes]) => bytes));
  if (most < LEAST_RESIDENT && unit === 1) {
    throw new InputError(
      `${from}: jemalloc's totals are at most ${most} bytes, which is less than it needs for itself; if they are in another ` +
        `unit, write it behind them, as in \`${known[0]![0]}: ${most} MiB\``,
    );
  }
  known.forEach(([name, bytes], index) => {
    const below = known[index - 1];
    if (below === undefined || below[1] <= bytes * (1 + ROUNDING)) return;
    throw new InputError(
      `${from}: \`${below[0]}\` (${formatBytes(below[1])}) is more than \`${name}\` (${formatBytes(bytes)}), which contains ` +
        'it: they are of two processes, or damaged; take them again together',
    );
  });
}

/** Returns the power of two nearest to a quotient of figures that were rounded. */
function pageSizeOf(quotient: number): number | null {
  const size = 2 ** Math.round(Math.log2(quotient));
  return size >= 4096 && size <= 2 ** 21 && Math.abs(quotient / size - 1) < 0.02 ? size : null;
}

function programOf(text: string): string | null {
  if (/\bjemalloc\.(?:arenas\.all|active|allocated)|ClickHouse/.test(text)) return 'clickhouse';
  if (/\bstats_memory_metrics\b|^\s*\|?\s*jemalloc_(?:resident|active|allocated)\s*\|/m.test(text))
    return 'proxysql';
  if (/\btikv_/.test(text)) return 'tikv';
  return null;
}
