/** The figures in which two runs differ: what becomes of their memory, and what is pinned in each class. */
import { formatBytes, formatCount, markdownTable } from '../../base/index.js';
import type { ClassParts, ResidentParts } from '../../map/index.js';
import { type Amounts, amountsOf } from '../resident-answer.js';

/** A moment of one of two runs. */
export interface PairSide {
  readonly parts: ResidentParts;
  readonly classes: readonly ClassParts[];
}

export interface PairRow {
  readonly name: string;
  readonly unit: 'bytes' | 'count';
  readonly a: number;
  readonly b: number;
  /** Both as text, where it is not that of the number: the parts of a bar are rounded together. */
  readonly texts?: readonly [a: string, b: string];
}

/** The share of the larger resident set from which a class has a row. */
const NOTABLE = 0.01;

/** Returns the rows, those with the largest difference first, and equal ones last. */
export function pairRows(a: PairSide, b: PairSide): PairRow[] {
  const row = (name: string, of: (side: PairSide) => number, unit: PairRow['unit'] = 'bytes'): PairRow => ({
    name,
    unit,
    a: of(a),
    b: of(b),
  });
  const [ofA, ofB] = [amountsOf(a.parts), amountsOf(b.parts)];
  const part = (name: string, key: keyof Amounts, of: (side: PairSide) => number): PairRow => ({
    ...row(name, of),
    texts: [ofA[key], ofB[key]],
  });
  const least = NOTABLE * Math.max(a.parts.resident, b.parts.resident);
  const bytes = [
    part('Pinned', 'pinned', ({ parts }) => parts.pinned),
    part('Comes back', 'back', comesBack),
    part('In use', 'use', ({ parts }) => parts.use),
    part('Records', 'records', ({ parts }) => parts.records),
    row('Resident', ({ parts }) => parts.resident),
    ...sizesOf(a, b)
      .map((size) => row(`Pinned in ${formatCount(size)} B`, (side) => pinnedIn(side, size)))
      .filter((each) => Math.abs(differenceOf(each)) >= least),
  ];
  const sorted = [...bytes].sort((x, y) => Math.abs(differenceOf(y)) - Math.abs(differenceOf(x)));
  return [...sorted, row('Slabs pinned', ({ parts }) => parts.slabs.pinned, 'count')];
}

export function comesBack({ parts }: PairSide): number {
  return parts.dirty + parts.empty;
}

function differenceOf({ a, b }: PairRow): number {
  return a - b;
}

function sizesOf(...sides: readonly PairSide[]): number[] {
  const sizes = sides.flatMap(({ classes }) => classes.flatMap(({ size }) => size ?? []));
  return [...new Set(sizes)].sort((x, y) => x - y);
}

function pinnedIn({ classes }: PairSide, size: number): number {
  return classes.find((each) => each.size === size)?.pinned ?? 0;
}

/** Returns a row as texts: A, B, and A less B. */
export function rowTexts({ unit, a, b, texts }: PairRow): [a: string, b: string, difference: string] {
  const text = unit === 'bytes' ? formatBytes : formatCount;
  const change = a - b;
  const [ofA, ofB] = texts ?? [text(a), text(b)];
  return [ofA, ofB, change === 0 ? 'same' : `${change > 0 ? '+' : '−'}${text(Math.abs(change))}`];
}

/** Returns the rows as a Markdown table. */
export function pairMarkdown(rows: readonly PairRow[], [a, b]: readonly [string, string]): string {
  const texts = rows.map(rowTexts);
  const columns = [
    { title: '', cells: rows.map(({ name }) => name) },
    ...[`A: ${a}`, `B: ${b}`, 'A − B'].map((title, at) => ({ title, cells: texts.map((row) => row[at]!) })),
  ];
  return `${markdownTable(columns, (column) => column === 0).join('\n')}\n`;
}
