import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { questionsPage } from './support/questions-page.js';
import { writeShop } from './support/shop.js';

let directory: string;
let page: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-questions-'));
  await writeShop(directory);
  page = await questionsPage(directory);
});
afterAll(() => rm(directory, { recursive: true }));

test('docs/questions.md has what the commands print (`make docs` updates it)', async () => {
  await expect(page).toMatchFileSnapshot('../../docs/questions.md');
});

test('no line of an answer is wider than 80 columns', () => {
  const wide = page
    .split('\n')
    .filter((line) => line.startsWith('    ') && !line.startsWith('    $ '))
    // A line to paste stays whole.
    .filter((line) => !line.includes('MALLOC_CONF='));
  for (const line of wide) expect(line.length, line).toBeLessThanOrEqual(84);
});

test('the uses of the README are among the questions', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const uses = readme.slice(readme.search(/^## \w+ uses$/m), readme.indexOf('## What is supported'));
  const commands = [...uses.matchAll(/slablab (run|whatif|web|explain|bench)\b/g)].map(
    ([command]) => command,
  );
  expect(new Set(commands).size).toBe(5);
  for (const command of commands) expect(page).toContain(command);
});
