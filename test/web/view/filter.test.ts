import { expect, test } from 'vitest';
import type { SlabOwners } from '#slablab/src/analysis/index.js';
import { layoutMap } from '#slablab/src/map/index.js';
import type { Frame } from '../../../web/recordings.js';
import { FIRST_VIEW } from '../../../web/state.js';
import { faded, isEmpty, matches, mixed } from '../../../web/view/map/filter.js';
import { MAP_INFO, mapSource } from '../../support/map-source.js';

const SOURCE = mapSource(
  [
    { page: 0, sizeClass: 1, live: 2, free: 2 },
    { page: 1, sizeClass: 1, live: 0 },
    { page: 2, sizeClass: 0, live: 1 },
    { page: 3, pages: 4, sizeClass: 4 },
  ],
  [
    [7, 1, 'dirty'],
    [8, 1, 'retained'],
  ],
  1,
);
const OWNERS = {
  names: ['user:* value', '(server) dict'],
  first: Uint32Array.of(0, 2, 2, 3, 3),
  owner: Uint16Array.of(0, 1, 1),
  regions: Uint32Array.of(1, 1, 1),
} as unknown as SlabOwners;
const FRAME = { phase: 'end', snapshot: SOURCE, owners: OWNERS } as unknown as Frame;
const LAYOUT = layoutMap(SOURCE, MAP_INFO, { order: 'class', columns: 8 });

function kept(filter: Partial<typeof FIRST_VIEW>, frame = FRAME): number[] {
  const all = matches({ ...FIRST_VIEW, ...filter }, frame, LAYOUT);
  return [...all.keys()].filter((item) => all[item] === 1);
}

test.each([
  [{ classes: [1024] }, [0, 1]],
  [{ classes: [1024, 16] }, [0, 1, 2]],
  [{ states: ['use'] }, [0, 2, 3]],
  [{ states: ['pinned'] }, [0]],
  [{ states: ['drainable'] }, [1]],
  [{ states: ['large', 'dirty', 'metadata'] }, [3, 4, 6]],
  [{ owners: ['(server) dict'] }, [0, 2]],
  [{ owners: ['user:* value'], states: ['pinned'] }, [0]],
  [{ owners: ['(server) dict'], classes: [16] }, [2]],
  [{ owners: ['user:*'] }, [0]],
  [{ owners: ['(server)'], states: ['use'] }, [0, 2]],
  [{ owners: ['nobody'] }, []],
] as const)('%j leaves %j', (filter, items) => {
  expect(kept(filter)).toEqual(items);
});

test('a run that does not know its owners has nothing of anybody', () => {
  expect(kept({ owners: ['user:* value'] }, { ...FRAME, owners: null })).toEqual([]);
});

test('no filter is empty, and any is not', () => {
  expect(isEmpty(FIRST_VIEW)).toBe(true);
  expect(isEmpty({ ...FIRST_VIEW, owners: ['x'] })).toBe(false);
});

test('what is not kept is little more than the ground', () => {
  const [same, faint] = faded(Uint32Array.of(0xff0000ff, 0xff0000ff), Uint8Array.of(1, 0), 0xffffffff);
  expect(same).toBe(0xff0000ff);
  expect(faint).toBe(mixed(0xffffffff, 0xff0000ff, 0.14));
  expect(mixed(0xff000000, 0xffffffff, 0.5)).toBe(0xff808080);
});
