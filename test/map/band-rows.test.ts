import { describe, expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { inventory, layoutMap, maxRows } from '#slablab/src/map/index.js';
import { MAP_INFO, mapSource } from '../support/map-source.js';
import { randomSource } from '../support/random-source.js';
import { printedSeed } from '../support/seed.js';

const SEED = printedSeed('band rows');
const sum = (values: Uint32Array) => values.reduce((total, value) => total + value, 0);

test('fuzz: as many rows as the layout has, without laying out', () => {
  const random = new Random(SEED);
  for (let round = 0; round < 200; round++) {
    const source = randomSource(random);
    const columns = 1 + random.below(random.below(3) === 0 ? 6 : 90);
    const retained = random.below(2) === 0;
    const { bands } = layoutMap(source, MAP_INFO, { order: 'class', columns, retained });
    const rows = maxRows([inventory(source, MAP_INFO)], { columns, retained });
    expect([...rows].filter((count) => count > 0)).toEqual(bands.map((band) => band.rows));
  }
});

test('fuzz: with the room of the largest moment, bands lie where they are at every moment', () => {
  const random = new Random(SEED + 1);
  for (let round = 0; round < 50; round++) {
    const moments = Array.from({ length: 3 }, () => randomSource(random));
    const columns = 7 + random.below(60);
    const bandRows = maxRows(
      moments.map((source) => inventory(source, MAP_INFO)),
      { columns, retained: true },
    );
    const layouts = moments.map((source) =>
      layoutMap(source, MAP_INFO, { order: 'class', columns, bandRows }),
    );
    const placed = layouts.map(({ bands }) =>
      bands.map(({ kind, sizeClass, firstRow, rows }) => [kind, sizeClass, firstRow, rows]),
    );
    expect(placed[1]).toEqual(placed[0]);
    expect(placed[2]).toEqual(placed[0]);
    expect(layouts[0]!.rows).toBe(sum(bandRows));
  }
});

describe('the order of addresses', () => {
  test('has nothing to keep room for', () => {
    const source = mapSource([{ page: 0 }, { page: 1 }], [], 1);
    const bandRows = maxRows([inventory(source, MAP_INFO)], { columns: 1, retained: true });
    expect(layoutMap(source, MAP_INFO, { order: 'address', columns: 4, bandRows }).rows).toBe(2);
  });
});
