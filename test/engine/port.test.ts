import { expect, test } from 'vitest';
import { columnFields } from '#slablab/src/engine/port.js';

test('columns are as wide as the build says', () => {
  expect(columnFields('page:32,live:16,cohort:8,')).toEqual([
    { name: 'page', bytes: 4 },
    { name: 'live', bytes: 2 },
    { name: 'cohort', bytes: 1 },
  ]);
  expect(columnFields('')).toEqual([]);
});

test.each(['page,pages,', 'page:32,live:24,'])(
  'a build of other sources, "%s", says how to make it anew',
  (list) => {
    expect(() => columnFields(list)).toThrow(/compiled from other sources.*make wasm native/);
  },
);
