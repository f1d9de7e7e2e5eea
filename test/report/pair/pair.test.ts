import { expect, test } from 'vitest';
import type { ClassParts, ResidentParts } from '#slablab/src/map/index.js';
import { pairAnswer, pairMarkdown, pairRows, rowTexts } from '#slablab/src/report/index.js';

const MIB = 2 ** 20;

function side(pinned: number, empty: number, use = 50) {
  const parts: ResidentParts = {
    use: use * MIB,
    pinned: pinned * MIB,
    parked: 0,
    dirty: 0,
    empty: empty * MIB,
    records: 6 * MIB,
    resident: (use + pinned + empty + 6) * MIB,
    muzzy: 0,
    slabs: { all: 100, pinned: pinned > 0 ? 90 : 0, empty: 1 },
  };
  const classes: ClassParts[] = [
    { size: 1024, slabs: 90, full: 0, empty: 0, bytes: 0, live: 0, pinned: pinned * MIB },
    { size: 16, slabs: 1, full: 1, empty: 0, bytes: 0, live: 0, pinned: 100 },
  ];
  return { parts, classes };
}

const textOf = (answer: ReturnType<typeof pairAnswer>) => answer.sentence.map(({ text }) => text).join('');

test('the sentence says which run pins less, whether the rest comes back, and if the data is equal', () => {
  const answer = pairAnswer(side(50, 0), side(0, 50));
  expect(textOf(answer)).toBe('B pins 50.0 MiB less than A. 50.0 MiB more comes back.');
  expect(answer.reason).toBe('50.0 MiB are in use in both. Resident: 106.0 MiB in A, 106.0 MiB in B.');
  expect(textOf(pairAnswer(side(0, 0), side(50, 0)))).toBe('A pins 50.0 MiB less than B.');
  expect(textOf(pairAnswer(side(5, 30), side(5, 0)))).toMatch(/^B has 30\.0 MiB less resident than A/);
  expect(textOf(pairAnswer(side(5, 0), side(5, 0)))).toBe('A and B hold and pin the same, within 1%.');
  expect(pairAnswer(side(5, 0), side(5, 0, 90)).reason).toContain('the data differs');
});

test('rows have the largest difference first, equal ones after them, and counts last', () => {
  const rows = pairRows(side(50, 0), side(0, 40));
  expect(rows.map(({ name }) => name)).toEqual([
    'Pinned',
    'Pinned in 1,024 B',
    'Comes back',
    'Resident',
    'In use',
    'Records',
    'Slabs pinned',
  ]);
  expect(rowTexts(rows[0]!)).toEqual(['50.0 MiB', '0 B', '+50.0 MiB']);
  expect(rowTexts(rows[2]!)).toEqual(['0 B', '40.0 MiB', '−40.0 MiB']);
  expect(rowTexts(rows[4]!)[2]).toBe('same');
});

test('parts are rounded together, as in the bars, and a difference by itself', () => {
  // 50.04, 20.04, 24 and 6 are 100.08 in all: the printed parts add up to 100.1.
  const rows = pairRows(side(20.04, 24, 50.04), side(0, 0));
  const [use, pinned] = ['In use', 'Pinned'].map((name) => rowTexts(rows.find((row) => row.name === name)!));
  expect([use![0], pinned![0], pinned![2]]).toEqual(['50.1 MiB', '20.0 MiB', '+20.0 MiB']);
});

test('as Markdown, names with a bar stay in their cell', () => {
  expect(pairMarkdown(pairRows(side(1, 0), side(0, 0)), ['a|b', 'c'])).toMatch(
    /^\| {2}\| A: a\\\|b \| B: c \| A − B \|\n\| --- \| ---: \| ---: \| ---: \|\n\| Pinned \| 1\.0 MiB \| 0 B \| \+1\.0 MiB \|\n/,
  );
});
