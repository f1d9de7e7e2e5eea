import type { Grid, PlacedBand } from './grid.js';

export interface Hit {
  readonly band: PlacedBand;
  /** The slabs that the cell stands for, as indexes into the snapshot's granules. */
  readonly slabs: Uint32Array;
}

/** What lies under a cell; null on empty ground and outside the grid. */
export function hitTest(grid: Grid, column: number, row: number): Hit | null {
  if (column < 0 || column >= grid.columns) return null;
  const band = grid.bands.find(({ firstRow, rows }) => row >= firstRow && row < firstRow + rows);
  if (band === undefined) return null;
  const first = ((row - band.firstRow) * grid.columns + column) * grid.slabsPerCell;
  const slabs = band.slabs.subarray(first, first + grid.slabsPerCell);
  return slabs.length === 0 ? null : { band, slabs };
}
