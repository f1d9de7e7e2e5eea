/** Reads ClickHouse's tables system.jemalloc_bins and system.jemalloc_arena_bins, in the forms that its client prints. */
import type { BinStats } from '../malloc-stats/malloc-stats.js';
import { parseSize } from './sizes.js';
import { plainTable } from './table-text.js';

/** The page of most builds. Slabs are whole pages, and regions fill them. */
const PAGE_SIZE = 4096;

interface AllocationClass {
  readonly size: number;
  /** Allocations that live now. */
  readonly count: number;
}

export interface AllocationTable {
  /** The classes of which something lives. */
  readonly classes: readonly AllocationClass[];
  /** The small classes with their slabs; null if the table does not have them. */
  readonly bins: readonly BinStats[] | null;
}

type Row = ReadonlyMap<string, string>;

/** Returns the classes of a table with sizes, allocations and frees; null if there is none. */
export function allocationTableOf(lines: readonly string[]): AllocationTable | null {
  const text = plainTable(lines.join('\n'));
  const rows = [recordsOf(text), rowsOf(text.split('\n'))].find(({ length }) => length > 0) ?? [];
  const counts = new Map<number, number>();
  const bins = new Map<number, BinStats>();
  let hasSlabs = true;
  for (const row of rows) {
    const figure = (...names: string[]) => parseSize(names.map((name) => row.get(name)).find(Boolean) ?? '');
    const [size, allocated] = [figure('size'), figure('nmalloc', 'allocations', 'allocactions')];
    const freed = figure('ndalloc', 'deallocations');
    if (size === null || allocated === null || freed === null) continue;
    const [regs, curslabs] = [figure('nregs'), figure('curslabs')];
    const isLarge = /^(?:1|true)$/i.test(row.get('large') ?? '') || regs === 0;
    if (!isLarge && regs !== null && curslabs !== null) {
      const curregs = figure('curregs') ?? allocated - freed;
      const before = bins.get(size);
      bins.set(size, {
        size,
        regs,
        pages: Math.ceil((size * regs) / PAGE_SIZE),
        curregs: curregs + (before?.curregs ?? 0),
        curslabs: curslabs + (before?.curslabs ?? 0),
        nonfullSlabs: null,
      });
    } else if (!isLarge) hasSlabs = false;
    if (allocated > freed) counts.set(size, allocated - freed + (counts.get(size) ?? 0));
  }
  if (counts.size === 0) return null;
  return {
    classes: [...counts].map(([size, count]) => ({ size, count })),
    bins: hasSlabs && bins.size > 0 ? [...bins.values()] : null,
  };
}

const isTable = (columns: readonly string[]) =>
  columns.includes('size') &&
  columns.some((name) => /^(?:nmalloc|alloca\w+)$/.test(name)) &&
  columns.some((name) => /^(?:ndalloc|deallocations)$/.test(name)) &&
  // jemalloc's own table has its own reader.
  !columns.includes('ind');

/** Reads the rows under a line with the names of the columns. */
function rowsOf(lines: readonly string[]): Row[] {
  const head = lines.findIndex((line) => isTable(namesIn(line)));
  if (head < 0) return [];
  const columns = namesIn(lines[head]!);
  const rows: Row[] = [];
  for (const line of lines.slice(head + 1)) {
    const cells = cellsOf(line);
    // ClickHouse's client numbers the rows: `1. │ 82 │ …`.
    if (/^\d+\.$/.test(cells[0] ?? '')) cells.shift();
    if (cells.length !== columns.length) continue;
    rows.push(new Map(columns.map((name, index) => [name, cells[index]!])));
  }
  return rows;
}

/** Reads records that have the names with each value: lines of JSON, and `name: value` line by line. */
function recordsOf(text: string): Row[] {
  const rows: Map<string, string>[] = [];
  for (const [, name = '', value = ''] of text.matchAll(/["']?\b(\w+)["']?\s*:\s*["']?([\w.]+)["']?/g)) {
    // A repeated name is the first of the next record.
    if (rows.length === 0 || rows.at(-1)!.has(name)) rows.push(new Map());
    rows.at(-1)!.set(name, value);
  }
  return rows.filter((row) => isTable([...row.keys()]));
}

function namesIn(line: string): string[] {
  return cellsOf(line)
    .map((cell) => /^\w+\((\w+)\)$/.exec(cell)?.[1] ?? cell.replaceAll(/[^\w]/g, ''))
    .filter((cell) => cell !== '');
}

/** Splits a line at its marks if it has any, since cells may have blanks then, and else at blanks. */
function cellsOf(line: string): string[] {
  const bare = line.replace(/^[\s|]+/, '').replace(/(?<![\s|])[\s|]+$/, '');
  const cells = bare.split(/[|;,\t]/.test(bare) ? /[|;,\t]/ : /\s+/);
  return cells.map((cell) => cell.trim().replaceAll(/^["']|["']$/g, ''));
}
