import { itemAt, type MapLayout } from '../../../src/map/index.js';
/** Returns the cell of the next item in the direction of a step; the same cell if there is none. */
export function stepFrom(layout: MapLayout, cell: number, x: number, y: number): number {
  const { columns, rows } = layout;
  const from = itemAt(layout, cell);
  const last = columns * rows - 1;
  const stride = x + y * columns;
  // The loop skips the empty ground between items and the rest of the current item.
  for (let to = cell + stride; to >= 0 && to <= last; to += stride) {
    const item = itemAt(layout, to);
    if (item !== null && item !== from) return to;
  }
  return cell;
}
