import { cp, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { spawned } from '../support/spawned.js';

const script = fileURLToPath(new URL('../../native/jemalloc/obtain.sh', import.meta.url));

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slablab obtain '));
});
afterEach(() => rm(dir, { recursive: true }));

const files = async (tree: string) => (await readdir(tree, { recursive: true })).sort();

const CASES = [
  {
    version: '5.3.0',
    given: 'JEMALLOC_SRC',
    count: 213,
    remedy: 'Download the release archive jemalloc-5.3.0.tar',
  },
  { version: '5.2.1', given: 'REDIS_SRC', count: 153, remedy: 'Download the sources of Redis 7.0.15' },
];

describe.each(CASES)('jemalloc $version', ({ version, given, count, remedy }) => {
  /** As released: `make` has put it there. */
  const pristine = fileURLToPath(
    new URL(`../../native/build/jemalloc/${version}/pristine/`, import.meta.url),
  );
  const obtain = (source: string) =>
    spawned(script, [version, join(dir, 'pristine'), join(dir, 'downloads')], { env: { [given]: source } });

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
    expect(stderr).toContain(`${given}=${tree} is not the source of jemalloc ${version}`);
    expect(stderr).toContain(`1 of ${count} files are missing or differ, the first is src/arena.c`);
    expect(stderr).toContain(remedy);
    expect(stderr).toContain(`and say where it is: make … ${given}=`);
  });

  test('a directory that holds something else', async () => {
    const { exitCode, stderr } = await obtain(dir);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${count} of ${count} files are missing or differ`);
  });

  test('an archive, and one that is none', async () => {
    const archive = join(dir, 'archive');
    await writeFile(archive, 'not what it says');
    const { exitCode, stderr } = await obtain(archive);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${given}=${archive} is not the source of jemalloc ${version}`);
    const inside = version === '5.2.1' ? 'redis-7.0.15/deps/jemalloc' : 'jemalloc-5.3.0';
    const packed = await spawned('tar', [
      '-czf',
      archive,
      '-C',
      pristine,
      '--transform',
      `s|^.|${inside}|`,
      '.',
    ]);
    expect(packed.exitCode).toBe(0);
    expect(await obtain(archive)).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(await files(join(dir, 'pristine'))).toEqual(await files(pristine));
  });
});

test("the source tree of Redis, with jemalloc's in it", async () => {
  const pristine = new URL('../../native/build/jemalloc/5.2.1/pristine/', import.meta.url);
  await cp(pristine, join(dir, 'redis/deps/jemalloc'), { recursive: true });
  const args = ['5.2.1', join(dir, 'pristine'), join(dir, 'downloads')];
  expect(await spawned(script, args, { env: { REDIS_SRC: join(dir, 'redis') } })).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: '',
  });
});
