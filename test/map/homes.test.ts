import { describe, expect, test } from 'vitest';
import { Homes, homeBands, layoutAtHome, type MapSource } from '#slablab/src/map/index.js';
import { PageSet } from '#slablab/src/map/page-set.js';
import { type ExtentGiven, type GranuleGiven, MAP_INFO, mapSource } from '../support/map-source.js';

const COLUMNS = 8;

/** Lays out one moment of a recording, and gives what is at each cell: `class@page`, or `state@page`. */
function cells(sources: readonly MapSource[], at: number): Map<string, string> {
  const homes = new Homes(MAP_INFO);
  for (const source of sources) homes.add(source);
  const bands = homeBands([homes], MAP_INFO);
  const source = sources[at]!;
  const { unused, homes: homesOfUnused } = homes.settle(at, source);
  const settled = { ...source, unused };
  const layout = layoutAtHome(
    settled,
    MAP_INFO,
    { homes, bands, homesOfUnused },
    { columns: COLUMNS, gapRows: 1 },
  );
  const states = ['dirty', 'muzzy', 'retained'];
  const found = new Map<string, string>();
  let before = -1;
  for (const item of layout.placed) {
    const start = layout.starts[item]!;
    expect(start, 'items are in the order of their cells').toBeGreaterThan(before);
    before = start;
    if (item === layout.metadata) continue;
    const isSlab = item < layout.firstUnused;
    const page = isSlab ? settled.granules.page[item]! : unused.page[item - layout.firstUnused]!;
    const name = isSlab
      ? `${MAP_INFO.sizeClasses[settled.granules.sizeClass[item]!]}`
      : states[unused.state[item - layout.firstUnused]!]!;
    for (let along = 0; along < layout.pages[item]!; along++) {
      const cell = start + along;
      found.set(`${page + along}`, `${Math.floor(cell / COLUMNS)},${cell % COLUMNS} ${name}`);
    }
  }
  return found;
}

const at = (granules: readonly GranuleGiven[], unused: readonly ExtentGiven[] = []) =>
  mapSource(granules, unused, 1);

describe('places', () => {
  test('a slab stays where it is when its neighbour goes, and the freed page stays at the slab’s place', () => {
    const sources = [
      at([{ page: 0 }, { page: 1 }, { page: 2 }]),
      at([{ page: 0 }, { page: 2 }], [[1, 1, 'dirty']]),
      at([{ page: 0 }, { page: 2 }], [[1, 1, 'retained']]),
    ];
    expect([...cells(sources, 0)]).toEqual([
      ['0', '0,0 1024'],
      ['1', '0,1 1024'],
      ['2', '0,2 1024'],
    ]);
    expect(cells(sources, 1).get('1')).toBe('0,1 dirty');
    expect(cells(sources, 2).get('1')).toBe('0,1 retained');
    expect(cells(sources, 2).get('2')).toBe('0,2 1024');
  });

  test('an unused extent over the pages of two classes is cut, and each part is at home', () => {
    const sources = [
      at([{ page: 0 }, { page: 1, sizeClass: 0, live: 256 }, { page: 5 }]),
      at([{ page: 5 }], [[0, 4, 'dirty']]),
    ];
    const then = cells(sources, 1);
    expect(then.get('0')).toMatch(/ dirty$/);
    expect(then.get('1')).toMatch(/ dirty$/);
    const rows = (page: string) => then.get(page)!.split(',')[0];
    expect(rows('0')).not.toBe(rows('1'));
    // Pages 2 and 3 were in no slab: they have a band of what is dirty.
    expect(rows('2')).not.toBe(rows('0'));
    expect(rows('2')).toBe(rows('3'));
  });

  test('a page that another class has now is only there, and its old place is empty', () => {
    const sources = [at([{ page: 0 }, { page: 1 }]), at([{ page: 0, sizeClass: 0, live: 256 }, { page: 1 }])];
    expect(cells(sources, 1).get('0')).toMatch(/ 16$/);
    expect(cells(sources, 1).get('1')).toBe(cells(sources, 0).get('1'));
  });

  test('a page that was unmapped came back, too; one that is used later is not there yet', () => {
    const sources = [at([{ page: 0 }, { page: 1 }]), at([{ page: 1 }]), at([{ page: 1 }, { page: 2 }])];
    expect(cells(sources, 1).get('0')).toBe('0,0 retained');
    expect(cells(sources, 1).has('2')).toBe(false);
  });

  test('moments may be asked for in any order', () => {
    const sources = [at([{ page: 0 }]), at([], [[0, 1, 'dirty']]), at([{ page: 0, sizeClass: 4, pages: 4 }])];
    const homes = new Homes(MAP_INFO);
    for (const source of sources) homes.add(source);
    const seen = [2, 0, 1, 1, 0].map((index) => [...homes.settle(index, sources[index]!).homes].join());
    expect(seen).toEqual(['', '', '1', '1', '']);
  });
});

test('every resident page of a random recording is on the map once, slab or not', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const sources = Array.from({ length: 12 }, () => {
    const granules: GranuleGiven[] = [];
    const unused: ExtentGiven[] = [];
    for (let page = 0; page < 400; ) {
      const kind = random(8);
      const pages = kind < 5 ? [1, 1, 3, 7, 4][kind]! : 1 + random(5);
      if (kind < 5) granules.push({ page, pages, sizeClass: kind, live: random(2), free: 1 });
      else if (kind < 7) unused.push([page, pages, (['dirty', 'muzzy', 'retained'] as const)[random(3)]!]);
      page += pages;
    }
    return at(granules, unused);
  });
  sources.forEach((source, index) => {
    const shown = cells(sources, index);
    const slabs = [...source.granules.page].flatMap((page, row) =>
      Array.from({ length: source.granules.pages[row]! }, (_, along) => `${page + along}`),
    );
    for (const page of slabs) expect(shown.get(page)).toMatch(/ \d+$/);
    for (let row = 0; row < source.unused.count; row++) {
      if (source.unused.state[row] === 2) continue;
      for (let along = 0; along < source.unused.pages[row]!; along++) {
        expect(shown.get(`${source.unused.page[row]! + along}`)).toMatch(/ (dirty|muzzy)$/);
      }
    }
    const places = [...shown.values()].map((place) => place.split(' ')[0]);
    expect(new Set(places).size, 'no two pages have one place').toBe(places.length);
  });
});

test('a set of pages counts those below a page', () => {
  const set = new PageSet();
  for (const [page, pages] of [
    [3, 1],
    [31, 2],
    [70_000, 40],
    [31, 1],
  ] as const)
    set.add(page, pages);
  expect(set.count).toBe(43);
  expect([3, 31, 32, 70_000, 70_039].map((page) => set.rank(page))).toEqual([0, 1, 2, 3, 42]);
});
