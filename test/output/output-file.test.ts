import { existsSync } from 'node:fs';
import { link, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OutputFile, writeWhole } from '#slablab/src/output/output-file.js';
import { readOwnFile } from '#slablab/src/output/own-file.js';
import { removeParts } from '#slablab/src/output/part-names.js';

const bytes = (text: string) => Buffer.from(text);

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-output-'));
  path = join(directory, 'result.json');
});
afterEach(() => rm(directory, { recursive: true }));

describe('an output file', () => {
  test('appears whole: until then, the old content stays in its place', async () => {
    await writeFile(path, 'old');
    const file = await OutputFile.create(path);
    await file.write(bytes('new '));
    await file.write(bytes('content'));
    expect(await readFile(path, 'utf8')).toBe('old');
    await file.finish();
    expect(await readFile(path, 'utf8')).toBe('new content');
    expect(await readdir(directory)).toEqual(['result.json']);
  });

  test('has a name that nobody can guess until it has its place', async () => {
    const files = await Promise.all([OutputFile.create(path), OutputFile.create(path)]);
    const names = await readdir(directory);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^result\.json\.[0-9a-f]{16}\.new$/);
    await Promise.all(files.map((file) => file.abandon()));
    expect(await readdir(directory)).toEqual([]);
  });

  test.each(['symbolic', 'hard'] as const)(
    'replaces a %s link, whose target stays as it is',
    async (kind) => {
      const victim = join(directory, 'victim');
      await writeFile(victim, 'precious');
      await (kind === 'hard' ? link(victim, path) : symlink('victim', path));
      await writeWhole(path, 'result');
      expect(await readFile(victim, 'utf8')).toBe('precious');
      expect(await readFile(path, 'utf8')).toBe('result');
      await expect(readlink(path)).rejects.toThrow('EINVAL');
    },
  );

  test('replaces a link to nothing, and makes nothing elsewhere', async () => {
    await symlink(join(directory, 'elsewhere'), path);
    await writeWhole(path, 'result');
    expect(await readdir(directory)).toEqual(['result.json']);
  });

  test('may lie behind a directory that is a link', async () => {
    await mkdir(join(directory, 'real'));
    await symlink('real', join(directory, 'out'));
    await writeWhole(join(directory, 'out', 'a'), 'result');
    expect(await readFile(join(directory, 'real', 'a'), 'utf8')).toBe('result');
  });

  test('can be continued after it has its place', async () => {
    const file = await OutputFile.create(path);
    await file.write(bytes('header\n'));
    await file.publish();
    await file.write(bytes('record\n'));
    await file.close();
    expect(await readFile(path, 'utf8')).toBe('header\nrecord\n');
  });

  test('a name of 255 bytes', async () => {
    const long = join(directory, 'é'.repeat(127));
    await writeWhole(long, 'result');
    expect(await readFile(long, 'utf8')).toBe('result');
  });

  test.each([
    [
      'a directory that is not there',
      'no/such/file',
      'ENOENT: no such file or directory; name another place',
    ],
    ['a file for a directory', 'file/x', 'ENOTDIR: not a directory; name another place'],
  ])('%s: one sentence with the name', async (_, name, why) => {
    await writeFile(join(directory, 'file'), '');
    const place = join(directory, name);
    await expect(writeWhole(place, 'x')).rejects.toThrow(`${place}: ${why}`);
  });

  test('a directory in its place: one sentence, and nothing is left', async () => {
    await mkdir(path);
    await expect(writeWhole(path, 'x')).rejects.toThrow(`${path}: EISDIR: illegal operation on a directory`);
    expect(await readdir(directory)).toEqual(['result.json']);
  });

  test.skipIf(!existsSync('/dev/full'))(
    'a device is written to directly, and its error is named',
    async () => {
      await expect(writeWhole('/dev/full', 'x')).rejects.toThrow(
        '/dev/full: ENOSPC: no space left on device; free some space, or name a place that has enough',
      );
      await writeWhole('/dev/null', 'x');
      expect((await readdir('/dev')).filter((name) => name.endsWith('.new'))).toEqual([]);
    },
  );
});

test('parts that a killed process left are removed, and nothing else', async () => {
  const others = [
    'result.json',
    'result.json.new',
    'result.json.0123456789abcdef.new.bak',
    'results.0123456789abcdef.new',
  ];
  for (const name of [...others, 'result.json.0123456789abcdef.new'])
    await writeFile(join(directory, name), '');
  await removeParts(path);
  expect((await readdir(directory)).sort()).toEqual(others.sort());
});

describe('reading what slablab wrote', () => {
  test('a file, and none', async () => {
    await writeFile(path, 'text');
    expect(`${await readOwnFile(path)}`).toBe('text');
    expect(await readOwnFile(join(directory, 'none'))).toBeUndefined();
  });

  test('a link and a directory are refused', async () => {
    await writeFile(join(directory, 'secret'), 'text');
    await symlink('secret', path);
    await expect(readOwnFile(path)).rejects.toThrow(
      /result\.json: ELOOP: .* symbolic link, which is not followed/,
    );
    await expect(readOwnFile(directory)).rejects.toThrow(`${directory}: is no regular file`);
  });
});
