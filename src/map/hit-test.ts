import { firstIndexWhere } from '../base/index.js';
import type { MapLayout } from './layout.js';
import { regionGridOf } from './rectangles.js';

export interface Hit {
  readonly item: number;
  /** Number of the region in the slab; null for other items. */
  readonly region: number | null;
}

/** Returns the item at a point, given in cells; null for empty cells and off the map. */
export function hitTest(layout: MapLayout, x: number, y: number): Hit | null {
  const { columns, rows } = layout;
  if (!(x >= 0 && x < columns && y >= 0 && y < rows)) return null;
  const along = Math.floor(y) * columns + x;
  const item = itemAt(layout, Math.floor(along));
  return item === null ? null : { item, region: regionAt(layout, item, along, y - Math.floor(y)) };
}

/** Returns the item that occupies a cell; null if none does. */
export function itemAt({ placed, starts, pages }: MapLayout, cell: number): number | null {
  const after = firstIndexWhere(0, placed.length, (at) => starts[placed[at]!]! > cell);
  if (after === 0) return null;
  const item = placed[after - 1]!;
  return cell < starts[item]! + pages[item]! ? item : null;
}

function regionAt(layout: MapLayout, item: number, along: number, down: number): number | null {
  const grid = regionGridOf(layout, item);
  if (grid === null) return null;
  const share = (along - layout.starts[item]!) / layout.pages[item]!;
  const column = Math.min(grid.columns - 1, Math.floor(share * grid.columns));
  const row = Math.min(grid.rows - 1, Math.floor(down * grid.rows));
  return column * grid.rows + row;
}
