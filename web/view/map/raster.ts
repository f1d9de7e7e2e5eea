/**
 * Draws the visible part of a map into the pixels of a canvas. A canvas without a graphics card takes milliseconds for
 * a thousand rectangles. Writing pixels takes as long as the canvas is large, however many slabs there are. Each row
 * of cells is drawn as one line of pixels and copied to the others.
 */
import type { Picture } from './picture.js';

/** Placement in device pixels. A cell's left edge is at `left + column * cell`. */
export interface Placing {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  /** Size of a page, at least 1: below that, several pages share a pixel and are averaged (levels.ts). */
  readonly cell: number;
}

/** Smallest cell at which a slab has an edge; on smaller ones an edge would hide too much of the colour. */
const EDGE_FROM = 7;

export function edgeOf(cell: number): number {
  return cell < EDGE_FROM ? 0 : cell < 24 ? 1 : 2;
}

/** Returns the range of cells in view, its end exclusive. */
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

/** Fills the edge below a row within an item that continues in the next row. */
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
