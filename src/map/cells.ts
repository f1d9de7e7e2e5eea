import type { Colouring, Swatch } from './colouring/legend.js';
import type { MapLayout } from './layout.js';

/** A map at a smaller scale: each cell stands for several pages of a row. */
export interface Cells {
  readonly columns: number;
  readonly rows: number;
  readonly pagesPerCell: number;
  /** Index of each cell's swatch in the legend; EMPTY for a cell without pages. */
  readonly swatches: Uint8Array<ArrayBuffer>;
}

/** The swatch of a cell without pages. */
export const EMPTY = 255;

/**
 * Returns the cells of a map. Throws a RangeError unless the layout's columns are a multiple of `pagesPerCell`, so that no
 * cell spans two rows.
 */
export function cellsOf(layout: MapLayout, colouring: Colouring, pagesPerCell = 1): Cells {
  const columns = layout.columns / pagesPerCell;
  if (!Number.isInteger(columns)) {
    throw new RangeError(`${layout.columns} columns are not so many cells of ${pagesPerCell} pages`);
  }
  const swatches = new Uint8Array(columns * layout.rows).fill(EMPTY);
  const choose = swatchChooser(colouring.legend.swatches);
  const pagesBySwatch = new Uint32Array(colouring.legend.swatches.length);
  let cell = 0;
  let isTouched = false;
  const finishCell = () => {
    if (!isTouched) return;
    swatches[cell] = choose(pagesBySwatch);
    pagesBySwatch.fill(0);
    isTouched = false;
  };
  for (const item of layout.placed) {
    const swatch = colouring.swatches[item]!;
    const start = layout.starts[item]!;
    const end = start + layout.pages[item]!;
    for (let at = start; at < end; ) {
      const next = Math.floor(at / pagesPerCell);
      if (next !== cell) {
        finishCell();
        cell = next;
      }
      const until = Math.min(end, (next + 1) * pagesPerCell);
      pagesBySwatch[swatch]! += until - at;
      isTouched = true;
      at = until;
    }
  }
  finishCell();
  return { columns, rows: layout.rows, pagesPerCell, swatches };
}

/**
 * Returns the function that chooses a cell's swatch from its pages by swatch. If most pages have a value on the legend's
 * scale, the swatch is that of their mean. Otherwise it is the most frequent swatch without a value. The ends of the
 * scale (none, all) are chosen only if the whole cell has that value.
 */
export function swatchChooser(swatches: readonly Swatch[]): (pagesBySwatch: Uint32Array) => number {
  const scale = swatches.flatMap(({ value }, index) => (value === undefined ? [] : [{ value, index }]));
  const between = scale.filter(({ value }) => value > 0 && value < 1);
  return (pagesBySwatch) => {
    let most = 0;
    let onScale = 0;
    let sum = 0;
    let chosen = 0;
    for (let swatch = 0; swatch < swatches.length; swatch++) {
      const pages = pagesBySwatch[swatch]!;
      const value = swatches[swatch]?.value;
      if (value !== undefined) {
        onScale += pages;
        sum += pages * value;
      } else if (pages > most) {
        most = pages;
        chosen = swatch;
      }
    }
    return onScale < most || onScale === 0 ? chosen : nearest(sum / onScale);
  };

  function nearest(mean: number): number {
    const exact = scale.find(({ value }) => value === mean);
    if (exact !== undefined) return exact.index;
    const distance = (value: number) => Math.abs(value - mean) - ROUNDING;
    return between.reduce((best, each) => (distance(each.value) <= Math.abs(best.value - mean) ? each : best))
      .index;
  }
}

/** A tolerance, so that a mean half-way between two values gives the higher one in spite of rounding. */
const ROUNDING = 1e-9;
