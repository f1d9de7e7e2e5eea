/**
 * Draws the part of a map that is in view into the pixels of a canvas. A canvas without a graphics card behind it takes
 * milliseconds for a thousand rectangles; writing pixels takes as long as the canvas is large, however many slabs there
 * are: one line for each row of cells, and copies of it for the others.
 */
import type { Picture } from './picture.js';

/** Device pixels. A cell's left edge is at `left + column * cell`. */
export interface Placing {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  /** Of a page. At least 1: below, several pages share a pixel and have to be averaged (levels.ts). */
  readonly cell: number;
}

/** From here on a slab has an edge. On smaller ones it would take more of the colour than it tells. */
const EDGE_FROM = 7;

export function edgeOf(cell: number): number {
  return cell < EDGE_FROM ? 0 : cell < 24 ? 1 : 2;
}

/** Cells in view: from, and up to (exclusive). */
export function inView(offset: number, cell: number, length: number, count: number): [number, number] {
  const from = Math.max(0, Math.floor(-offset / cell));
  return [from, Math.max(from, Math.min(count, Math.ceil((length - offset) / cell)))];
}

export function raster({ layout, cells, colours }: Picture, placing: Placing, out: Uint32Array): void {
  const { width, height, left, top, cell } = placing;
  const { columns, rows } = layout;
  const edge = edgeOf(cell);
  const [fromColumn, toColumn] = inView(left, cell, width, columns);
  const [fromRow, toRow] = inView(top, cell, height, rows);
  out.fill(0, 0, width * height);
  for (let row = fromRow; row < toRow; row++) {
    const y = Math.max(0, Math.round(top + row * cell));
    const nextY = Math.min(height, Math.round(top + (row + 1) * cell));
    if (nextY <= y) continue;
    const line = y * width;
    const first = row * columns;
    for (let column = fromColumn; column < toColumn; ) {
      const item = cells[first + column]!;
      let end = column + 1;
      while (end < toColumn && cells[first + end] === item) end++;
      if (item !== 0) {
        const x = Math.max(0, Math.round(left + column * cell));
        const goesOn = end === toColumn && cells[first + end] === item;
        const toX = Math.min(width, Math.round(left + end * cell) - (goesOn ? 0 : edge));
        const colour = colours[item - 1]!;
        for (let at = line + x; at < line + toX; at++) out[at] = colour;
      }
      column = end;
    }
    const lowest = Math.max(y + 1, nextY - edge);
    for (let copy = y + 1; copy < lowest; copy++) out.copyWithin(copy * width, line, line + width);
    if (edge > 0 && row + 1 < rows) {
      bridge(cells, colours, placing, row, [fromColumn, toColumn], columns, out, lowest, nextY);
    }
  }
}

/** The edge below a row is not drawn within an item that goes on in the next row. */
function bridge(
  cells: Uint32Array,
  colours: Uint32Array,
  { width, left, cell }: Placing,
  row: number,
  [fromColumn, toColumn]: readonly [number, number],
  columns: number,
  out: Uint32Array,
  fromY: number,
  toY: number,
): void {
  const above = row * columns;
  for (let column = fromColumn; column < toColumn; column++) {
    const item = cells[above + column]!;
    if (item === 0 || cells[above + columns + column] !== item) continue;
    const x = Math.max(0, Math.round(left + column * cell));
    const toX = Math.min(width, Math.round(left + (column + 1) * cell));
    for (let y = fromY; y < toY; y++) out.fill(colours[item - 1]!, y * width + x, y * width + toX);
  }
}
