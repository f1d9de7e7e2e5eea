import { expect, test } from 'vitest';
import type { Shown } from '../../../web/recordings.js';
import { titlesOf } from '../../../web/view/titles.js';

const ABOUT = { parameters: { keys: 10 }, server: 'redis-7.2', build: 'q3', conf: '', hooks: 'complete' };
const shown = (title: string, about: object = {}) =>
  ({ title, recording: { about: { ...ABOUT, ...about } } }) as unknown as Shown;

test('runs of different names keep them', () => {
  expect(titlesOf([])).toEqual([]);
  expect(titlesOf([shown('a')])).toEqual(['a']);
  expect(titlesOf([shown('a'), shown('b', { conf: 'x:1' })])).toEqual(['a', 'b']);
});

test('two of one name say what differs, and nothing else', () => {
  expect(titlesOf([shown('a'), shown('a', { parameters: { keys: 20 } })])).toEqual([
    'a, keys 10',
    'a, keys 20',
  ]);
  expect(titlesOf([shown('a'), shown('a', { conf: 'x:1', settings: { hz: '100' } })])).toEqual([
    'a, conf default, hz unset',
    'a, conf x:1, hz 100',
  ]);
  expect(titlesOf([shown('a'), shown('a')])).toEqual(['a', 'a']);
});
