/** Reads jemalloc's totals from what programs other than servers print: metrics, tables, and single lines. */
import { parseSize } from './sizes.js';

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
}

const SIZE = '-?\\d(?:[\\d.,_]*\\d)?(?:e\\+?\\d+)?\\s*(?:[KMGT]i?B?|bytes|B)?';

/** Returns the totals; null if the text has no two of them that can be split. */
export function programFiguresOf(lines: readonly string[]): ProgramFigures | null {
  const text = lines.join('\n');
  const total = (name: string) => sizeOf(text, name);
  const [allocated, active, metadata] = ['allocated', 'active', 'metadata'].map(total) as (number | null)[];
  const [resident, mapped, retained] = ['resident', 'mapped', 'retained'].map(total) as (number | null)[];
  if (allocated == null || (active == null && resident == null)) return null;
  const pages = (name: string) => sizeOf(text, `arenas\\.all\\.${name}`);
  const pactive = pages('pactive');
  const pageSize = pactive !== null && active != null ? pageSizeOf(active / pactive) : null;
  const bytes = (count: number | null) => (count === null || pageSize === null ? null : count * pageSize);
  return {
    program: programOf(text),
    allocated,
    active: active ?? null,
    metadata: metadata ?? null,
    resident: resident ?? null,
    mapped: mapped ?? null,
    retained: retained ?? null,
    dirty: bytes(pages('pdirty')),
    muzzy: bytes(pages('pmuzzy')),
    pageSize,
  };
}

/** Finds the figure of a name as `jemalloc.active 7.71 GiB`, `active: 1`, `| jemalloc_active | 1 |`, `x{type="active"} 1`. */
function sizeOf(text: string, name: string): number | null {
  const label = `\\{[^{}\\n]{0,200}["'](?:jemalloc[._])?${name}["'][^{}\\n]{0,200}\\}`;
  const plain = `(?<![\\w.])(?:\\w{0,40}jemalloc\\w{0,40}[._](?:stats[._])?)?${name}(?:_bytes|_mb)?["'\`]*(?:\\{[^{}\\n]{0,200}\\})?`;
  const match = new RegExp(`(?:${label}|${plain})\\s*[:=|,]?\\s*["'\`]?(${SIZE})`, 'i').exec(text);
  return match?.[1] === undefined ? null : parseSize(match[1]);
}

/** Returns the power of two nearest to a quotient of figures that were rounded. */
function pageSizeOf(quotient: number): number | null {
  const size = 2 ** Math.round(Math.log2(quotient));
  return size >= 4096 && size <= 2 ** 21 && Math.abs(quotient / size - 1) < 0.02 ? size : null;
}

function programOf(text: string): string | null {
  if (/\bjemalloc\.(?:arenas\.all|active|allocated)/.test(text)) return 'clickhouse';
  if (/\bstats_memory_metrics\b|\bjemalloc_(?:resident|active|allocated)\b.*\n.*\bjemalloc_/.test(text))
    return 'proxysql';
  return null;
}
