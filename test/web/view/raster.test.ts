import { expect, test } from 'vitest';
import { layoutMap } from '#slablab/src/map/index.js';
import { itemCells } from '../../../web/view/map/picture.js';
import { edgeOf, inView, type Placing, raster } from '../../../web/view/map/raster.js';
import { MAP_INFO, mapSource } from '../../support/map-source.js';

/** Two slabs of a page, one of three that goes on in the next row, and a page of dirty memory. */
const LAYOUT = layoutMap(
  mapSource([{ page: 0 }, { page: 1 }, { page: 2, pages: 3, sizeClass: 2 }], [[6, 1, 'dirty']]),
  MAP_INFO,
  { order: 'address', columns: 4 },
);
const PICTURE = { layout: LAYOUT, cells: itemCells(LAYOUT), colours: Uint32Array.of(1, 2, 3, 4, 5) };

/** One line of text a row of pixels; '.' is ground. */
function drawn(placing: Partial<Placing> & { readonly cell: number }): string[] {
  const whole = { width: 4 * placing.cell, height: 2 * placing.cell, left: 0, top: 0, ...placing };
  const pixels = new Uint32Array(whole.width * whole.height).fill(9);
  raster(PICTURE, whole, pixels);
  return Array.from({ length: whole.height }, (_, y) =>
    [...pixels.subarray(y * whole.width, (y + 1) * whole.width)].join('').replaceAll('0', '.'),
  );
}

test('a pixel a page', () => {
  expect(drawn({ cell: 1 })).toEqual(['1233', '3.4.']);
});

test('small slabs are solid: an edge would take more than it tells', () => {
  expect(drawn({ cell: 2 })).toEqual(['11223333', '11223333', '33..44..', '33..44..']);
});

test('pages that are not a whole number of pixels leave no gap', () => {
  const lines = drawn({ cell: 2.5, width: 10, height: 5 });
  expect(lines[0]).toMatch(/^1+2+3+$/);
  expect(lines[4]).toMatch(/^3+\.+4+\.+$/);
});

test('large slabs have an edge, and none where they go on', () => {
  const cell = 8;
  const lines = drawn({ cell });
  expect(edgeOf(cell)).toBe(1);
  expect(lines[0]).toBe('1111111.2222222.3333333333333333');
  expect(lines[7]).toBe('................................');
  expect(lines[8]).toBe('3333333.........4444444.........');
});

test('of a part, what is in view', () => {
  expect(drawn({ cell: 2, left: -4, top: -2, width: 4, height: 2 })).toEqual(['44..', '44..']);
  expect(inView(-4, 2, 4, 4)).toEqual([2, 4]);
  expect(inView(100, 2, 4, 4)).toEqual([0, 0]);
});
