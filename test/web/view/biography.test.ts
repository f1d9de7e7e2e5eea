import { expect, test } from 'vitest';
import { layoutMap } from '#slablab/src/map/index.js';
import type { Frame } from '../../../web/recordings.js';
import { biography } from '../../../web/view/detail/biography.js';
import { plateOf } from '../../../web/view/map/plates.js';
import { type GranuleGiven, MAP_INFO, mapSource } from '../../support/map-source.js';

function frame(phase: string, position: number, ...granules: GranuleGiven[]): Frame {
  return { phase, snapshot: { ...mapSource(granules), position }, owners: null } as unknown as Frame;
}

const heads = (frames: readonly Frame[], at: number, page = 3) =>
  biography(frames, at, page).map(({ head, text }) => `${head}: ${text}`);

test('a slab that filled and was half freed, and is so since', () => {
  const frames = [
    frame('start', 0),
    frame('sweep-1', 100, { page: 3, live: 1, free: 3 }),
    frame('populated', 200, { page: 3, live: 4 }),
    frame('sweep-2', 300, { page: 3, live: 2, free: 2 }),
    frame('deleted', 1500, { page: 3, live: 2, free: 2 }),
  ];
  expect(heads(frames, 4)).toEqual([
    'Opened between start and sweep-1: there 1 of 4 regions is live',
    'Full at populated: 4 of 4 regions live',
    '2 of 4 freed since: until deleted',
    'Still here: 2 regions keep it: as many since sweep-2, 1,200 operations ago',
  ]);
  expect(heads(frames, 1)).toEqual([
    'Opened between start and sweep-1: there 1 of 4 regions is live',
    'Still here: 1 region keeps it: as seen at sweep-1',
  ]);
});

test('another slab in the same place has no part in its life', () => {
  const frames = [
    frame('one', 0, { page: 3, live: 4, openedMs: 1 }),
    frame('two', 9, { page: 3, live: 0, free: 4, openedMs: 2 }),
  ];
  expect(heads(frames, 1)).toEqual([
    'Opened between one and two: there 0 of 4 regions are live',
    'Still here, empty: as seen at two',
  ]);
});

test('nothing begins there', () => {
  expect(heads([frame('one', 0, { page: 1 })], 0)).toEqual([]);
  expect(heads([], 0)).toEqual([]);
});

test('a plate says what is in a band', () => {
  const source = mapSource([
    { page: 0, live: 2, free: 2 },
    { page: 1, live: 4 },
    { page: 2, live: 0, free: 4 },
    { page: 3, live: 2, free: 2 },
  ]);
  const layout = layoutMap(source, MAP_INFO, { order: 'class', columns: 8 });
  expect(plateOf(layout, layout.bands[0]!, frame('now', 0))).toEqual({
    title: '1,024 B',
    amount: '16.0 KiB · 50.0% live',
    extremes: '4 slabs: 1 full, 1 empty',
    live: 2,
    regions: 4,
    isEmpty: false,
  });
});
