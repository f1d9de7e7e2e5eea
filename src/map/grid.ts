import type { GranuleColumns } from '../engine/snapshot.js';
import { type Band, bandByAddress, bandsByClass } from './bands.js';

/** Which granules are slabs, and how large their regions are: two fields of BuildInfo. */
export interface SizeClasses {
  readonly sizeClasses: readonly number[];
  readonly smallClasses: number;
}

export interface GridOptions {
  readonly columns: number;
  readonly rows: number;
  readonly order: 'class' | 'address';
  /** With order `class`: at most so many bands (never more than rows). */
  readonly maxBands?: number;
  /** At least so many slabs to a cell, so that two snapshots can be drawn to one scale. */
  readonly minSlabsPerCell?: number;
}

export interface PlacedBand extends Band {
  readonly firstRow: number;
  readonly rows: number;
}

/** Cells row by row; `columns * rows` of them. A cell with no slabs is empty ground. */
export interface GridCells {
  readonly slabs: Uint32Array;
  /** Of these slabs, those without a live region. */
  readonly drainable: Uint32Array;
  readonly liveBytes: Float64Array;
  readonly parkedBytes: Float64Array;
  readonly freeBytes: Float64Array;
}

export interface Grid {
  readonly columns: number;
  readonly rows: number;
  /** The scale: every cell stands for so many slabs, the last of a band perhaps for fewer. */
  readonly slabsPerCell: number;
  readonly bands: readonly PlacedBand[];
  readonly cells: GridCells;
}

/**
 * Lays slabs out on a grid of cells, in bands of whole rows, all to one scale: the smallest number of slabs per cell
 * at which every band fits. Areas can therefore be compared across bands.
 */
export function layoutGrid(granules: GranuleColumns, classes: SizeClasses, options: GridOptions): Grid {
  const { columns, rows } = options;
  if (!(Number.isInteger(columns) && Number.isInteger(rows) && columns > 0 && rows > 0)) {
    throw new RangeError(`a grid of ${columns} x ${rows} cells: both must be whole numbers of at least 1`);
  }
  const bands =
    options.order === 'address'
      ? bandByAddress(granules, classes.smallClasses)
      : bandsByClass(granules, classes.smallClasses, Math.min(rows, options.maxBands ?? rows));
  const slabsPerCell = Math.max(options.minSlabsPerCell ?? 1, smallestScale(bands, columns, rows));
  const placed = place(bands, columns, slabsPerCell);
  const cells = emptyCells(columns * rows);
  for (const band of placed) fill(cells, band, granules, classes, columns, slabsPerCell);
  return { columns, rows, slabsPerCell, bands: placed, cells };
}

function smallestScale(bands: readonly Band[], columns: number, rows: number): number {
  const fits = (scale: number) => bands.reduce((sum, band) => sum + rowsOf(band, columns, scale), 0) <= rows;
  // At this scale every band takes a single row, and there are no more bands than rows.
  let fitting = bands.reduce((most, band) => Math.max(most, Math.ceil(band.slabs.length / columns)), 1);
  let below = 0;
  while (fitting - below > 1) {
    const middle = (fitting + below) >>> 1;
    if (fits(middle)) fitting = middle;
    else below = middle;
  }
  return fitting;
}

function rowsOf(band: Band, columns: number, scale: number): number {
  return Math.ceil(Math.ceil(band.slabs.length / scale) / columns);
}

function place(bands: readonly Band[], columns: number, scale: number): PlacedBand[] {
  let firstRow = 0;
  return bands.map((band) => {
    const rows = rowsOf(band, columns, scale);
    firstRow += rows;
    return { ...band, firstRow: firstRow - rows, rows };
  });
}

function emptyCells(count: number): GridCells {
  return {
    slabs: new Uint32Array(count),
    drainable: new Uint32Array(count),
    liveBytes: new Float64Array(count),
    parkedBytes: new Float64Array(count),
    freeBytes: new Float64Array(count),
  };
}

function fill(
  cells: GridCells,
  band: PlacedBand,
  granules: GranuleColumns,
  classes: SizeClasses,
  columns: number,
  scale: number,
): void {
  const firstCell = band.firstRow * columns;
  band.slabs.forEach((granule, index) => {
    const cell = firstCell + Math.floor(index / scale);
    const regionBytes = classes.sizeClasses[granules.sizeClass[granule] as number] as number;
    const live = granules.live[granule] as number;
    cells.slabs[cell]!++;
    if (live === 0) cells.drainable[cell]!++;
    cells.liveBytes[cell]! += live * regionBytes;
    cells.parkedBytes[cell]! += (granules.parked[granule] as number) * regionBytes;
    cells.freeBytes[cell]! += (granules.free[granule] as number) * regionBytes;
  });
}
