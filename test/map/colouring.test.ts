import { describe, expect, test } from 'vitest';
import type { ColouringInput } from '#slablab/src/map/colouring/colouring.js';
import {
  COLOUR_MODES,
  type ColourMode,
  cellsOf,
  colouring,
  differenceOf,
  GROUNDS,
  layoutMap,
  type MapSource,
} from '#slablab/src/map/index.js';
import { type GranuleGiven, MAP_INFO, mapSource } from '../support/map-source.js';

/** Labels of what lies on the map, item by item. */
function labels(mode: ColourMode, source: MapSource, more: Partial<ColouringInput> = {}): string[] {
  const { legend, swatches } = colouring(mode, { source, info: MAP_INFO, ground: 'dark', ...more });
  return [...swatches].map((swatch) => legend.swatches[swatch]!.label);
}

const slabs = (...given: Partial<GranuleGiven>[]) =>
  mapSource(given.map((slab, page) => ({ page, ...slab })));

test('occupancy: none and all are claims, the rest is tenths', () => {
  const shares = [0, 1, 25, 128, 255, 256].map((live) => ({ sizeClass: 0, live, free: 256 - live }));
  expect(labels('occupancy', slabs(...shares)).slice(0, -1)).toEqual([
    'nothing live',
    'less than 10% live',
    'less than 10% live',
    '50% and more',
    '90% and more',
    'all live',
  ]);
});

test('state: of the regions of a slab, and of extents', () => {
  const source = mapSource(
    [
      { page: 0, live: 4 },
      { page: 1, live: 3, free: 1 },
      { page: 2, live: 3, parked: 1 },
      { page: 3, live: 0, parked: 1, free: 3 },
      { page: 4, live: 0, free: 4 },
      { page: 5, sizeClass: 4 },
    ],
    [
      [6, 1, 'dirty'],
      [7, 1, 'muzzy'],
      [8, 1, 'retained'],
    ],
    1,
  );
  expect(labels('state', source).map((label) => label.split(':')[0])).toEqual([
    'live',
    'pinned',
    'pinned',
    'parked',
    'free',
    'large extent',
    'dirty',
    'muzzy',
    'retained',
    'metadata',
  ]);
});

test('age: equal steps of virtual time, up to the oldest', () => {
  const source = slabs({ openedMs: 1000 }, { openedMs: 800 }, { openedMs: 200 });
  expect(labels('age', source).slice(0, 3)).toEqual(['up to 100 ms', '200 ms to 300 ms', '700 ms to 800 ms']);
  expect(labels('age', slabs({ openedMs: 1000 }))[0]).toBe('opened at this moment');
});

test('owner: who has the most regions; the smallest share a colour', () => {
  const names = Array.from({ length: 9 }, (_, owner) => `owner ${owner}`);
  const source = slabs(...names.map(() => ({})), {}, {}, { live: 0 });
  const owners = {
    names,
    first: Uint32Array.from([0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 12]),
    owner: Uint16Array.from([0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1]),
    regions: new Uint32Array(12).fill(1),
  };
  expect(labels('owner', source, { owners }).slice(0, -1)).toEqual([
    ...names.slice(0, 7),
    '2 other owners',
    '2 other owners',
    'owner 0',
    'owner 1',
    'nothing live',
  ]);
});

describe('difference', () => {
  const changesOf = (before: MapSource, after: MapSource) => {
    const { source, changes } = differenceOf(before, after);
    return labels('difference', source, { changes })
      .slice(0, source.granules.count)
      .map((label, row) => {
        const { page, pages } = source.granules;
        return `${page[row]}+${pages[row]} ${label.split(':')[0]}`;
      });
  };

  test('each kind of change', () => {
    const before = mapSource([
      { page: 0, live: 4 },
      { page: 1, live: 4 },
      { page: 2, live: 4 },
      { page: 3, live: 4 },
      { page: 4, live: 2 },
      { page: 5, live: 0 },
    ]);
    const after = mapSource([
      { page: 1, live: 0 },
      { page: 2, live: 2 },
      { page: 3, live: 4 },
      { page: 4, live: 3 },
      { page: 5, live: 1 },
      { page: 6, live: 1 },
    ]);
    expect(changesOf(before, after)).toEqual([
      '0+1 drained',
      '1+1 emptied',
      '2+1 emptier',
      '3+1 unchanged',
      '4+1 fuller',
      '5+1 newly pinned',
      '6+1 opened since',
    ]);
  });

  test('nothing before, nothing after', () => {
    const something = mapSource([{ page: 3 }]);
    expect(changesOf(mapSource([]), something)).toEqual(['3+1 opened since']);
    expect(changesOf(something, mapSource([]))).toEqual(['3+1 drained']);
    expect(changesOf(mapSource([]), mapSource([]))).toEqual([]);
  });

  test('another class, time or less handed out in the same place: another slab', () => {
    const at = (more: Partial<GranuleGiven>) => mapSource([{ page: 3, ...more }]);
    expect(changesOf(at({ sizeClass: 0 }), at({ sizeClass: 1 }))).toEqual(['3+1 opened since']);
    expect(changesOf(at({ openedMs: 1 }), at({ openedMs: 2 }))).toEqual(['3+1 opened since']);
  });

  test('where something else was opened, only what is left of a drained one is shown', () => {
    const before = mapSource([{ page: 2, pages: 7, sizeClass: 3 }]);
    const after = mapSource([{ page: 4 }, { page: 6 }]);
    expect(changesOf(before, after)).toEqual([
      '2+2 drained',
      '4+1 opened since',
      '5+1 drained',
      '6+1 opened since',
      '7+2 drained',
    ]);
  });

  test('drained slabs lie before what is unused: no page is twice on the map', () => {
    const before = mapSource([{ page: 2 }, { page: 4 }], [[5, 5, 'retained']]);
    const after = mapSource([], [[0, 10, 'dirty']]);
    const { unused } = differenceOf(before, after).source;
    expect([...unused.page]).toEqual([0, 3, 5]);
    expect([...unused.pages]).toEqual([2, 1, 5]);
  });
});

test('legends: no glyph and no colour stands twice', () => {
  const source = slabs({ openedMs: 0 });
  const owners = {
    names: Array.from({ length: 9 }, (_, owner) => `${owner}`),
    first: Uint32Array.from([0, 1]),
    owner: Uint16Array.from([0]),
    regions: Uint32Array.from([1]),
  };
  for (const mode of COLOUR_MODES) {
    for (const ground of GROUNDS) {
      const { legend } = colouring(mode, {
        source,
        info: MAP_INFO,
        ground,
        owners,
        changes: Uint8Array.from([0]),
      });
      for (const each of ['glyph', 'colour'] as const) {
        const all = legend.swatches.map((swatch) => swatch[each]);
        expect(new Set(all).size, `${mode} ${ground} ${each}: ${all}`).toBe(all.length);
      }
    }
  }
});

describe('from afar', () => {
  const cellLabels = (source: MapSource, pagesPerCell: number) => {
    const layout = layoutMap(source, MAP_INFO, { order: 'address', columns: 8 });
    const colours = colouring('occupancy', { source, info: MAP_INFO, ground: 'dark' });
    const { swatches } = cellsOf(layout, colours, pagesPerCell);
    return [...swatches].map((swatch) => colours.legend.swatches[swatch]?.label ?? null);
  };

  test('a cell is the mean of its slabs; all and nothing only if all are', () => {
    const lives = [4, 4, 4, 4, 4, 0, 0, 0].map((live) => ({ live, free: 4 - live }));
    expect(cellLabels(slabs(...lives), 2)).toEqual(['all live', 'all live', '50% and more', 'nothing live']);
    expect(cellLabels(slabs(...lives), 8)).toEqual(['60% and more']);
  });

  test('or what most of it is', () => {
    const source = mapSource([{ page: 0 }], [[1, 3, 'dirty']], 1);
    expect(cellLabels(source, 4)).toEqual([
      'dirty: given back to the allocator, still resident',
      null,
      "metadata: the allocator's records",
      null,
    ]);
  });

  test('columns that are no multiple are refused', () => {
    expect(() => cellLabels(slabs({}), 3)).toThrow('8 columns are not so many cells of 3 pages');
  });
});
