import { cp, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { spawned } from '../support/spawned.js';

const script = fileURLToPath(new URL('../../native/jemalloc/obtain.sh', import.meta.url));
/** jemalloc as released, which `make` has put there. */
const pristine = fileURLToPath(new URL('../../native/build/jemalloc/pristine/', import.meta.url));

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slablab obtain '));
});
afterEach(() => rm(dir, { recursive: true }));

const obtain = (source: string) =>
  spawned(script, [join(dir, 'pristine'), join(dir, 'downloads')], { env: { JEMALLOC_SRC: source } });

const files = async (tree: string) => (await readdir(tree, { recursive: true })).sort();

test('an unpacked tree', async () => {
  expect(await obtain(pristine)).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  expect(await files(join(dir, 'pristine'))).toEqual(await files(pristine));
});

test('a tree with one file altered', async () => {
  const tree = join(dir, 'altered');
  await cp(pristine, tree, { recursive: true });
  await truncate(join(tree, 'src/arena.c'), 1000);
  const { exitCode, stderr } = await obtain(tree);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`JEMALLOC_SRC=${tree} is not the source tree of jemalloc 5.3.0`);
  expect(stderr).toContain('1 of 213 files are missing or differ, the first is src/arena.c');
  expect(stderr).toContain('Download the release archive');
});

test('a directory that holds something else', async () => {
  const { exitCode, stderr } = await obtain(dir);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('213 of 213 files are missing or differ');
});

test('another archive', async () => {
  const archive = join(dir, 'jemalloc-5.3.0.tar.bz2');
  await writeFile(archive, 'not what it says');
  const { exitCode, stderr } = await obtain(archive);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`${archive} is not the release archive of jemalloc 5.3.0`);
  expect(stderr).toMatch(/its sha256 is [0-9a-f]{64}, it should be [0-9a-f]{64}/);
});
