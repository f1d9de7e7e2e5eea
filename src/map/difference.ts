import type { ExtentColumns, GranuleColumns } from '../engine/index.js';
import { granuleColumns } from './granule-columns.js';
import type { MapSource } from './map-source.js';

export const CHANGES = [
  'drained',
  'emptied',
  'emptier',
  'unchanged',
  'fuller',
  'newly pinned',
  'opened',
] as const;
export type Change = (typeof CHANGES)[number];

export interface Difference {
  /** To lay out and to colour. Drained granules are among the others, as they were. */
  readonly source: MapSource;
  /** By granule of the source: index in CHANGES. */
  readonly changes: Uint8Array<ArrayBuffer>;
}

/** A run of pages, and which row of a snapshot it is of. */
interface Piece {
  readonly page: number;
  readonly pages: number;
  readonly row: number;
}

const DRAINED = CHANGES.indexOf('drained');

export function differenceOf(before: MapSource, after: MapSource): Difference {
  const { remains, gone } = match(before.granules, after.granules);
  // Where something else was opened since, that is what there is to see.
  const drained = [
    ...without(
      gone.map((row) => pieceOf(before.granules, row)),
      after.granules,
    ),
  ];
  const merged = merge(after.granules, drained);
  const changes = Uint8Array.from(merged, ({ piece, row }) =>
    piece === undefined ? changeOf(before.granules, remains[row]!, after.granules, row) : DRAINED,
  );
  const granules = granuleColumns(merged.length, (column, at) => {
    const { piece, row } = merged[at]!;
    if (piece === undefined) return after.granules[column][row]!;
    return column === 'page' || column === 'pages' ? piece[column] : before.granules[column][piece.row]!;
  });
  const { memory, virtualMs } = after;
  return { source: { granules, unused: unusedWithout(after.unused, drained), memory, virtualMs }, changes };
}

const NEW = -1;

/** By row of `after` which row of `before` it is, or NEW; and the rows of `before` that are not there any more. */
function match(before: GranuleColumns, after: GranuleColumns) {
  const remains = new Int32Array(after.count).fill(NEW);
  const gone: number[] = [];
  let row = 0;
  for (let old = 0; old < before.count; old++) {
    while (row < after.count && after.page[row]! < before.page[old]!) row++;
    if (row < after.count && isSame(before, old, after, row)) remains[row] = old;
    else gone.push(old);
  }
  return { remains, gone };
}

/** A slab that was opened in the place of another of its class, in the same millisecond, has handed out less. */
function isSame(before: GranuleColumns, old: number, after: GranuleColumns, row: number): boolean {
  return (
    before.page[old] === after.page[row] &&
    before.pages[old] === after.pages[row] &&
    before.sizeClass[old] === after.sizeClass[row] &&
    before.openedMs[old] === after.openedMs[row] &&
    before.allocs[old]! <= after.allocs[row]!
  );
}

function changeOf(before: GranuleColumns, old: number, after: GranuleColumns, row: number): number {
  return CHANGES.indexOf(changeNamed(old === NEW ? null : before.live[old]!, after.live[row]!));
}

function changeNamed(was: number | null, is: number): Change {
  if (was === null) return 'opened';
  if (was === is) return 'unchanged';
  if (is === 0) return 'emptied';
  if (was === 0) return 'newly pinned';
  return is < was ? 'emptier' : 'fuller';
}

function pieceOf({ page, pages }: Pick<ExtentColumns, 'page' | 'pages'>, row: number): Piece {
  return { page: page[row]!, pages: pages[row]!, row };
}

/** What is left of pieces where others lie; both in address order. */
function* without(
  pieces: readonly Piece[],
  others: { readonly count: number; readonly page: ArrayLike<number>; readonly pages: ArrayLike<number> },
): Generator<Piece> {
  let other = 0;
  for (const { page, pages, row } of pieces) {
    let from = page;
    const end = page + pages;
    while (other < others.count && others.page[other]! + others.pages[other]! <= from) other++;
    for (let at = other; at < others.count && others.page[at]! < end; at++) {
      if (others.page[at]! > from) yield { page: from, pages: others.page[at]! - from, row };
      from = others.page[at]! + others.pages[at]!;
    }
    if (from < end) yield { page: from, pages: end - from, row };
  }
}

function unusedWithout(unused: ExtentColumns, drained: readonly Piece[]): ExtentColumns {
  const all = Array.from({ length: unused.count }, (_, row) => pieceOf(unused, row));
  const left = [
    ...without(all, {
      count: drained.length,
      page: drained.map(({ page }) => page),
      pages: drained.map(({ pages }) => pages),
    }),
  ];
  return {
    count: left.length,
    page: Uint32Array.from(left, ({ page }) => page),
    pages: Uint32Array.from(left, ({ pages }) => pages),
    arena: Uint32Array.from(left, ({ row }) => unused.arena[row]!),
    state: Uint32Array.from(left, ({ row }) => unused.state[row]!),
  };
}

/** Granules by row and drained pieces, in address order. */
function merge(granules: GranuleColumns, drained: readonly Piece[]) {
  const merged: { readonly row: number; readonly piece?: Piece }[] = [];
  let next = 0;
  for (let row = 0; row < granules.count; row++) {
    for (; next < drained.length && drained[next]!.page < granules.page[row]!; next++) {
      merged.push({ row: NEW, piece: drained[next]! });
    }
    merged.push({ row });
  }
  for (; next < drained.length; next++) merged.push({ row: NEW, piece: drained[next]! });
  return merged;
}
