import { concatWords } from '../base/index.js';
import type { ExtentColumns, GranuleColumns } from '../engine/index.js';
import { type BandRows, placeOf } from './band-rows.js';
import { type BandKind, type Group, groupByAddress, groupByClass } from './bands.js';
import { type MapInfo, type MapSource, metadataBytes } from './map-source.js';

export const MAP_ORDERS = ['address', 'class'] as const;
export type MapOrder = (typeof MAP_ORDERS)[number];

export interface LayoutOptions {
  readonly order: MapOrder;
  /** Pages a row. */
  readonly columns: number;
  /** Whether address space without memory behind it is drawn; it is unless said otherwise. */
  readonly retained?: boolean;
  /** Order `class`: so many bands of slabs at most. The classes with the fewest slabs share the last. */
  readonly maxClasses?: number;
  /** Order `class`: so many rows at least for each band, which is there even when nothing is in it. */
  readonly bandRows?: BandRows;
}

export interface MapLayout {
  readonly order: MapOrder;
  readonly columns: number;
  readonly rows: number;
  readonly info: MapInfo;
  readonly granules: GranuleColumns;
  readonly unused: ExtentColumns;
  /** Items are numbered: the granules of the snapshot from 0, its unused extents from here, */
  readonly firstUnused: number;
  /** and this is the last, the metadata. */
  readonly metadata: number;
  /** The bytes of the metadata: its pages are rounded up, it alone not being made of pages. */
  readonly metadataBytes: number;
  /** First cell of each item, counted in reading order; OFF_MAP for what is not drawn. */
  readonly starts: Uint32Array<ArrayBuffer>;
  readonly pages: Uint32Array<ArrayBuffer>;
  /** The items that are drawn, by first cell. */
  readonly placed: Uint32Array<ArrayBuffer>;
  /** From top to bottom, without gaps. */
  readonly bands: readonly Band[];
  /** Order `address`: where rows go on with an address that does not follow that of the row before. */
  readonly stretches: readonly Stretch[];
}

/** Rows of the map, and what lies in them. */
export interface Band extends Group {
  readonly firstRow: number;
  readonly rows: number;
}

/** Rows of consecutive addresses. */
interface Stretch {
  readonly firstRow: number;
  /** The page that the first cell of that row is for. */
  readonly page: number;
}

export const OFF_MAP = 0xffffffff;

export function layoutMap(source: MapSource, info: MapInfo, options: LayoutOptions): MapLayout {
  const { order, columns, retained = true, maxClasses = Number.POSITIVE_INFINITY, bandRows } = options;
  if (!Number.isInteger(columns) || columns < 1) {
    throw new RangeError(`a map of ${columns} columns: it must be a whole number of at least 1`);
  }
  const { granules, unused } = source;
  const { smallClasses, pageSize } = info;
  const firstUnused = granules.count;
  const metadata = firstUnused + unused.count;
  const bytesOfMetadata = metadataBytes(source);
  const pages = pagesOfItems(source, metadata, Math.ceil(bytesOfMetadata / pageSize));
  const all = { granules, unused, smallClasses, metadataPages: pages[metadata]!, showRetained: retained };
  const roomOf = (group: Omit<Group, 'items'>) =>
    order === 'class' ? (bandRows?.[placeOf(group, smallClasses)] ?? 0) : 0;
  const groups = (order === 'address' ? groupByAddress(all) : groupByClass(all, maxClasses)).filter(
    (group) => group.items.length > 0 || roomOf(group) > 0,
  );
  const starts = new Uint32Array(metadata + 1).fill(OFF_MAP);
  const stretches: Stretch[] = [];
  let rows = 0;
  const bands = groups.map((group): Band => {
    const firstRow = rows;
    const taken =
      group.kind === 'addresses'
        ? placeByAddress(group.items, source, columns, starts, stretches)
        : placeInTurn(group.items, pages, firstRow, columns, starts, isWhole(group.kind));
    rows += Math.max(taken, roomOf(group));
    return { ...group, firstRow, rows: rows - firstRow };
  });
  const placed = concatWords(groups.map(({ items }) => items));
  return {
    order,
    columns,
    rows,
    info,
    granules,
    unused,
    firstUnused,
    metadata,
    metadataBytes: bytesOfMetadata,
    starts,
    pages,
    placed,
    bands,
    stretches,
  };
}

function pagesOfItems({ granules, unused }: MapSource, metadata: number, metadataPages: number) {
  const pages = new Uint32Array(metadata + 1);
  pages.set(granules.pages.subarray(0, granules.count));
  pages.set(unused.pages.subarray(0, unused.count), granules.count);
  pages[metadata] = metadataPages;
  return pages;
}

/** Unused memory is no objects, whose shape would tell something. */
function isWhole(kind: BandKind): boolean {
  return kind === 'class' || kind === 'classes' || kind === 'large';
}

/** One behind the other from the start of a row; `whole`: not over the end of a row that they would fit in. */
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

/** Where addresses put them. The first row is the map's. */
function placeByAddress(
  items: Uint32Array,
  { granules, unused }: MapSource,
  columns: number,
  starts: Uint32Array,
  stretches: Stretch[],
): number {
  let rows = 0;
  /** The last row of address space (not of the map) that has something in it. */
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
