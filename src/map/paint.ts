import type { MapLayout } from './layout.js';

/**
 * Paints one pixel for each cell into `out`, which has at least `columns * rows` pixels. Pixels have the format of a
 * canvas, with red in the lowest byte. Empty cells are 0, which is transparent.
 */
export function paint(
  { columns, rows, placed, starts, pages }: MapLayout,
  colourOfItem: Uint32Array,
  out = new Uint32Array(columns * rows),
): Uint32Array {
  if (out.length < columns * rows) {
    throw new RangeError(`${out.length} pixels for a map of ${columns} x ${rows}`);
  }
  out.fill(0);
  for (const item of placed) {
    const start = starts[item]!;
    const end = start + pages[item]!;
    const colour = colourOfItem[item]!;
    // Most slabs have few pages, for which a call of fill() costs more than the loop.
    if (end - start > 32) out.fill(colour, start, end);
    else for (let cell = start; cell < end; cell++) out[cell] = colour;
  }
  return out;
}
