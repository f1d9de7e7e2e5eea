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

/** Comments with a fault, by room and kind of fault: a figure that only falls. */
test('the comments read as plain sentences', () => {
  const files = execFileSync('git', ['ls-files', 'src', 'web', 'workloads', 'wasm', 'native'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => /\.(ts|c|h)$/.test(path));
  const faults: string[] = [];
  let count = 0;
  for (const path of files) {
    for (const { line, text } of commentsOf(readFileSync(join(ROOT, path), 'utf8'))) {
      count++;
      for (const fault of faultsOf(text))
        faults.push(`${path}:${line}: ${fault}: ${text.slice(0, 100).replaceAll('\n', ' ')}`);
    }
  }
  if (process.env.SHOW_COMMENTS)
    console.log(faults.filter((fault) => fault.startsWith(process.env.SHOW_COMMENTS!)).join('\n'));
  console.log(`${count} comments, ${faults.length} faults`);
});
