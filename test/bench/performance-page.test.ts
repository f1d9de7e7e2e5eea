import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { figureText, type Goal, isMet } from '#slablab/test/bench/leg.js';
import { LEG_NAMES } from '#slablab/test/bench/leg-names.js';
import { type LegRecord, readKept } from '#slablab/test/bench/leg-record.js';
import { performancePage } from '#slablab/test/bench/performance-page.js';

const DOCS = join(import.meta.dirname, '../../docs');

const goal: Goal = { what: 'speed', measured: 0.89, is: 'at least', goal: 0.95, unit: '' };
const record = (goals: readonly Goal[]): LegRecord => ({
  title: 'Replay alone',
  about: 'Two ways.',
  date: '2026-11-30',
  machine: 'a machine',
  load: 0.3,
  command: 'make bench LEG=replay',
  tables: [{ caption: 'Rates', columns: ['way', 'M/s'], rows: [['a|b', '1.0']] }],
  goals,
  figures: null,
});

test('docs/performance.md is made from the records (`make performance` makes it)', async () => {
  const more = await readFile(join(DOCS, 'performance/not-legs.md'), 'utf8');
  await expect(performancePage(await readKept(), more)).toMatchFileSnapshot(join(DOCS, 'performance.md'));
});

test('a figure beside its goal is met or falls short, on either side', () => {
  expect(isMet(goal)).toBe(false);
  expect(isMet({ ...goal, measured: 0.95 })).toBe(true);
  expect(isMet({ ...goal, is: 'at most' })).toBe(true);
  expect(isMet({ ...goal, measured: Number.NaN })).toBe(false);
});

test('the page ends its goals with those that fall short, and what bounds them', () => {
  const page = performancePage({ replay: record([{ ...goal, bound: 'cache misses' }]) }, 'more\n');
  expect(page).toContain('| speed | `replay` | 0.89 | at least 0.95 | falls short |');
  expect(page).toContain('| speed | 0.89 | at least 0.95 | cache misses |');
  expect(page).toContain('| a\\|b | 1.0 |');
  expect(page).toContain(
    'Measured on 2026-11-30 on a machine, by `make bench LEG=replay`. The load before was 0.3.',
  );
  expect(page.endsWith('\nmore\n')).toBe(true);
  expect(performancePage({ replay: record([{ ...goal, measured: 1 }]) }, '')).toContain(
    'every goal above is met',
  );
});

test('figures have three digits or all of them', () => {
  expect([0.885, 37.24, 412.4, 54_321.6].map(figureText)).toEqual(['0.89', '37.2', '412', '54,322']);
});

test('each name of a leg stands once', () => {
  expect(new Set(LEG_NAMES).size).toBe(LEG_NAMES.length);
});
