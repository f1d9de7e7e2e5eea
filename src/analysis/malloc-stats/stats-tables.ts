/**
 * Reads the tables of the statistics by their words, so that lost, repeated and broken blanks make no difference. The
 * columns are found by the names in the head, since some exist only in some versions.
 */
import type { BinStats, LargeStats } from './malloc-stats.js';

/** A line of the statistics, and its number for messages. */
export interface StatsLine {
  readonly text: string;
  readonly number: number;
}

export interface Tables {
  readonly bins: readonly BinStats[];
  readonly large: readonly LargeStats[];
  /** The lines of the section that belong to no table. */
  readonly rest: readonly string[];
  readonly damage: string | null;
}

type TableName = 'bins' | 'large' | 'huge' | 'extents';
type Rows = readonly (readonly string[])[];

/** Jemalloc prints it in place of one or more classes that were never used. */
const GAP = '---';
const HEAD =
  /(?:^|\s)(?:(?:(bins|large|huge|extents):\s*)?size\s+ind|(bins|large):\s*(?:bin\s+size\s+regs|size\s+pages))\s/;
/** jemalloc 3 prints the numbers of classes that are not used. */
const OLD_GAP = /^\[\d+(?:\.\.\d+)?\]$/;
const IS_NUMBER = /^-?(?:\d[\d.]*|nan)$/i;

export function tablesOf(lines: readonly StatsLine[]): Tables {
  const bins: BinStats[] = [];
  const large: LargeStats[] = [];
  const rest: string[] = [];
  let damage: string | null = null;
  for (let at = 0; at < lines.length; ) {
    const line = lines[at]!;
    const head = HEAD.exec(line.text);
    if (head === null) {
      rest.push(line.text);
      at++;
      continue;
    }
    const table = readTable(lines, at, head.index);
    at = table.end;
    const name = head[1] ?? head[2] ?? nameOf(table.columns);
    if (name === 'extents') continue;
    const rows = rowsOf(table);
    damage ??= rows.damage;
    for (const row of rows.rows) {
      const fault = addRow(row);
      damage ??= fault;
    }

    function addRow({ cells, line }: Row): string | null {
      const figure = (column: string) => figureOf(cells, table.columns, column);
      if (name === 'bins') {
        const bin = binOf(figure);
        if (typeof bin === 'string') return `line ${line}: ${bin}`;
        bins.push(bin);
        return null;
      }
      const size = figure('size');
      const count = figure('curlextents') ?? figure('curruns') ?? figure('curhchunks');
      if (size === null || count === null) return `line ${line}: no figure in a column \`curlextents\``;
      large.push({ size, curlextents: count });
      return null;
    }
  }
  return { bins, large, rest, damage };
}

/** Returns the name of a table whose head lost it. */
function nameOf(columns: readonly string[]): TableName {
  if (columns.includes('regs')) return 'bins';
  return columns.includes('ntotal') ? 'extents' : 'large';
}

interface Table {
  readonly columns: readonly string[];
  /** The words of the lines after the head, without gaps. */
  readonly lines: readonly { readonly words: readonly string[]; readonly number: number }[];
  /** Index of the first line after the table. */
  readonly end: number;
}

function wordsOf(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** Reads the head at a line and all lines of numbers after it. A head may continue in the next lines. */
function readTable(lines: readonly StatsLine[], at: number, from: number): Table {
  const columns = wordsOf(lines[at]!.text.slice(from).replace(/^\s*(?:bins|large|huge|extents):/, ''));
  const rows: { words: string[]; number: number }[] = [];
  let end = at + 1;
  for (; end < lines.length; end++) {
    const { text, number } = lines[end]!;
    const words = wordsOf(text).filter((word) => word !== GAP && !OLD_GAP.test(word));
    if (words.length === 0 || words[0] === '') continue;
    if (words.every((word) => IS_NUMBER.test(word))) rows.push({ words, number });
    else if (rows.length === 0 && words.every((word) => /^\(?[#a-z_/]+\)?$/.test(word)))
      columns.push(...words);
    else if (isRowWithPrefix(words, columns.length))
      rows.push({ words: words.slice(-columns.length), number });
    else if (!isOfProgram(lines, end, columns.length)) break;
  }
  return { columns, lines: rows, end };
}

const MAX_LINES_OF_PROGRAM = 3;

/** Whether the lines from `at` are the program's own, printed between two rows. */
function isOfProgram(lines: readonly StatsLine[], at: number, columns: number): boolean {
  for (const { text } of lines.slice(at, at + MAX_LINES_OF_PROGRAM + 1)) {
    if (HEAD.test(text)) return false;
    const words = wordsOf(text);
    if (words.length === columns && words.every((word) => IS_NUMBER.test(word))) return true;
  }
  return false;
}

/** Whether the last words of a line are a row, and what precedes them is something else. */
function isRowWithPrefix(words: readonly string[], columns: number): boolean {
  return words.length > columns && words.slice(-columns).every((word) => IS_NUMBER.test(word));
}

interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

/** Returns the rows of a table: its lines, or, if lines were broken, as many words for each as there are columns. */
function rowsOf({ columns, lines }: Table): {
  readonly rows: readonly Row[];
  readonly damage: string | null;
} {
  const odd = lines.find(({ words }) => words.length !== columns.length);
  if (odd === undefined) {
    return { rows: lines.map(({ words, number }) => ({ cells: words, line: number })), damage: null };
  }
  const words = lines.flatMap((line) => line.words.map((word) => ({ word, number: line.number })));
  const rows: Row[] = [];
  for (let at = 0; at + columns.length <= words.length; at += columns.length) {
    const cells = words.slice(at, at + columns.length);
    rows.push({ cells: cells.map(({ word }) => word), line: cells[0]!.number });
  }
  const index = Math.max(columns.indexOf('ind'), columns.indexOf('bin'));
  const inOrder = (cells: Rows) =>
    cells.every((row, at) => at === 0 || Number(row[index]) > Number(cells[at - 1]![index]));
  if (words.length % columns.length === 0 && inOrder(rows.map(({ cells }) => cells))) {
    return { rows, damage: null };
  }
  return {
    rows: [],
    // Columns have a fixed width, so figures that are too wide merge.
    damage: `line ${odd.number}: ${odd.words.length} figures under ${columns.length} headings: "${odd.words.join(' ').slice(0, 60)}"`,
  };
}

function figureOf(cells: readonly string[], columns: readonly string[], column: string): number | null {
  const value = Number(cells[columns.indexOf(column)]);
  return Number.isFinite(value) ? value : null;
}

/** Returns a small class, or what is wrong with its row. */
function binOf(figure: (column: string) => number | null): BinStats | string {
  const columns = ['size', 'regs', 'pgs'];
  const missing = columns.find((column) => figure(column) === null);
  const slabs = figure('curslabs') ?? figure('curruns');
  // jemalloc 3 prints bytes in place of regions.
  const bytes = figure('allocated');
  const regions = figure('curregs') ?? (bytes === null ? null : bytes / (figure('size') ?? 1));
  if (missing !== undefined || slabs === null || regions === null)
    return `no figure in a column \`${missing ?? (regions === null ? 'curregs' : 'curslabs')}\``;
  return {
    size: figure('size')!,
    regs: figure('regs')!,
    pages: figure('pgs')!,
    curregs: regions,
    curslabs: slabs,
    nonfullSlabs: figure('nonfull_slabs'),
  };
}
