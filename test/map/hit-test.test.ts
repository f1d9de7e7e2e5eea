import { describe, expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import {
  amountsOn,
  colouring,
  hitTest,
  itemAt,
  layoutMap,
  MAP_ORDERS,
  type MapLayout,
  paint,
  rectanglesOf,
  regionRectangles,
} from '#slablab/src/map/index.js';
import { MAP_INFO, mapSource } from '../support/map-source.js';
import { randomSource } from '../support/random-source.js';
import { printedSeed } from '../support/seed.js';

const SEED = printedSeed('map');

/** By brute force: which item each cell is of; every cell of at most one. */
function itemsOfCells(layout: MapLayout): (number | null)[] {
  const cells = Array<number | null>(layout.columns * layout.rows).fill(null);
  for (let item = 0; item <= layout.metadata; item++) {
    for (const { x, y, width, height } of rectanglesOf(layout, item)) {
      for (let row = y; row < y + height; row++) {
        for (let column = x; column < x + width; column++) {
          expect(cells[row * layout.columns + column]).toBeNull();
          cells[row * layout.columns + column] = item;
        }
      }
    }
  }
  return cells;
}

describe.each(MAP_ORDERS)('order %s', (order) => {
  test('fuzz: hit-testing finds in every cell what lies there, and nothing elsewhere', () => {
    const random = new Random(SEED);
    for (let round = 0; round < 60; round++) {
      const source = randomSource(random);
      const columns = 1 + random.below(random.below(3) === 0 ? 4 : 90);
      const retained = random.below(3) > 0;
      const layout = layoutMap(source, MAP_INFO, { order, columns, retained });
      const expected = itemsOfCells(layout);
      expect(expected.map((_, cell) => itemAt(layout, cell))).toEqual(expected);
      expected.forEach((item, cell) => {
        const hit = hitTest(layout, (cell % columns) + 0.5, Math.floor(cell / columns) + 0.5);
        expect(hit?.item ?? null).toBe(item);
      });
      const drawn = expected.filter((item) => item !== null).length;
      const hidden = retained ? 0 : source.memory.retained / MAP_INFO.pageSize;
      expect(drawn + hidden).toBe(layout.pages.reduce((sum, pages) => sum + pages, 0));
    }
  });

  test('fuzz: every region of every slab is hit at its middle, and their areas are their bytes', () => {
    const random = new Random(SEED + 1);
    for (let round = 0; round < 12; round++) {
      const source = randomSource(random);
      const layout = layoutMap(source, MAP_INFO, { order, columns: 1 + random.below(40) });
      for (let item = 0; item < source.granules.count; item++) {
        const sizeClass = source.granules.sizeClass[item]!;
        const regions = new Map<number, number>();
        for (const { region, x, y, width, height } of regionRectangles(layout, item)) {
          expect(hitTest(layout, x + width / 2, y + height / 2)).toEqual({ item, region });
          regions.set(region, (regions.get(region) ?? 0) + width * height * MAP_INFO.pageSize);
        }
        const isSlab = sizeClass < MAP_INFO.smallClasses;
        expect(regions.size).toBe(isSlab ? MAP_INFO.regionsPerSlab[sizeClass] : 0);
        for (const bytes of regions.values()) expect(bytes).toBeCloseTo(MAP_INFO.sizeClasses[sizeClass]!, 6);
      }
    }
  });

  test('fuzz: what is painted adds up to what is resident', () => {
    const random = new Random(SEED + 2);
    for (let round = 0; round < 30; round++) {
      const source = randomSource(random);
      const layout = layoutMap(source, MAP_INFO, { order, columns: 1 + random.below(600) });
      const { colours } = colouring('state', { source, info: MAP_INFO, ground: 'dark' });
      const painted = paint(layout, colours).reduce((sum, pixel) => sum + (pixel === 0 ? 0 : 1), 0);
      const { slabs, large, dirty, muzzy, retained, metadata } = amountsOn(layout);
      expect(slabs + large).toBe(source.memory.active);
      expect(dirty).toBe(source.memory.dirty);
      expect(retained).toBe(source.memory.retained);
      expect(slabs + large + dirty + metadata).toBe(source.memory.resident);
      expect(painted * MAP_INFO.pageSize).toBe(source.memory.resident + muzzy + retained);
    }
  });
});

describe('off the map', () => {
  const layout = layoutMap(mapSource([{ page: 0 }]), MAP_INFO, { order: 'class', columns: 4 });

  test.each([
    [-0.1, 0],
    [4, 0],
    [0, -0.1],
    [0, 1],
    [Number.NaN, 0],
  ])('%s, %s is nothing', (x, y) => {
    expect(hitTest(layout, x, y)).toBeNull();
  });

  test('there are no rectangles of what is no item', () => {
    expect(rectanglesOf(layout, 99)).toEqual([]);
    expect(regionRectangles(layout, 99)).toEqual([]);
  });
});
