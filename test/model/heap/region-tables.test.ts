import { describe, expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { Attribution } from '#slablab/src/model/heap/attribution.js';
import { AttributionTable } from '#slablab/src/model/heap/attribution-table.js';
import { ALL_TAGS, CANONICAL_TAG } from '#slablab/src/model/heap/held-tags.js';
import { GivenPatterns } from '#slablab/src/model/heap/key-patterns.js';
import { TAG_COUNT } from '#slablab/src/model/heap/tag.js';
import { TagTable } from '#slablab/src/model/heap/tag-table.js';

type Region = readonly [owner: number, sizeClass: number];

/** Owners as models give them: a kind that implies its subject may come without it. */
const GIVEN = Array.from({ length: TAG_COUNT }, (_, owner) => owner).filter((owner) =>
  ALL_TAGS.includes(CANONICAL_TAG[owner]!),
);

/** Does the same to the table and to a Map, `steps` times, with owners and size classes out of so many. */
function live(
  table: TagTable,
  steps: number,
  { seed, owners, classes }: { seed: number; owners: number; classes: number },
): Map<number, Region> {
  const random = new Random(seed);
  const regions = new Map<number, Region>();
  const owner = () => GIVEN[random.below(Math.min(owners, GIVEN.length))]!;
  for (let step = 0; step < steps; step++) {
    const handle = 1 + random.below(1 + step);
    const region = regions.get(handle);
    const action = random.below(8);
    if (region === undefined || action < 4) {
      const entered: Region = [owner(), random.below(classes)];
      table.entered(handle, ...entered);
      regions.set(handle, entered);
    } else if (action < 6) {
      regions.delete(handle);
    } else if (action === 6) {
      const resized = random.below(classes);
      table.resized(handle, resized);
      regions.set(handle, [region[0], resized]);
    } else {
      const retagged = owner();
      table.retag(handle, retagged);
      regions.set(handle, [retagged, region[1]]);
    }
  }
  return regions;
}

/** Regions by owner and size class, as "owner class". */
type Counts = Map<string, number>;

function countsOf(table: TagTable, regions: ReadonlyMap<number, Region>, steps: number): Counts {
  const free = Uint32Array.from({ length: steps }, (_, at) => at + 1).filter(
    (handle) => !regions.has(handle),
  );
  const counts: Counts = new Map();
  table.count(steps + 1, free, (owner, sizeClass, count) => {
    if (count !== 0) add(counts, owner, sizeClass, count);
  });
  return counts;
}

function naiveCountsOf(regions: ReadonlyMap<number, Region>): Counts {
  const counts: Counts = new Map();
  for (const [owner, sizeClass] of regions.values()) add(counts, CANONICAL_TAG[owner]!, sizeClass, 1);
  return counts;
}

function add(counts: Counts, owner: number, sizeClass: number, count: number): void {
  const key = `${owner} ${sizeClass}`;
  counts.set(key, (counts.get(key) ?? 0) + count);
}

const TABLES: readonly (readonly [string, () => TagTable & { owner(handle: number): number }])[] = [
  ['owners', () => new TagTable()],
  ['origins', () => new AttributionTable(new Attribution(new GivenPatterns([])))],
];

describe.each(TABLES)('the table of %s', (_, make) => {
  // Few pairs of owner and size class; more than a byte can tell apart, from early on; and nearly all that two bytes can.
  test.each([
    { seed: 1, steps: 20_000, owners: 4, classes: 10 },
    { seed: 2, steps: 20_000, owners: 20, classes: 60 },
    { seed: 3, steps: 200_000, owners: 250, classes: 232 },
  ])('has what a Map has: $steps steps, $owners owners, $classes size classes (seed $seed)', (chosen) => {
    const table = make();
    const regions = live(table, chosen.steps, chosen);
    for (const [handle, [owner, sizeClass]] of regions) {
      if (table.classOf(handle) !== sizeClass || table.owner(handle) !== CANONICAL_TAG[owner]) {
        expect.fail(`region ${handle}: ${table.owner(handle)} ${table.classOf(handle)}`);
      }
    }
    expect(countsOf(table, regions, chosen.steps)).toEqual(naiveCountsOf(regions));
  });
});

test('the pair that makes every region two bytes may come with any change', () => {
  for (const last of ['entered', 'resized', 'retag'] as const) {
    const table = new TagTable();
    const [owner, another] = ALL_TAGS as [number, number];
    // Cells 1 to 254; the last one that a byte has is region 255's.
    for (let sizeClass = 0; sizeClass < 200; sizeClass++) table.entered(sizeClass + 1, owner, sizeClass);
    for (let sizeClass = 0; sizeClass < 55; sizeClass++) table.entered(sizeClass + 201, another, sizeClass);
    if (last === 'entered') table.entered(7, another, 60);
    else if (last === 'resized') table.resized(201, 60);
    else table.retag(61, another);
    const handle = { entered: 7, resized: 201, retag: 61 }[last];
    expect([table.owner(handle), table.classOf(handle)]).toEqual([another, 60]);
    expect([table.owner(100), table.classOf(100)]).toEqual([owner, 99]);
  }
});
