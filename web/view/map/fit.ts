/** Finds the number of columns and the size of a page at which a whole map fits into its frame. */
import { firstIndexWhere } from '../../../src/base/index.js';
import { edgeOf } from './raster.js';

export interface Fit {
  readonly columns: number;
  /** Device pixels of a page; a whole number where slabs have edges, since unequal edges would be visible. */
  readonly cell: number;
}

export interface Frame {
  /** Device pixels. */
  readonly width: number;
  readonly height: number;
}

const LARGEST_CELL = 32;

/** Returns the number of columns that fills the frame best. `rowsAt` is called about a dozen times. */
export function fitByClass(frame: Frame, pages: number, rowsAt: (columns: number) => number): Fit {
  const fits = (columns: number) => rowsAt(columns) * (frame.width / columns) <= frame.height;
  let low = Math.max(1, Math.ceil(frame.width / LARGEST_CELL));
  if (fits(low)) return snapped(low, frame.width / low, frame);
  let high = Math.max(low + 1, Math.ceil(Math.sqrt((pages * frame.width) / frame.height)));
  while (!fits(high)) {
    low = high;
    high *= 2;
  }
  const columns = firstIndexWhere(low + 1, high, fits);
  return snapped(columns, frame.width / columns, frame);
}

/** Returns the fit by address: rows are a power of two long, so that their first addresses are round. */
export function fitByAddress(frame: Frame, pages: number, rowsAt: (columns: number) => number): Fit {
  const at = (columns: number): Fit => ({
    columns,
    cell: Math.min(LARGEST_CELL, frame.width / columns, frame.height / Math.max(1, rowsAt(columns))),
  });
  const square = Math.sqrt((Math.max(1, pages) * frame.width) / frame.height);
  let best = at(2 ** Math.max(0, Math.round(Math.log2(square))));
  for (const factor of [2, 0.5]) {
    for (let next = at(best.columns * factor); next.cell > best.cell; next = at(best.columns * factor)) {
      best = next;
      if (best.columns === 1) break;
    }
  }
  const { columns, cell } = best;
  return { columns, cell: edgeOf(cell) > 0 ? Math.floor(cell) : cell };
}

/** Rounds the cell down to whole pixels, and puts as many more columns into a row as then fit. */
function snapped(columns: number, cell: number, { width }: Frame): Fit {
  if (edgeOf(cell) === 0) return { columns, cell };
  const whole = Math.floor(cell);
  return { columns: Math.floor(width / whole), cell: whole };
}
