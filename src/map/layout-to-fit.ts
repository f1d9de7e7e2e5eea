import { firstIndexWhere } from '../base/index.js';
import { type LayoutOptions, layoutMap, type MapLayout } from './layout.js';
import type { MapInfo, MapSource } from './map-source.js';

export interface FitOptions extends Omit<LayoutOptions, 'columns'> {
  /** Size of the map in cells, each of which may stand for several pages. */
  readonly columns: number;
  readonly rows: number;
  /** Minimum of pages of a cell, to draw two maps at one scale. */
  readonly minPagesPerCell?: number;
}

export interface FittedMap {
  readonly layout: MapLayout;
  readonly pagesPerCell: number;
}

/**
 * Lays out a map at the largest scale at which it has at most `rows` rows. A band has at least one row, so a map with
 * more bands than `rows` has one row for each band.
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
