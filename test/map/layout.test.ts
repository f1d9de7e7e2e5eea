import { describe, expect, test } from 'vitest';
import { type LayoutOptions, layoutMap, type MapSource, rectanglesOf } from '#slablab/src/map/index.js';
import { MAP_INFO, mapSource } from '../support/map-source.js';

/** Every item's rectangles as "x,y widthxheight". */
function places(source: MapSource, options: LayoutOptions) {
  const layout = layoutMap(source, MAP_INFO, options);
  return Array.from({ length: layout.metadata + 1 }, (_, item) =>
    rectanglesOf(layout, item)
      .map(({ x, y, width, height }) => `${x},${y} ${width}x${height}`)
      .join(' '),
  );
}

describe('by address', () => {
  const at = (source: MapSource) => places(source, { order: 'address', columns: 4 });

  test('an empty snapshot', () => {
    expect(at(mapSource([]))).toEqual(['']);
    expect(layoutMap(mapSource([]), MAP_INFO, { order: 'address', columns: 4 })).toMatchObject({
      rows: 0,
      bands: [],
      stretches: [],
    });
  });

  test('one slab, somewhere', () => {
    expect(at(mapSource([{ page: 1002 }]))).toEqual(['2,0 1x1', '']);
  });

  test("a slab over a row's end", () => {
    expect(at(mapSource([{ page: 3, pages: 3, sizeClass: 2 }]))).toEqual(['3,0 1x1 0,1 2x1', '']);
  });

  test('a large extent of many rows: head, whole rows, tail', () => {
    expect(at(mapSource([{ page: 2, pages: 13, sizeClass: 4 }]))).toEqual(['2,0 2x1 0,1 4x2 0,3 3x1', '']);
  });

  test('a large extent of whole rows is one rectangle', () => {
    expect(at(mapSource([{ page: 4, pages: 8, sizeClass: 4 }]))).toEqual(['0,0 4x2', '']);
  });

  test('rows without anything are left out, and where is known', () => {
    const source = mapSource([{ page: 1 }, { page: 6 }, { page: 41 }, { page: 47 }]);
    expect(at(source)).toEqual(['1,0 1x1', '2,1 1x1', '1,2 1x1', '3,3 1x1', '']);
    expect(layoutMap(source, MAP_INFO, { order: 'address', columns: 4 }).stretches).toEqual([
      { firstRow: 0, page: 0 },
      { firstRow: 2, page: 40 },
    ]);
  });

  test('what is unused is among it, metadata below', () => {
    const unused = [
      [1, 3, 'dirty'],
      [4, 1, 'retained'],
      [6, 1, 'muzzy'],
    ] as const;
    const source = mapSource([{ page: 0 }, { page: 5 }], unused, 5);
    expect(at(source)).toEqual(['0,0 1x1', '1,1 1x1', '1,0 3x1', '0,1 1x1', '2,1 1x1', '0,2 4x1 0,3 1x1']);
  });

  test('retained can be hidden, and its rows go with it', () => {
    const source = mapSource([{ page: 0 }, { page: 12 }], [[1, 11, 'retained']]);
    const options = { order: 'address', columns: 4, retained: false } as const;
    expect(places(source, options)).toEqual(['0,0 1x1', '0,1 1x1', '', '']);
  });
});

describe('by class', () => {
  const at = (source: MapSource, options: Partial<LayoutOptions> = {}) =>
    places(source, { order: 'class', columns: 4, ...options });

  test('an empty snapshot', () => {
    expect(at(mapSource([]))).toEqual(['']);
  });

  test('bands: classes ascending, large, dirty, muzzy, retained, metadata', () => {
    const source = mapSource(
      [
        { page: 0, sizeClass: 4, pages: 2 },
        { page: 2, sizeClass: 1 },
        { page: 3, sizeClass: 0 },
        { page: 4, sizeClass: 1 },
      ],
      [
        [5, 1, 'retained'],
        [6, 1, 'muzzy'],
        [7, 1, 'dirty'],
      ],
      1,
    );
    expect(at(source)).toEqual([
      '0,2 2x1',
      '0,1 1x1',
      '0,0 1x1',
      '1,1 1x1',
      '0,5 1x1',
      '0,4 1x1',
      '0,3 1x1',
      '0,6 1x1',
    ]);
    const { bands } = layoutMap(source, MAP_INFO, { order: 'class', columns: 4 });
    expect(bands.map(({ kind, sizeClass, firstRow, rows }) => [kind, sizeClass, firstRow, rows])).toEqual([
      ['class', 0, 0, 1],
      ['class', 1, 1, 1],
      ['large', null, 2, 1],
      ['dirty', null, 3, 1],
      ['muzzy', null, 4, 1],
      ['retained', null, 5, 1],
      ['metadata', null, 6, 1],
    ]);
  });

  test('slabs are not broken over rows', () => {
    const source = mapSource([0, 3, 6].map((page) => ({ page, pages: 3, sizeClass: 2 })));
    expect(at(source, { columns: 7 })).toEqual(['0,0 3x1', '3,0 3x1', '0,1 3x1', '']);
  });

  test('unless wider than the row', () => {
    const source = mapSource([0, 7].map((page) => ({ page, pages: 7, sizeClass: 3 })));
    expect(at(source)).toEqual(['0,0 4x1 0,1 3x1', '0,2 4x1 0,3 3x1', '']);
  });

  test('unused memory is broken anywhere', () => {
    const unused = [
      [0, 3, 'dirty'],
      [8, 3, 'dirty'],
    ] as const;
    expect(at(mapSource([], unused))).toEqual(['0,0 3x1', '3,0 1x1 0,1 2x1', '']);
  });

  test('more classes than bands: those with the fewest slabs share the last, in address order', () => {
    const source = mapSource([
      { page: 0, sizeClass: 1 },
      { page: 1, sizeClass: 0 },
      { page: 2, sizeClass: 1 },
      { page: 3, sizeClass: 2, pages: 3 },
    ]);
    expect(at(source, { maxClasses: 2 })).toEqual(['0,0 1x1', '0,1 1x1', '1,0 1x1', '1,1 3x1', '']);
  });
});

test.each([0, -1, 1.5, Number.NaN])('%s columns are refused', (columns) => {
  expect(() => layoutMap(mapSource([]), MAP_INFO, { order: 'class', columns })).toThrow(
    `a map of ${columns} columns`,
  );
});
