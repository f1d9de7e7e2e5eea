/** Reads statistics in jemalloc's text form, versions 4.0 to 5.3, from a text that may be damaged. */
import type { DecayStats, MallocStats, MallocTotals, StatsReading } from './malloc-stats.js';
import { restoredLines } from './stats-lines.js';
import {
  largeBytesOf,
  noFigures,
  type Section,
  type SectionFigures,
  sumOfSections,
} from './stats-section.js';
import { possibleTotals, wrongSum, wrongTotals } from './stats-sums.js';
import { type StatsLine, tablesOf } from './stats-tables.js';

export const BEGIN_MALLOC_STATS = /_{2,} *Begin +jemalloc +statistics *_{2,}/;
export const END_MALLOC_STATS = /-{2,} *End +jemalloc +statistics *-{2,}/;
/** The last line, for messages. */
export const LAST_LINE = '--- End jemalloc statistics ---';

/** Reads the lines of one output. */
export function readStatsText(printed: readonly StatsLine[]): StatsReading {
  const plain = printed.some(({ text }) => DOTTED_TOTAL.test(text))
    ? printed.map(({ text, number }) => ({ text: text.replaceAll(DOTTED, withoutDots), number }))
    : printed;
  const lines = restoredLines(plain.map(({ text, number }) => ({ text: withoutMarks(text), number })));
  const { head, sections } = sectionsOf(lines);
  const general = joined(head);
  const arenas = new Map<number, Section>();
  for (const [name, section] of sections) {
    const number = /^arenas\[(\d+)\]$/.exec(name)?.[1];
    if (number !== undefined) arenas.set(Number(number), section);
  }
  // jemalloc omits the merged section if there is only one arena.
  const merged = mergedSection(sections.get('merged'), [...arenas.values()]);
  // A number at the very end of a text may have been cut.
  const endsInTotals =
    sections.size === 1 && head.length === lines.length && /\bAllocated: .*\d$/.test(head.at(-1) ?? '');
  const printedTotals = totalsOf(endsInTotals && hasBegin(lines) ? general.replace(/\d+$/, '?') : general);
  const totals = possibleTotals(printedTotals);
  const pageSize = numberAfter(general, /\bPage size: ?(\d+)/);
  const quantum = numberAfter(general, /\bQuantum size: ?(\d+)/);
  const version = /\bVersion: ?"?([^\s"]+)"?/.exec(general)?.[1] ?? null;
  const bytes = (pages: number | null) => (pages === null || pageSize === null ? null : pages * pageSize);
  const pools = {
    parked: merged.figures.parked,
    internal: merged.figures.internal,
    dirty: bytes(merged.figures.dirtyPages),
    muzzy: bytes(merged.figures.muzzyPages),
  };
  const partial = {
    version,
    quantum,
    pageSize,
    cacheOblivious: isOblivious(general),
    totals,
    pools,
    decay: decayOf(general),
  };
  const damage = damageOf();
  return {
    partial,
    damage,
    section: merged,
    summed: hasTables(sections.get('merged')) ? null : [...arenas.keys()],
    whole:
      damage !== null
        ? null
        : ({
            ...partial,
            version: version ?? 'unknown',
            cacheOblivious: partial.cacheOblivious ?? true,
            bins: merged.bins,
            large: merged.large,
            largeBytes: largeBytesOf(merged),
            arenas,
          } as MallocStats),
  };

  function damageOf(): string | null {
    const wrongLine = wrongTotals(printedTotals);
    if (wrongLine !== null) return wrongLine;
    if (merged.damage !== null) return merged.damage;
    if (merged.bins.length === 0 && merged.large.length === 0) {
      const isEntire = hasEnd() || !hasBegin(lines);
      return isEntire ? 'they have no tables of size classes' : breaksOff();
    }
    const missing = missingFigure();
    if (missing !== null) return `no ${missing}`;
    const wrong = wrongSum({
      version,
      totals,
      section: merged,
      pageSize: pageSize!,
      cacheOblivious: partial.cacheOblivious,
    });
    if (wrong === null) return null;
    return hasEnd() ? wrong : `${breaksOff()}: ${wrong}`;
  }

  function missingFigure(): string | null {
    const isOld = /^[1-4]\./.test(version ?? '');
    for (const name of ['Allocated', 'active', 'metadata', 'resident', 'mapped', 'retained'] as const) {
      if (name === 'retained' && isOld) continue;
      if (totals[name.toLowerCase() as keyof MallocTotals] === null) return `total \`${name}\``;
    }
    if (pageSize === null) return 'Page size';
    if (quantum === null) return 'Quantum size';
    const needed = (['parked', 'internal', 'dirty', 'muzzy'] as const).filter(
      (name) => name !== 'parked' || !isOld,
    );
    const missing = needed.find((name) => pools[name] === null);
    if (missing === undefined) return null;
    return {
      parked: 'figure `tcache_bytes`',
      internal: 'figure `internal`',
      dirty: 'dirty pages',
      muzzy: 'muzzy pages',
    }[missing];
  }

  function hasEnd(): boolean {
    return END_MALLOC_STATS.test(lines.at(-1)?.text ?? '');
  }

  function breaksOff(): string {
    const last = lines.at(-1);
    return `they break off before "${LAST_LINE}", at line ${last?.number ?? 0}`;
  }
}

function hasBegin(lines: readonly StatsLine[]): boolean {
  return lines.some(({ text }) => BEGIN_MALLOC_STATS.test(text));
}

/** Returns all arenas together. The sum of arenas serves if there is no merged section, or if it has no tables. */
function mergedSection(merged: Section | undefined, arenas: readonly Section[]): Section {
  return merged === undefined || (!hasTables(merged) && arenas.some(hasTables))
    ? sumOfSections(arenas)
    : merged;
}

function hasTables(section: Section | undefined): boolean {
  return section !== undefined && section.bins.length + section.large.length > 0;
}

function joined(lines: readonly string[]): string {
  return lines.join(' ').replaceAll(/\s+/g, ' ');
}

function numberAfter(text: string, pattern: RegExp): number | null {
  const figure = Number(pattern.exec(text)?.[1] ?? Number.NaN);
  // No process has more bytes than a number holds exactly.
  return Number.isSafeInteger(figure) ? figure : null;
}

/** A figure with separators of thousands. */
const THOUSANDS = /(?<![\w.,])\d{1,3}(?:,\d{3})+(?!,?\w)/g;

/** Dots separate thousands in the whole text if they do in its first total. */
const DOTTED_TOTAL = /\bAllocated: ?\d{1,3}(?:\.\d{3})+,/;
const DOTTED = /(?<![\w.,])[1-9]\d{0,2}(?:\.\d{3})+(?![.\w])/g;
const withoutDots = (figure: string) => figure.replaceAll('.', '');

/** Removes what Markdown, tables and logs leave around a line. */
function withoutMarks(line: string): string {
  return line
    .replaceAll('\t', ' ')
    .replaceAll(THOUSANDS, (figure) => figure.replaceAll(',', ''))
    .replace(/^[\s|│┃*`"'+]+/, '')
    .replace(/(?<![\s|│┃*`"'])[\s|│┃*`"']+$/, '');
}

function isOblivious(general: string): boolean | null {
  const set =
    /\bopt\.cache_oblivious: (true|false)/.exec(general) ??
    /\bconfig\.cache_oblivious: (true|false)/.exec(general);
  // jemalloc 3 never pads.
  if (set === null) return /\bVersion: ?"?3\./.test(general) ? false : null;
  return set[1] === 'true';
}

function totalsOf(general: string): StatsReading['partial']['totals'] {
  const line = /\bAllocated: ?\d+,? .*/.exec(general)?.[0] ?? '';
  const total = (name: string) =>
    numberAfter(line, new RegExp(`\\b${name}: ?(\\d+)(?=,| *\\(| +[^\\d\\s(,]| *$)`, 'i'));
  return {
    allocated: total('Allocated'),
    active: total('active'),
    metadata: total('metadata'),
    resident: total('resident'),
    mapped: total('mapped'),
    retained: total('retained'),
  };
}

/** Reads options. A current value follows the initial one in parentheses: `opt.dirty_decay_ms: 10000 (arenas.…: 5000)`. */
function decayOf(general: string): DecayStats {
  const value = (option: string) => {
    const [, initial, current] =
      new RegExp(`\\bopt\\.${option}: ?(-?\\w+)(?: \\([\\w.]+: ?(-?\\w+)\\))?`).exec(general) ?? [];
    return current ?? initial;
  };
  const milliseconds = (option: string) => {
    const text = value(option);
    return text === undefined || !/^-?\d+$/.test(text) ? null : Number(text);
  };
  const thread = value('background_thread');
  return {
    dirtyMs: milliseconds('dirty_decay_ms'),
    muzzyMs: milliseconds('muzzy_decay_ms'),
    backgroundThread: thread === undefined ? null : thread === 'true',
  };
}

/** Returns the lines before the first section, and the sections: `merged`, `destroyed` (arenas that no longer count), `arenas[0]`, … */
function sectionsOf(lines: readonly StatsLine[]): { head: string[]; sections: Map<string, Section> } {
  const head: string[] = [];
  const parts = new Map<string, readonly StatsLine[]>();
  let current: StatsLine[] | undefined;
  for (const line of lines) {
    const name = sectionName(line.text.trim());
    if (name !== undefined) {
      current = [];
      parts.set(name, current);
    } else if (current === undefined) head.push(line.text);
    else current.push(line);
  }
  // Tables alone, without the lines around them, are of all arenas.
  if (parts.size === 0) parts.set('merged', lines);
  return { head, sections: new Map([...parts].map(([name, part]) => [name, sectionOf(part)])) };
}

function sectionName(line: string): string | undefined {
  if (/^Merged arenas stats:/.test(line)) return 'merged';
  if (/^Destroyed arenas stats:/.test(line)) return 'destroyed';
  return /^(arenas\[\d+\]):/.exec(line)?.[1];
}

function sectionOf(lines: readonly StatsLine[]): Section {
  const { bins, large, rest, damage } = tablesOf(lines);
  return { bins, large, damage, figures: figuresOf(rest) };
}

/** Reads figures from the lines of a section outside its tables. Pages follow their decay time in a second column. */
function figuresOf(lines: readonly string[]): SectionFigures {
  const figures = noFigures();
  const seen = new Set<string>();
  let columns: string[] = [];
  for (const text of lines) {
    const line = text.trim();
    if (/^allocated +nmalloc/.test(line)) columns = line.split(/\s+/);
    figures.largeCount ??= largeCountOf(line, columns);
    const [, decaying, pages] = /^(dirty|muzzy): *\S+ +(\d+)/.exec(line) ?? [];
    if (decaying === 'dirty') figures.dirtyPages ??= Number(pages);
    else if (decaying === 'muzzy') figures.muzzyPages ??= Number(pages);
    const old = /^dirty pages: *\d+:(\d+) active:dirty/.exec(line)?.[1];
    if (old !== undefined) {
      // jemalloc 4 has no muzzy pages.
      figures.dirtyPages ??= Number(old);
      figures.muzzyPages ??= 0;
    }
    // A line with one figure ends with it, unless a blank broke the number.
    const [, name, bytes] =
      /^(small|large|huge): *(\d+)/.exec(line) ??
      /^(active|internal|tcache_bytes|tcache_stashed_bytes): *(\d+)$/.exec(line) ??
      [];
    // Two processes that print at a time repeat a line.
    if (name !== undefined && !seen.has(name)) setFigure(figures, name, Number(bytes));
    if (name !== undefined) seen.add(name);
    const inside = /^metadata: mapped: *\d+, allocated: *(\d+)/.exec(line)?.[1];
    if (inside !== undefined) figures.internal ??= Number(inside);
  }
  return figures;
}

/** Returns the live allocations of a line `large:` under the given headings; null if it is none. */
function largeCountOf(line: string, columns: readonly string[]): number | null {
  if (!/^large: *\d/.test(line)) return null;
  const cells = line
    .replace(/^large: */, '')
    .split(/\s+/)
    .map(Number);
  const count =
    (cells[columns.indexOf('nmalloc')] ?? Number.NaN) - (cells[columns.indexOf('ndalloc')] ?? Number.NaN);
  return Number.isFinite(count) && count >= 0 ? count : null;
}

function setFigure(figures: SectionFigures, name: string, bytes: number): void {
  switch (name) {
    case 'small':
    case 'active':
    case 'internal':
      figures[name] ??= bytes;
      break;
    case 'large':
    // jemalloc 4 counts its largest allocations apart.
    case 'huge':
      figures.large = (figures.large ?? 0) + bytes;
      break;
    default:
      figures.parked = (figures.parked ?? 0) + bytes;
  }
}
