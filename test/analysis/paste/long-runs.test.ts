/** Pastes of one mark or word without end are read in a time that grows with their length alone. */
import { expect, test } from 'vitest';
import { explain } from '#slablab/src/analysis/index.js';

const LENGTH = 200_000;

test.each([
  ' ',
  '"',
  '{"a":',
  'w ',
  '| ',
  '> ',
  '&lt;',
  '1 ',
  'a: ',
  '\\n',
  'jemalloc_',
  '"mapped" ',
  '\n',
  '[[',
  '\t',
  '{ ',
  '"jemalloc": ',
  'name: x',
  'size ',
  'VmRSS: ',
  '1,111',
])('%j again and again is no INFO', (piece) => {
  const text = `${piece.repeat(LENGTH / piece.length)}x`;
  expect(() => explain([{ name: 'input', text }])).toThrow(/^input(?:, line 1)?: /);
});

test.each(['name: x', '"variable_name": "x"', 'total: 1 GiB', 'bins: size ind', '{"jemalloc"', 'resident,'])(
  '%j before blanks, bars or commas without end is no INFO',
  (beginning) => {
    for (const piece of [' ', '| ', ',']) {
      const text = `${beginning}${piece.repeat(LENGTH / piece.length)}x`;
      expect(() => explain([{ name: 'input', text }])).toThrow(/^input/);
    }
  },
);
