import { expect, test } from 'vitest';
import { escaped, visible, visibleLines } from '#slablab/src/base/index.js';
import { sweepCsv } from '#slablab/src/report/sweep-csv.js';
import type { SweepResult } from '#slablab/src/sweep/node.js';

test.each([
  ['plain, with ümlaut and 漢字', 'plain, with ümlaut and 漢字'],
  ['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
  ['a\nb\r\tc', 'a\\nb\\r\\tc'],
  ['\u009b31m', '\\x9b31m'],
  ['abc\u202egpj.exe', 'abc\\u{202e}gpj.exe'],
  ['zero\u200bwidth\ufeff', 'zero\\u{200b}width\\u{feff}'],
  ['line\u2028end', 'line\\u{2028}end'],
  ['half \ud800', 'half \\u{d800}'],
  ['tag\u{e0041}', 'tag\\u{e0041}'],
])('%j is shown as %j', (text, shown) => {
  expect(visible(text)).toBe(shown);
});

test('a long name is cut, with a mark', () => {
  expect(visible('x'.repeat(65))).toBe(`${'x'.repeat(63)}…`);
  expect(visible('x'.repeat(64))).toBe('x'.repeat(64));
  expect(visible('😀'.repeat(40), 4)).toBe('😀\\u{d83d}…');
});

test('lines keep their ends and nothing else that acts', () => {
  expect(visibleLines('a\u001b[2J\nb\u0007')).toBe('a\\x1b[2J\nb\\x07');
});

test('a text in Markdown is one line without markup', () => {
  expect(escaped('a|b\r\n# c `d` [e](f) <g> &lt;\u001b')).toBe(
    'a\\|b # c \\`d\\` \\[e\\](f) \\<g> \\&lt;\\\\x1b',
  );
});

test('a spreadsheet carries no field of CSV out', () => {
  const values = ['=cmd|calc!A1', '+1+1', '-2', '@SUM(A1)', '-1e3', 'a\u001b,b', 'two\nlines'];
  const result = {
    axes: [{ name: 'axis', values }],
    cells: values.map((value, cell) => ({
      cell,
      values: { axis: value },
      figures: null,
      error: null,
      run: null,
    })),
    pareto: [],
  } as unknown as SweepResult;
  const fields = sweepCsv(result)
    .split('\n')
    .map((line) => line.split(',').slice(1, -1)[0]);
  expect(fields.slice(1, 7)).toEqual(["'=cmd|calc!A1", "'+1+1", '-2', "'@SUM(A1)", '-1e3', '"a\\x1b']);
});
