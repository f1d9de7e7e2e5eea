/** The examples of docs/library.md, run as they stand in a program that imports the package. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { spawned } from '../support/spawned.js';
import { libraryReference } from './support/library-reference.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const page = await readFile(new URL('../../docs/library.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);

async function printed(code: string): Promise<string> {
  const program = await spawned(process.execPath, ['--input-type=module', '--eval', code], { cwd: ROOT });
  expect(program.stderr).toBe('');
  expect(program.exitCode).toBe(0);
  return program.stdout;
}

test('the engine example prints what the page shows', async () => {
  const shown = /It prints `(.*?)`/.exec(page)?.[1];
  expect(await printed(examples[0] as string)).toBe(`${shown}\n`);
});

test('the run example prints each phase with its cohort DSR', async () => {
  expect(await printed(examples[1] as string)).toMatch(/^populated [\d.]+\ndeleted [\d.]+\n$/);
});

test('the example of own operations reads what it wrote', async () => {
  expect(await printed(examples[2] as string)).toBe("2001 operations\n[ 'grow at buffer.c:12' ]\n");
  expect(examples).toHaveLength(3);
});

test('the reference lists the exports as they are (`make docs` writes it again)', async () => {
  const declarations = await readFile(new URL('../../dist/bin/library.d.ts', import.meta.url), 'utf8');
  const reference = fileURLToPath(new URL('../../docs/library-reference.md', import.meta.url));
  await expect(libraryReference(declarations)).toMatchFileSnapshot(reference);
});
