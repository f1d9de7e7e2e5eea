/**
 * Lays out a snapshot as a map: a grid of cells, one for each page, in rows of `columns` cells. Area is therefore
 * proportional to bytes. An item (a granule, an unused extent, the metadata) is a run of cells in reading order, which
 * continues in the next row:
 *
 *     order 'address'               order 'class'
 *
 *     . . a a b c c c   rows of     a a b b d d .    band of a class: slabs stay within a row if they fit
 *     c c d d d . . .   addresses   e e f f . . .
 *     (empty rows are left out)     c c c c . . .    bands of large extents and of unused extents
 *     m m m . . . . .   metadata    m m m . . . .    band of metadata
 *
 * A layout is a column of first cells and a column of lengths, so drawing and hit-testing are short.
 */
import { concatWords } from '../base/index.js';
import { type BandKind, type Group, groupByAddress, groupByClass } from './bands.js';
import { type MapItems, numberItems } from './map-items.js';
import type { MapInfo, MapSource } from './map-source.js';

export const MAP_ORDERS = ['address', 'class'] as const;
export type MapOrder = (typeof MAP_ORDERS)[number];

export interface LayoutOptions {
  readonly order: MapOrder;
  /** Pages of a row. */
  readonly columns: number;
  /** Whether retained extents are drawn, which are address space without memory. Default: true. */
  readonly retained?: boolean;
  /** Order `class`: the maximum of bands of slabs. The classes with the fewest slabs share the last. */
  readonly maxClasses?: number;
}

export interface MapLayout extends MapItems {
  readonly order: MapOrder;
  readonly columns: number;
  readonly rows: number;
  readonly info: MapInfo;
  /** The drawn items, by first cell. */
  readonly placed: Uint32Array<ArrayBuffer>;
  /** Bands from top to bottom, without gaps. */
  readonly bands: readonly Band[];
  /** Order `address`: the runs of rows with consecutive addresses, between gaps. */
  readonly stretches: readonly Stretch[];
}

/** Consecutive rows of the map, and the items in them. */
export interface Band extends Group {
  readonly firstRow: number;
  readonly rows: number;
}

/** Rows of consecutive addresses. */
interface Stretch {
  readonly firstRow: number;
  /** The page of the first cell of that row. */
  readonly page: number;
}

/** Lays out a map. Throws a RangeError unless `columns` is a whole number of at least 1. */
export function layoutMap(source: MapSource, info: MapInfo, options: LayoutOptions): MapLayout {
  const { order, columns, retained = true, maxClasses = Number.POSITIVE_INFINITY } = options;
  if (!Number.isInteger(columns) || columns < 1) {
    throw new RangeError(`a map of ${columns} columns: it must be a whole number of at least 1`);
  }
  const items = numberItems(source, info);
  const { granules, unused, pages, starts } = items;
  const metadataPages = pages[items.metadata]!;
  const all = { granules, unused, smallClasses: info.smallClasses, metadataPages, showRetained: retained };
  const groups = (order === 'address' ? groupByAddress(all) : groupByClass(all, maxClasses)).filter(
    (group) => group.items.length > 0,
  );
  const stretches: Stretch[] = [];
  let rows = 0;
  const bands = groups.map((group): Band => {
    const firstRow = rows;
    const taken =
      group.kind === 'addresses'
        ? placeByAddress(group.items, source, columns, starts, stretches)
        : placeInTurn(group.items, pages, firstRow, columns, starts, keepsItemsWhole(group.kind));
    rows += taken;
    return { ...group, firstRow, rows: rows - firstRow };
  });
  const placed = concatWords(groups.map((group) => group.items));
  return { ...items, order, columns, rows, info, placed, bands, stretches };
}

/** Whether items of a band are kept within a row if possible. The shape of unused memory has no meaning. */
function keepsItemsWhole(kind: BandKind): boolean {
  return kind === 'class' || kind === 'classes' || kind === 'large';
}

/**
 * Places items one after the other from the start of a row. With `whole`, an item that fits a row does not cross the end
 * of one. Returns the number of rows.
 */
function placeInTurn(
  items: Uint32Array,
  pages: Uint32Array,
  firstRow: number,
  columns: number,
  starts: Uint32Array,
  whole: boolean,
): number {
  let next = firstRow * columns;
  for (const item of items) {
    const length = pages[item]!;
    const column = next % columns;
    if (whole && column > 0 && column + length > columns) next += columns - column;
    starts[item] = next;
    next += length;
  }
  return Math.ceil(next / columns) - firstRow;
}

/** Places items by address, from the first row of the map on, without empty rows. Returns the number of rows. */
function placeByAddress(
  items: Uint32Array,
  { granules, unused }: MapSource,
  columns: number,
  starts: Uint32Array,
  stretches: Stretch[],
): number {
  let rows = 0;
  /** The last occupied row of the address space, counted without leaving out empty rows. */
  let lastRow = -1;
  for (const item of items) {
    const columnsOfItem = item < granules.count ? granules : unused;
    const index = item < granules.count ? item : item - granules.count;
    const page = columnsOfItem.page[index]!;
    const length = columnsOfItem.pages[index]!;
    const row = Math.floor(page / columns);
    if (row > lastRow) {
      if (row > lastRow + 1 || lastRow === -1) stretches.push({ firstRow: rows, page: row * columns });
      rows++;
    }
    starts[item] = (rows - 1) * columns + (page % columns);
    lastRow = Math.floor((page + length - 1) / columns);
    rows += lastRow - row;
  }
  return rows;
}
