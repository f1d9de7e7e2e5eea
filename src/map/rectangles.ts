import type { MapLayout } from './layout.js';
import { OFF_MAP } from './map-items.js';

/** A rectangle in cells: a page is 1 wide and 1 high. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A region of a slab. */
export interface RegionRectangle extends Rectangle {
  readonly region: number;
}

/**
 * Returns the rectangles of an item: at most three, since an item continues in the next row. Items that are not drawn
 * have none.
 */
export function rectanglesOf({ starts, pages, columns }: MapLayout, item: number): Rectangle[] {
  const start = starts[item];
  if (start === undefined || start === OFF_MAP) return [];
  const length = pages[item]!;
  const x = start % columns;
  const y = Math.floor(start / columns);
  if (x + length <= columns) return [{ x, y, width: length, height: 1 }];
  const head = x === 0 ? 0 : columns - x;
  const wholeRows = Math.floor((length - head) / columns);
  const tail = length - head - wholeRows * columns;
  const firstWhole = head > 0 ? y + 1 : y;
  return [
    { x, y, width: head, height: 1 },
    { x: 0, y: firstWhole, width: columns, height: wholeRows },
    { x: 0, y: firstWhole + wholeRows, width: tail, height: 1 },
  ].filter(({ width, height }) => width > 0 && height > 0);
}

/** A grid of the regions of a slab, which are numbered column by column, each from top to bottom. */
export interface RegionGrid {
  /** Columns over the length of the whole slab. */
  readonly columns: number;
  readonly rows: number;
}

/** Number of regions in a page up to which they stand side by side, in the order of their addresses. */
const IN_ONE_ROW = 8;

/**
 * Returns one row of few regions, and else the grid whose fields are closest to squares; null for an item that is not a
 * slab. It has exactly one field for each region, so areas are proportional to bytes.
 */
export function regionGridOf({ granules, info, pages }: MapLayout, item: number): RegionGrid | null {
  const sizeClass = item < granules.count ? granules.sizeClass[item]! : info.smallClasses;
  if (sizeClass >= info.smallClasses) return null;
  const regions = info.regionsPerSlab[sizeClass]!;
  if (regions <= IN_ONE_ROW * pages[item]!) return { columns: regions, rows: 1 };
  const square = Math.sqrt(regions / pages[item]!);
  let rows = 1;
  for (let divisor = 2; divisor <= regions; divisor++) {
    if (regions % divisor === 0 && Math.abs(Math.log(divisor / square)) < Math.abs(Math.log(rows / square))) {
      rows = divisor;
    }
  }
  return { columns: regions / rows, rows };
}

/**
 * Returns the rectangles of the regions of a slab, for a large scale. A region that crosses the end of a row has two.
 * Items that are not slabs have none.
 */
export function regionRectangles(layout: MapLayout, item: number): RegionRectangle[] {
  const grid = regionGridOf(layout, item);
  const start = layout.starts[item];
  if (grid === null || start === undefined || start === OFF_MAP) return [];
  const rectangles: RegionRectangle[] = [];
  const length = layout.pages[item]!;
  const height = 1 / grid.rows;
  for (let column = 0; column < grid.columns; column++) {
    const from = start + (column * length) / grid.columns;
    const to = start + ((column + 1) * length) / grid.columns;
    for (const { x, y, width } of inRows(from, to, layout.columns)) {
      for (let row = 0; row < grid.rows; row++) {
        rectangles.push({ region: column * grid.rows + row, x, y: y + row * height, width, height });
      }
    }
  }
  return rectangles;
}

/** Yields the parts of a run of cells, cut at the ends of rows. */
function* inRows(
  from: number,
  to: number,
  columns: number,
): Generator<{ x: number; y: number; width: number }> {
  for (let at = from; at < to; ) {
    const y = Math.floor(at / columns);
    const end = Math.min(to, (y + 1) * columns);
    yield { x: at - y * columns, y, width: end - at };
    at = end;
  }
}
