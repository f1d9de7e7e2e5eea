import { describe, expect, test } from 'vitest';
import { type Grid, hitTest, layoutGrid, type SizeClasses } from '#slablab/src/map/index.js';
import { Random } from '#slablab/src/trace/index.js';
import { type GranuleRow, granulesOf } from '../support/granules.js';
import { printedSeed } from '../support/seed.js';

/** Classes 0 to 2 live in slabs, 3 is large. */
const CLASSES: SizeClasses = { sizeClasses: [16, 64, 1024, 16_384], smallClasses: 3 };
const FULL = (sizeClass: number): GranuleRow => [sizeClass, 4, 0, 0];

const repeat = (count: number, row: GranuleRow) => Array.from({ length: count }, () => row);

/** Where each slab lies, by hit-testing every cell: granule index -> "column,row". */
function places(grid: Grid): Map<number, string> {
  const found = new Map<number, string>();
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++) {
      for (const slab of hitTest(grid, column, row)?.slabs ?? []) {
        expect(found.has(slab)).toBe(false);
        found.set(slab, `${column},${row}`);
      }
    }
  }
  return found;
}

describe('layoutGrid', () => {
  test('no slabs', () => {
    for (const order of ['class', 'address'] as const) {
      const grid = layoutGrid(granulesOf([]), CLASSES, { columns: 4, rows: 2, order });
      expect(grid.bands).toEqual([]);
      expect(grid.slabsPerCell).toBe(1);
      expect([...grid.cells.slabs]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
      expect(hitTest(grid, 0, 0)).toBeNull();
    }
  });

  test('only large extents: no slabs', () => {
    const grid = layoutGrid(granulesOf([FULL(3), FULL(3)]), CLASSES, {
      columns: 4,
      rows: 2,
      order: 'address',
    });
    expect(grid.bands).toEqual([]);
  });

  test('one slab', () => {
    const grid = layoutGrid(granulesOf([[1, 3, 1, 60]]), CLASSES, { columns: 4, rows: 2, order: 'class' });
    expect(grid.bands).toMatchObject([{ sizeClass: 1, firstRow: 0, rows: 1 }]);
    expect([...grid.cells.slabs]).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
    expect(grid.cells.liveBytes[0]).toBe(3 * 64);
    expect(grid.cells.parkedBytes[0]).toBe(64);
    expect(grid.cells.freeBytes[0]).toBe(60 * 64);
    expect(grid.cells.drainable[0]).toBe(0);
  });

  test('one slab, all parked', () => {
    const grid = layoutGrid(granulesOf([[0, 0, 256, 0]]), CLASSES, { columns: 1, rows: 1, order: 'class' });
    expect(grid.cells.drainable[0]).toBe(1);
    expect(grid.cells.liveBytes[0]).toBe(0);
    expect(grid.cells.parkedBytes[0]).toBe(4096);
  });

  test('by class: bands of whole rows, ascending, each in address order', () => {
    const rows = [FULL(2), FULL(0), FULL(2), FULL(1), FULL(3), FULL(2), FULL(2), FULL(0)];
    const grid = layoutGrid(granulesOf(rows), CLASSES, { columns: 3, rows: 4, order: 'class' });
    expect(grid.slabsPerCell).toBe(1);
    expect(
      grid.bands.map(({ sizeClass, firstRow, rows: height, slabs }) => [
        sizeClass,
        firstRow,
        height,
        [...slabs],
      ]),
    ).toEqual([
      [0, 0, 1, [1, 7]],
      [1, 1, 1, [3]],
      [2, 2, 2, [0, 2, 5, 6]],
    ]);
    expect([...places(grid)].sort()).toEqual([
      [0, '0,2'],
      [1, '0,0'],
      [2, '1,2'],
      [3, '0,1'],
      [5, '2,2'],
      [6, '0,3'],
      [7, '1,0'],
    ]);
  });

  test('by address: one band, classes mixed', () => {
    const rows = [FULL(2), FULL(0), FULL(3), FULL(1), FULL(2)];
    const grid = layoutGrid(granulesOf(rows), CLASSES, { columns: 2, rows: 2, order: 'address' });
    expect([...places(grid)]).toEqual([
      [0, '0,0'],
      [1, '1,0'],
      [3, '0,1'],
      [4, '1,1'],
    ]);
  });

  test.each([
    // slabs of class 0 and of class 2, grid, slabs per cell
    [8, 0, 4, 2, 1],
    [9, 0, 4, 2, 2],
    [16, 0, 4, 2, 2],
    [17, 0, 4, 2, 3],
    [4, 4, 4, 2, 1],
    [4, 5, 4, 2, 2],
    [1, 100, 4, 2, 25],
    [1, 101, 4, 2, 26],
    [1000, 1, 1, 2, 1000],
  ])('%i + %i slabs on %i x %i cells: %i to a cell', (small, large, columns, rows, scale) => {
    const granules = granulesOf([...repeat(small, FULL(0)), ...repeat(large, FULL(2))]);
    const grid = layoutGrid(granules, CLASSES, { columns, rows, order: 'class' });
    expect(grid.slabsPerCell).toBe(scale);
  });

  test('more classes than rows: those with the fewest slabs share the last band', () => {
    const rows = [...repeat(3, FULL(0)), FULL(1), ...repeat(5, FULL(2))];
    const grid = layoutGrid(granulesOf(rows), CLASSES, { columns: 10, rows: 2, order: 'class' });
    expect(grid.bands.map(({ sizeClass, slabs }) => [sizeClass, [...slabs]])).toEqual([
      [2, [4, 5, 6, 7, 8]],
      [null, [0, 1, 2, 3]],
    ]);
    const single = layoutGrid(granulesOf(rows), CLASSES, { columns: 10, rows: 1, order: 'class' });
    expect(single.bands.map(({ sizeClass, slabs }) => [sizeClass, slabs.length])).toEqual([[null, 9]]);
  });

  test('maxBands keeps rows for the large classes', () => {
    const rows = [...repeat(3, FULL(0)), FULL(1), ...repeat(5, FULL(2))];
    const grid = layoutGrid(granulesOf(rows), CLASSES, { columns: 2, rows: 5, order: 'class', maxBands: 2 });
    expect(grid.bands.map(({ sizeClass, firstRow, rows: height }) => [sizeClass, firstRow, height])).toEqual([
      [2, 0, 3],
      [null, 3, 2],
    ]);
  });

  test('a common scale for two snapshots', () => {
    const grid = layoutGrid(granulesOf(repeat(10, FULL(0))), CLASSES, {
      columns: 10,
      rows: 1,
      order: 'class',
      minSlabsPerCell: 4,
    });
    expect(grid.slabsPerCell).toBe(4);
    expect([...grid.cells.slabs]).toEqual([4, 4, 2, 0, 0, 0, 0, 0, 0, 0]);
  });

  test.each([
    [0, 1],
    [1, 0],
    [-1, 1],
    [1.5, 1],
    [Number.NaN, 1],
  ])('refuses a grid of %s x %s', (columns, rows) => {
    expect(() => layoutGrid(granulesOf([]), CLASSES, { columns, rows, order: 'class' })).toThrow(
      `a grid of ${columns} x ${rows} cells`,
    );
  });

  test('hit-testing outside the grid', () => {
    const grid = layoutGrid(granulesOf(repeat(4, FULL(0))), CLASSES, { columns: 2, rows: 2, order: 'class' });
    for (const [column, row] of [
      [-1, 0],
      [2, 0],
      [0, -1],
      [0, 2],
    ] as const) {
      expect(hitTest(grid, column, row)).toBeNull();
    }
  });

  test('fuzz: every slab lies in exactly one cell, and the cells add up', () => {
    const random = new Random(printedSeed('grids'));
    for (let round = 0; round < 500; round++) {
      const rows = Array.from({ length: random.below(300) }, (): GranuleRow => {
        return [random.below(4), random.below(5), random.below(3), random.below(3)];
      });
      const options = {
        columns: 1 + random.below(20),
        rows: 1 + random.below(8),
        order: random.below(2) === 0 ? 'class' : 'address',
        maxBands: 1 + random.below(4),
        minSlabsPerCell: 1 + random.below(5),
      } as const;
      const grid = layoutGrid(granulesOf(rows), CLASSES, options);
      const slabs = rows
        .map((row, index) => ({ row, index }))
        .filter(({ row: [sizeClass] }) => sizeClass < 3);
      expect([...places(grid).keys()].sort((a, b) => a - b)).toEqual(slabs.map(({ index }) => index));
      const total = (column: Iterable<number>) => [...column].reduce((sum, value) => sum + value, 0);
      const expected = (value: (row: GranuleRow) => number) => total(slabs.map(({ row }) => value(row)));
      const bytes = ([sizeClass]: GranuleRow) => CLASSES.sizeClasses[sizeClass] as number;
      expect(total(grid.cells.slabs)).toBe(slabs.length);
      expect(total(grid.cells.drainable)).toBe(expected(([, live]) => (live === 0 ? 1 : 0)));
      expect(total(grid.cells.liveBytes)).toBe(expected((row) => row[1] * bytes(row)));
      expect(total(grid.cells.parkedBytes)).toBe(expected((row) => row[2] * bytes(row)));
      expect(total(grid.cells.freeBytes)).toBe(expected((row) => row[3] * bytes(row)));
    }
  });
});
