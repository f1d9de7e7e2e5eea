/** What the columns of a snapshot must be whatever was allocated, looked at page by page and region by region. */
import { expect } from 'vitest';
import { type BuildInfo, EXTENT_STATES, REGION_STATES, type Snapshot } from '#slablab/src/engine/index.js';

/** Each page is in one row at most, rows are in address order, and the sums are jemalloc's. */
export function expectPagesAddUp({ granules, unused, memory }: Snapshot, { pageSize }: BuildInfo): void {
  const pages = { active: 0, dirty: 0, muzzy: 0, retained: 0 };
  for (let row = 0; row < granules.count; row++) pages.active += granules.pages[row]!;
  for (let row = 0; row < unused.count; row++)
    pages[EXTENT_STATES[unused.state[row]!]!] += unused.pages[row]!;
  const { active, dirty, muzzy, retained } = memory;
  expect(Object.values(pages).map((count) => count * pageSize)).toEqual([active, dirty, muzzy, retained]);

  const rows = [granules, unused].flatMap(({ page, pages }) =>
    Array.from(page, (first, row) => [first, first + pages[row]!] as const),
  );
  for (const { page } of [granules, unused]) {
    expect(page.every((first, row) => row === 0 || first > page[row - 1]!)).toBe(true);
  }
  rows.sort(([a], [b]) => a - b);
  expect(rows.findIndex(([, end], row) => row + 1 < rows.length && end > rows[row + 1]![0])).toBe(-1);
}

/** How many regions of each granule are free, parked and live. */
export function expectRegionsAddUp({ granules, regions }: Snapshot): void {
  const { first, states } = regions!;
  expect(first.length).toBe(granules.count + 1);
  expect(first[granules.count]).toBe(states.length);
  const wrong: unknown[] = [];
  for (let row = 0; row < granules.count; row++) {
    const counts = REGION_STATES.map(() => 0);
    for (let at = first[row]!; at < first[row + 1]!; at++) counts[states[at]!]!++;
    const expected = [granules.free[row], granules.parked[row], granules.live[row]];
    if (counts.some((count, state) => count !== expected[state])) wrong.push({ row, counts, expected });
  }
  expect(wrong).toEqual([]);
}
