import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './import-graph.js';
import { commentsOf, faultsOf } from './language.js';

test.each([
  ['Returns the usable size of a region.', []],
  ['Whether the slab has no live region.', []],
  ['If the table is empty, nothing moves.', []],
  ['Of one command.', ['fragment']],
  ['Is a key that expires then gone?', ['question', 'paraphrase']],
  ['The key of whoever asks.', ['paraphrase']],
  ['For the map', ['fragment']],
  [`${'word '.repeat(26)}.`, ['long']],
])('%j', (text, faults) => {
  expect(faultsOf(text)).toEqual(faults);
});

test('comments are found, strings are not', () => {
  const source = `/** One.\n * Two. */\nconst url = 'http://x'; // three\n// four\n// five\n`;
  expect(commentsOf(source)).toEqual([
    { line: 1, text: 'One.\nTwo.' },
    { line: 3, text: 'three' },
    { line: 4, text: 'four\nfive' },
  ]);
});

const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', 'src', 'web', 'workloads', 'wasm', 'native'],
  {
    cwd: ROOT,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((path) => /\.(ts|c|h)$/.test(path));

test('every comment reads as plain sentences', () => {
  const comments = files.flatMap((path) =>
    commentsOf(readFileSync(join(ROOT, path), 'utf8')).map((comment) => ({ path, ...comment })),
  );
  const faults = comments.flatMap(({ path, line, text }) =>
    faultsOf(text).map((fault) => `${path}:${line}: ${fault}: ${text.slice(0, 100).replaceAll('\n', ' ')}`),
  );
  expect(faults).toEqual([]);
  expect(comments.length).toBeGreaterThan(4000);
});
