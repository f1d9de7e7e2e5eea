import type { Colouring } from './colouring/legend.js';
import type { MapLayout } from './layout.js';

/** A map seen from afar: one cell for several pages of a row. */
export interface Cells {
  readonly columns: number;
  readonly rows: number;
  readonly pagesPerCell: number;
  /** For each cell its place in the legend's swatches; EMPTY where there is nothing. */
  readonly swatches: Uint8Array<ArrayBuffer>;
}

export const EMPTY = 255;

/** The layout's columns must be a multiple of `pagesPerCell`, so that no cell is for the end of one row and the start of another. */
export function cellsOf(layout: MapLayout, colouring: Colouring, pagesPerCell = 1): Cells {
  const columns = layout.columns / pagesPerCell;
  if (!Number.isInteger(columns)) {
    throw new RangeError(`${layout.columns} columns are not so many cells of ${pagesPerCell} pages`);
  }
  const swatches = new Uint8Array(columns * layout.rows).fill(EMPTY);
  const choose = chooser(colouring);
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
      const here = Math.floor(at / pagesPerCell);
      if (here !== cell) {
        finishCell();
        cell = here;
      }
      const until = Math.min(end, (here + 1) * pagesPerCell);
      pagesBySwatch[swatch]! += until - at;
      isTouched = true;
      at = until;
    }
  }
  finishCell();
  return { columns, rows: layout.rows, pagesPerCell, swatches };
}

/**
 * What a cell shows: the mean of what is on the legend's scale, if that is most of its pages; else what most of them
 * are. The ends of a scale (nothing, all) are shown only where all of the cell is so.
 */
function chooser({ legend: { swatches } }: Colouring): (pagesBySwatch: Uint32Array) => number {
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

/** Half way between two the higher is meant, whatever became of the last bit. */
const ROUNDING = 1e-9;
