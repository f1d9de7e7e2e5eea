import { firstIndexWhere } from '../base/index.js';
import { type LayoutOptions, layoutMap, type MapLayout } from './layout.js';
import type { MapInfo, MapSource } from './map-source.js';

export interface FitOptions extends Omit<LayoutOptions, 'columns'> {
  /** In cells, which are several pages where there are too many of them. */
  readonly columns: number;
  readonly rows: number;
  /** At least so many pages to a cell, so that two maps can be drawn to one scale. */
  readonly minPagesPerCell?: number;
}

export interface FittedMap {
  readonly layout: MapLayout;
  readonly pagesPerCell: number;
}

/**
 * The map at the largest scale at which it has no more than so many rows. A band of a kind takes a row at least: where
 * there are more bands than rows, each has one.
 */
export function layoutToFit(source: MapSource, info: MapInfo, options: FitOptions): FittedMap {
  const { columns, rows, minPagesPerCell = 1 } = options;
  const at = (pagesPerCell: number): FittedMap => ({
    pagesPerCell,
    layout: layoutMap(source, info, { ...options, columns: columns * pagesPerCell }),
  });
  const fits = ({ layout }: FittedMap) => layout.rows <= Math.max(rows, layout.bands.length);
  let fitting = at(minPagesPerCell);
  let below = minPagesPerCell - 1;
  while (!fits(fitting)) {
    below = fitting.pagesPerCell;
    fitting = at(2 * below);
  }
  firstIndexWhere(below + 1, fitting.pagesPerCell, (pagesPerCell) => {
    const map = at(pagesPerCell);
    const isLarger = fits(map);
    if (isLarger) fitting = map;
    return isLarger;
  });
  return fitting;
}
