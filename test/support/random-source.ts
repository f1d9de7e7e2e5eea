import type { Random } from '#slablab/src/base/index.js';
import type { MapSource } from '#slablab/src/map/index.js';
import { type ExtentGiven, type GranuleGiven, mapSource } from './map-source.js';

const PAGES_OF_CLASS = [1, 1, 3, 7];

/** Granules and unused extents at random, with gaps. */
export function randomSource(random: Random): MapSource {
  const granules: GranuleGiven[] = [];
  const unused: ExtentGiven[] = [];
  let page = random.below(2000);
  for (let count = random.below(120); count > 0; count--) {
    if (random.below(4) === 0) page += random.below(random.below(8) === 0 ? 5000 : 20);
    const kind = random.below(7);
    const pages = PAGES_OF_CLASS[kind] ?? 1 + random.below(random.below(5) === 0 ? 300 : 12);
    if (kind < 5) granules.push({ page, pages, sizeClass: kind, live: random.below(3), free: 1 });
    else unused.push([page, pages, (['dirty', 'muzzy', 'retained'] as const)[random.below(3)]!]);
    page += pages;
  }
  return mapSource(granules, unused, random.below(40));
}
