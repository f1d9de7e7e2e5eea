/** Pastes of one mark or word without end are read in a time that grows with their length alone. */
import { expect, test } from 'vitest';
import { explain } from '#slablab/src/analysis/index.js';

const LENGTH = 400_000;

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
])('%j again and again is no INFO', (piece) => {
  const text = `${piece.repeat(LENGTH / piece.length)}x`;
  expect(() => explain([{ name: 'input', text }])).toThrow(/^input: /);
});
