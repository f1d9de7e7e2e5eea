/** Measures the cost of maps: a million slabs laid out, coloured and painted, in milliseconds. */
import { Random } from '#slablab/src/base/index.js';
import { colouring, layoutMap, MAP_ORDERS, type MapSource, paint } from '#slablab/src/map/index.js';
import type { MapInfo } from '#slablab/src/map/map-source.js';
import type { Leg } from './leg.js';
import { fastQuartileOfTimes } from './measured.js';

const SLABS = 1_000_000;
const ROUNDS = 9;
const COLUMNS = 512;
/** The goal of a layout. */
const GOAL_MS = 100;

interface MapCost {
  readonly order: string;
  readonly layoutMs: number;
  readonly colouringMs: number;
  readonly paintMs: number;
}

const INFO: MapInfo = {
  pageSize: 4096,
  sizeClasses: [16, 24, 56, 1024, 3072, 16_384],
  smallClasses: 5,
  regionsPerSlab: [256, 512, 512, 4, 4],
};
const PAGES_OF_CLASS = [1, 3, 7, 1, 3];

export const costOfMaps: Leg = {
  title: 'Maps',
  about: `A map of ${SLABS} slabs is laid out, coloured and painted.`,
  measure() {
    const costs = measureOrders();
    const rows = costs.map(({ order, layoutMs, colouringMs, paintMs }) => [
      order,
      ...[layoutMs, colouringMs, paintMs].map((ms) => ms.toFixed(1)),
    ]);
    return {
      tables: [
        { caption: `ms, fast quartile of ${ROUNDS}`, columns: ['', 'layout', 'colouring', 'paint'], rows },
      ],
      goals: costs.map(({ order, layoutMs }) => ({
        what: `layout of ${SLABS} slabs by ${order}`,
        measured: layoutMs,
        is: 'at most' as const,
        goal: GOAL_MS,
        unit: 'ms',
      })),
      figures: costs,
    };
  },
};

function measureOrders(): readonly MapCost[] {
  const source = manySlabs();
  return MAP_ORDERS.map((order) => {
    const lay = () => layoutMap(source, INFO, { order, columns: COLUMNS });
    const layout = lay();
    const colour = () => colouring('occupancy', { source, info: INFO, ground: 'dark' });
    const { colours } = colour();
    const out = new Uint32Array(layout.columns * layout.rows);
    return {
      order,
      layoutMs: timeOf(lay),
      colouringMs: timeOf(colour),
      paintMs: timeOf(() => paint(layout, colours, out)),
    };
  });
}

function timeOf(action: () => unknown): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const started = performance.now();
    action();
    return performance.now() - started;
  });
  return fastQuartileOfTimes(times);
}

/** Of all classes, with an unused extent after every fourth. */
function manySlabs(): MapSource {
  const random = new Random(1);
  const column = () => new Uint32Array(SLABS);
  const granules = {
    count: SLABS,
    page: column(),
    pages: column(),
    sizeClass: column(),
    arena: column(),
    live: column(),
    parked: column(),
    free: column(),
    openedMs: column(),
    allocs: column(),
    cohort: column(),
  };
  const extents = SLABS / 4;
  const extent = () => new Uint32Array(extents);
  const unused = { count: extents, page: extent(), pages: extent(), arena: extent(), state: extent() };
  let page = 0;
  let active = 0;
  for (let slab = 0; slab < SLABS; slab++) {
    const sizeClass = random.below(PAGES_OF_CLASS.length);
    granules.sizeClass[slab] = sizeClass;
    granules.page[slab] = page;
    granules.pages[slab] = PAGES_OF_CLASS[sizeClass]!;
    granules.live[slab] = random.below(5);
    granules.free[slab] = 4 - granules.live[slab]!;
    page += granules.pages[slab]!;
    active += granules.pages[slab]!;
    if (slab % 4 !== 0) continue;
    unused.page[slab / 4] = page;
    unused.pages[slab / 4] = 1;
    page++;
  }
  const bytes = active * INFO.pageSize;
  const dirty = extents * INFO.pageSize;
  return {
    granules,
    unused,
    memory: { active: bytes, dirty, resident: bytes + dirty, retained: 0 },
    virtualMs: 0,
  };
}
