import { itemAt, type MapLayout } from '../../../src/map/index.js';
/** The cell in whose item one arrives from a cell by a step; the same cell where there is none further on. */
export function stepFrom(layout: MapLayout, cell: number, x: number, y: number): number {
  const { columns, rows } = layout;
  const from = itemAt(layout, cell);
  const last = columns * rows - 1;
  const stride = x + y * columns;
  // What lies between two items is empty ground: it is passed over, and so is the rest of the item one is in.
  for (let to = cell + stride; to >= 0 && to <= last; to += stride) {
    const item = itemAt(layout, to);
    if (item !== null && item !== from) return to;
  }
  return cell;
}
