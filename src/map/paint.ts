import type { MapLayout } from './layout.js';

/**
 * One pixel a page, `columns * rows` of them, as a canvas has them in memory (red in the lowest byte); 0, which is
 * transparent, where there is nothing.
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
    // Most slabs are a page or a few, for which a call of fill() costs more than the work.
    if (end - start > 32) out.fill(colour, start, end);
    else for (let cell = start; cell < end; cell++) out[cell] = colour;
  }
  return out;
}
