/** Merges two snapshots into one source for a map that shows what has changed. */
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
  /** The source of the map. It also has the drained granules, with their values from the earlier snapshot. */
  readonly source: MapSource;
  /** Index in CHANGES of each granule of the source. */
  readonly changes: Uint8Array<ArrayBuffer>;
}

/** A run of pages, and its row in a snapshot. */
interface Piece {
  readonly page: number;
  readonly pages: number;
  readonly row: number;
}

const DRAINED = CHANGES.indexOf('drained');

export function differenceOf(before: MapSource, after: MapSource): Difference {
  const { remains, drainedRows } = match(before.granules, after.granules);
  // Pages of a drained granule that a new granule uses show the new one.
  const drained = [
    ...without(
      drainedRows.map((row) => pieceOf(before.granules, row)),
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

/** Returns for each row of `after` the row of the same granule in `before`, or NEW; and the drained rows of `before`. */
function match(before: GranuleColumns, after: GranuleColumns) {
  const remains = new Int32Array(after.count).fill(NEW);
  const drainedRows: number[] = [];
  let row = 0;
  for (let old = 0; old < before.count; old++) {
    while (row < after.count && after.page[row]! < before.page[old]!) row++;
    if (row < after.count && isSame(before, old, after, row)) remains[row] = old;
    else drainedRows.push(old);
  }
  return { remains, drainedRows };
}

/**
 * Whether two rows are the same granule. A slab that replaced one of its class in the same millisecond has fewer
 * allocations.
 */
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

/** Returns the change of a granule from its live regions before (null if it is new) and after. */
function changeNamed(before: number | null, after: number): Change {
  if (before === null) return 'opened';
  if (before === after) return 'unchanged';
  if (after === 0) return 'emptied';
  if (before === 0) return 'newly pinned';
  return after < before ? 'emptier' : 'fuller';
}

function pieceOf({ page, pages }: Pick<ExtentColumns, 'page' | 'pages'>, row: number): Piece {
  return { page: page[row]!, pages: pages[row]!, row };
}

/** Yields the parts of pieces that no other run of pages covers. Both are in address order. */
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

/** Returns the rows of granules and the drained pieces, merged in address order. */
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
