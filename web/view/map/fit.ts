/** How many pages go in a row, and how large one is, so that a whole map fits into its frame. */
import type { MapOrder } from '../../../src/map/index.js';

export interface Fit {
  readonly columns: number;
  /** Device pixels of a page: a whole number, or one over a whole number, so that no row is thicker than another. */
  readonly cell: number;
}

export interface Frame {
  /** Device pixels. */
  readonly width: number;
  readonly height: number;
}

const LARGEST_CELL = 32;

/** `rowsAt` lays out a map and counts its rows: it is asked as seldom as can be. */
export function fitMap(
  pages: number,
  order: MapOrder,
  { width, height }: Frame,
  rowsAt: (columns: number) => number,
): Fit {
  const square = Math.sqrt((width * height) / Math.max(1, pages));
  let step = square >= 1 ? Math.min(LARGEST_CELL, Math.floor(square)) : 2 - Math.ceil(1 / square);
  for (;;) {
    const cell = step >= 1 ? step : 1 / (2 - step);
    const columns = columnsAt(order, width / cell);
    const rows = rowsAt(columns);
    if (rows * cell <= height || 1 / cell > 64) return { columns, cell };
    // Shares of the map that are rows of their own do not shrink with it; large steps where far too high.
    step -= Math.max(1, Math.round(((rows * cell) / height - 1) * 0.4 * Math.max(1, step)));
  }
}

/** Rows of address space are a power of two long: their first addresses are round then. */
function columnsAt(order: MapOrder, room: number): number {
  const most = Math.max(1, Math.floor(room));
  return order === 'address' ? 2 ** Math.floor(Math.log2(most)) : most;
}
