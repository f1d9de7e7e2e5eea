import { describe, expect, test } from 'vitest';
import {
  atlasGrid,
  atlasSwatches,
  CAME_BACK,
  cellMapOf,
  EMPTY,
  RECORDS,
  thumbnails,
} from '#slablab/src/map/index.js';
import { MAP_INFO, mapSource } from '../../support/map-source.js';

const SWATCHES = atlasSwatches('dark');
const name = (swatch: number) => (swatch === EMPTY ? 'empty' : SWATCHES[swatch]!.label.split(':')[0]);

describe('the map of a cell', () => {
  const filled = mapSource([
    { page: 0, live: 4 },
    { page: 1, live: 4 },
    { page: 2, live: 4 },
  ]);

  test('a freed page stays where its slab was: dirty, then came back', () => {
    const after = mapSource(
      [{ page: 0, live: 1, free: 3 }],
      [
        [1, 1, 'dirty'],
        [2, 1, 'retained'],
      ],
      2,
    );
    const { strips } = cellMapOf([filled, after], MAP_INFO);
    expect([...strips[1]!].map(name)).toEqual(['20% and more', 'dirty', 'retained']);
    expect([...strips.at(-1)!]).toEqual([RECORDS, RECORDS]);
  });

  test('a page that another class has now is empty at its old place', () => {
    const after = mapSource([
      { page: 0, live: 4 },
      { page: 1, sizeClass: 0, live: 256 },
      { page: 2, live: 4 },
    ]);
    const { strips } = cellMapOf([filled, after], MAP_INFO);
    expect([...strips[1]!].map(name)).toEqual(['all live', 'empty', 'all live']);
    expect([...strips[0]!].map(name)).toEqual(['all live']);
  });
});

describe('small maps', () => {
  const many = (live: number, pages = 400) =>
    cellMapOf(
      [mapSource(Array.from({ length: pages }, (_, page) => ({ page, live, free: 4 - live })))],
      MAP_INFO,
    );

  test('all have the same bands at the same rows, and none is scaled to itself', () => {
    const [large, small] = thumbnails([many(2), many(4, 40)], { columns: 10, rows: 12 });
    expect(small!.scale).toBe(large!.scale);
    const cells = (map: typeof large) => [...map!.cells.swatches].filter((swatch) => swatch !== EMPTY).length;
    expect(cells(large) / cells(small)).toBe(10);
  });

  test('a cell has the mean of its pages, and memory that came back only where most of them did', () => {
    const source = mapSource(
      [
        { page: 0, live: 1, free: 3 },
        { page: 1, live: 4 },
        { page: 2, live: 4 },
        { page: 3, live: 4 },
      ].flatMap((slab) => Array.from({ length: 1 }, () => slab)),
    );
    const gone = mapSource([{ page: 3, live: 4 }], [[0, 3, 'retained']]);
    const at = { columns: 1, rows: 1, gapRows: 0 };
    expect(thumbnails([cellMapOf([source], MAP_INFO)], at)[0]!.cells.swatches.length).toBe(1);
    const label = (map: ReturnType<typeof cellMapOf>) => name(thumbnails([map], at)[0]!.cells.swatches[0]!);
    expect(label(cellMapOf([source], MAP_INFO))).toBe('80% and more');
    expect(label(cellMapOf([source, gone], MAP_INFO))).toBe(name(CAME_BACK));
  });

  test('maps of a build with other classes have bands of their own, and cells of as many bytes', () => {
    const other = { ...many(4), pageSize: 16_384 };
    const [first, second] = thumbnails([many(4), other], { columns: 10, rows: 10 });
    expect(first!.scale.pagesPerCell * 4096).toBe(second!.scale.pagesPerCell * 16_384);
    expect(second!.scale.rows).toBeGreaterThan(first!.scale.rows);
  });
});

describe('rows and columns', () => {
  const axes = [
    { name: 'order', values: ['odd', 'random', 'sequential'] },
    { name: 'dirty_decay_ms', values: ['0', '1000', '-1'] },
    { name: 'seed', values: ['1', '2'] },
  ];

  test('numbers are across, and further axes are shown at a value', () => {
    const { across, down, fixed, places } = atlasGrid(axes, { seed: '2' });
    expect([across?.name, down?.name]).toEqual(['dirty_decay_ms', 'order']);
    expect(fixed.map(({ axis, value }) => `${axis.name}=${value}`)).toEqual(['seed=2']);
    // The last axis varies fastest.
    expect(places.filter(({ row }) => row === 1).map(({ cell }) => cell)).toEqual([7, 9, 11]);
  });

  test('a value that the axis does not have shows the first', () => {
    expect(atlasGrid(axes, { seed: '9' }).fixed[0]!.value).toBe('1');
  });
});
