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
  /** Rows that lack one of the figures, as those that were cut do. */
  readonly incomplete: readonly string[];
  /** The lines that rows were read from, if each row is a line. */
  readonly lines: ReadonlySet<string>;
  /** Whether the rows are in one JSON document, of which a line can be one figure. */
  readonly isDocument: boolean;
}

type Row = ReadonlyMap<string, string>;

/** Returns the classes of a table with sizes, allocations and frees; null if there is none. */
export function allocationTableOf(lines: readonly string[]): AllocationTable | null {
  const text = rowsOnLines(lines.join('\n'));
  const table = rowsOf(text.split('\n'));
  const document = documentRows(text);
  const rows = [document, recordsOf(text), table.rows].find(({ length }) => length > 0) ?? [];
  const counts = new Map<number, number>();
  const bins = new Map<number, BinStats>();
  const incomplete: string[] = [];
  let hasSlabs = true;
  for (const row of rows) {
    const figure = (...names: string[]) => parseSize(names.map((name) => row.get(name)).find(Boolean) ?? '');
    const [size, allocated] = [figure('size'), figure('nmalloc', 'allocations', 'allocactions')];
    const freed = figure('ndalloc', 'deallocations');
    if (size === null || allocated === null || freed === null) {
      // Under the names there can be a rule, or the types of the columns.
      if (/^\W*\d/.test(row.get('size') ?? '0')) incomplete.push([...row.values()].join(' '));
      continue;
    }
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
    incomplete,
    lines: table.lines,
    isDocument: document.length > 0,
  };
}

/** Whether a line is one that the table was read from, or a rule of it. */
export function isRowOf({ lines, isDocument }: AllocationTable, line: string): boolean {
  const plain = rowsOnLines(line);
  return lines.has(plain) || (isDocument ? /^[\s\d.,"[\]{}]*$/ : /^[\s|,;:=+-]*$/).test(plain);
}

/** Returns a text with each row of a statement of SQL on a line, and elements of XML as names with values. */
function rowsOnLines(text: string): string {
  return plainTable(text)
    .replaceAll(/<(\w{1,40})>([^<>\n]{0,40})<\/\1>/g, '$1: $2')
    .replaceAll(/\)\s*(?:,\s*|\bVALUES\s*)\(/gi, '\n');
}

const isTable = (columns: readonly string[]) =>
  columns.includes('size') &&
  columns.some((name) => /^(?:nmalloc|alloca\w+)$/.test(name)) &&
  columns.some((name) => /^(?:ndalloc|deallocations)$/.test(name)) &&
  // jemalloc's own table has its own reader.
  !columns.includes('ind');

/** Reads the rows under a line with the names of the columns. */
function rowsOf(lines: readonly string[]): { readonly rows: Row[]; readonly lines: ReadonlySet<string> } {
  const head = lines.findIndex((line) => isTable(namesIn(line)));
  const taken = new Set<string>();
  const rows: Row[] = [];
  if (head < 0) return { rows, lines: taken };
  const columns = namesIn(lines[head]!);
  taken.add(lines[head]!);
  for (const line of lines.slice(head + 1)) {
    const cells = cellsOf(line);
    // ClickHouse's client numbers the rows: `1. │ 82 │ …`.
    if (/^\d+\.$/.test(cells[0] ?? '')) cells.shift();
    if (cells.length !== columns.length) continue;
    taken.add(line);
    rows.push(new Map(columns.map((name, index) => [name, cells[index]!])));
  }
  return { rows, lines: taken };
}

/** Reads a JSON document with the names of the columns apart from their values: ClickHouse's JSONCompact and JSONColumns. */
function documentRows(text: string): Row[] {
  let value: unknown;
  try {
    value = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  } catch {
    return [];
  }
  const { meta, data } = value as { readonly meta?: unknown; readonly data?: unknown };
  const row = (names: readonly string[], cells: readonly unknown[]): Row =>
    new Map(names.map((name, index) => [name, String(cells[index] ?? '')]));
  if (Array.isArray(meta) && Array.isArray(data)) {
    const names = meta.map((column) => String((column as { readonly name?: unknown } | null)?.name));
    return isTable(names) ? data.filter(Array.isArray).map((cells) => row(names, cells)) : [];
  }
  // JSONColumnsWithMetadata has the columns one level deeper.
  const holder = Array.isArray(meta) && typeof data === 'object' && data !== null ? data : value;
  const columns = Object.entries(holder as object).filter((each): each is [string, unknown[]] =>
    Array.isArray(each[1]),
  );
  const names = columns.map(([name]) => name);
  if (!isTable(names)) return [];
  return columns[0]![1].map((_, index) =>
    row(
      names,
      columns.map(([, cells]) => cells[index]),
    ),
  );
}

/** Reads records that have the names with each value: lines of JSON, `name=value`, and `name: value` line by line. */
function recordsOf(text: string): Row[] {
  const rows: Map<string, string>[] = [];
  for (const [, name = '', value = ''] of text.matchAll(/["']?\b(\w+)["']?\s*[:=]\s*["']?([\w.]+)["']?/g)) {
    // A repeated name is the first of the next record.
    if (rows.length === 0 || rows.at(-1)!.has(name)) rows.push(new Map());
    rows.at(-1)!.set(name, value);
  }
  const whole = rows.find((row) => isTable([...row.keys()]));
  if (whole === undefined) return [];
  // The last one may have been cut before its size.
  return rows.filter(
    (row, index) =>
      row.has('size') || (index === rows.length - 1 && [...row.keys()].every((name) => whole.has(name))),
  );
}

function namesIn(line: string): string[] {
  return cellsOf(line)
    .map((cell) => /^\w+\((\w+)\)$/.exec(cell)?.[1] ?? cell.replaceAll(/[^\w]/g, ''))
    .filter((cell) => cell !== '');
}

/** Splits a line at its marks if it has any, since cells may have blanks then, and else at blanks. */
function cellsOf(line: string): string[] {
  const bare = line.replace(/^[\s|[(]+/, '').replace(/(?<![\s|\]),;])[\s|\]),;]+$/, '');
  const cells = bare.split(/[|;,\t]/.test(bare) ? /[|;,\t]/ : /\s+/);
  return cells.map((cell) => cell.trim().replaceAll(/^["'`]|["'`]$/g, ''));
}
