import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { respOf } from '#slablab/src/resp/request-writer.js';
import type { RunResult } from '#slablab/src/run/run-result.js';
import { slablab } from '../support/cli.js';
import { expectValid } from '../support/schemas.js';

const SMALL = ['run', 'scattered-delete', '--set', 'keys=2000', '--quiet'];

describe('slablab run --types and --owners', () => {
  test('--types prints a table whose parts add up to used_memory, and the same as JSON', async () => {
    const { stdout } = await slablab([...SMALL, '--types']);
    expect(stdout).toMatch(/^memory by type +populated +deleted$/m);
    expect(stdout).toMatch(/^ {2}keys +2,000 +1,000$/m);
    const json = await slablab([...SMALL, '--types', '--json', '--sweep-every', '5000']);
    const result = JSON.parse(json.stdout) as RunResult;
    await expectValid(result);
    for (const { name, types, owners, memory } of result.phases) {
      expect(owners).toBeUndefined();
      // A sweep phase may end within a command, where accounts are not taken.
      if (name.startsWith('sweep')) expect(types).toBeUndefined();
      else expect(types?.usedMemory).toBe(memory.usedMemory);
    }
  });

  test('--owners lists what pins slabs, within 80 columns, and the contents of one slab', async () => {
    const json = await slablab([...SMALL, '--owners', '--json']);
    const result = JSON.parse(json.stdout) as RunResult;
    await expectValid(result);
    const values = result.phases.at(-1)?.owners?.owners.find(({ size }) => size === 1024);
    const asked = ['--owners', '--slab', `${values?.example}`];
    const { stdout } = await slablab([...SMALL, ...asked]);
    expect(stdout).toMatch(/^1024 key:\* value string +500 +2\.0 MiB +500 +1,000/m);
    expect(stdout).toContain('If key:* were gone, ');
    expect(stdout).toMatch(/^Slab at page \d+ \(1 page, class 1024\): 2 live, 0 parked, 2 free; /m);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const withSlab = JSON.parse((await slablab([...SMALL, ...asked, '--json'])).stdout) as RunResult;
    await expectValid(withSlab);
    expect(withSlab.phases.at(-1)?.owners?.slab).toMatchObject({ page: values?.example, live: 2 });
  });

  /** Sessions that expire, many small users, and one large hash. */
  async function shopFile(): Promise<string> {
    const file = join(tmpdir(), `slablab-shop-${process.pid}.resp`);
    const commands = [
      ...Array.from({ length: 40 }, (_, at) => [
        'SET',
        `session:${at}`,
        'x'.repeat(2000),
        'EX',
        `${60 + at}`,
      ]),
      ...Array.from({ length: 200 }, (_, at) => ['SET', `user:${at}`, 'x'.repeat(100)]),
      ['HSET', 'catalogue', ...Array.from({ length: 600 }, (_, at) => [`field-${at}`, 'v']).flat()],
      ['SET', 'user:expiring', 'abc', 'PX', '7200000'],
    ];
    await writeFile(file, Buffer.concat(commands.map((words) => respOf(...words))));
    return file;
  }

  test('--owners answers first who holds how much, in how many keys, and when they expire', async () => {
    const file = await shopFile();
    const args = ['run', file, '--owners', '--pattern', 'session:*', '--pattern', 'user:*', '--quiet'];
    const { stdout } = await slablab(args, { COLUMNS: '80' });
    expect(stdout).toMatch(/^held by +holds +keys +share +comes back +expire /m);
    expect(stdout).toMatch(/^session:\* +\d+\.\d KiB +40 +\d+\.\d% +\d+\.\d KiB +all in 99\.0 s/m);
    expect(stdout).toMatch(/^user:\* +\d+\.\d KiB +201 .* 0\.5% in 120\.0 min/m);
    expect(stdout).toMatch(/^catalogue +\d+\.\d KiB +hash +600 elements +never$/m);
    expect(stdout.indexOf('held by')).toBeLessThan(stdout.indexOf('class pinned by'));
    expect(stdout).not.toMatch(/oldest|--slab/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const order = (text: string) => text.match(/^(session:\*|user:\*|\(other keys\)|\(server\))/gm);
    expect(order(stdout)?.slice(0, 2)).toEqual(['(server)', 'session:*']);
    const byKeys = await slablab([...args, '--owners-sort', 'keys', '--owners-ages']);
    expect(order(byKeys.stdout)?.[0]).toBe('user:*');
    expect(byKeys.stdout).toMatch(/^held by .* oldest/m);
    expect(byKeys.stdout).toMatch(/^held by .* --slab/m);
    const wrong = await slablab([...args, '--owners-sort', 'byte']);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('did you mean `bytes`?');
  });

  test('keys of owners, their expiry and the biggest keys are in the JSON', async () => {
    const result = JSON.parse(
      (await slablab(['run', await shopFile(), '--owners', '--json', '--quiet'])).stdout,
    ) as RunResult;
    await expectValid(result);
    const { patterns, biggest } = result.phases.at(-1)!.owners!;
    const keysOf = (name: string) => patterns.find(({ pattern }) => pattern === name)?.keys;
    expect(keysOf('session:*')).toEqual({ count: 40, expiring: 40, soonestMs: 60_000, latestMs: 99_000 });
    expect(keysOf('user:*')).toEqual({ count: 200, expiring: 0, soonestMs: null, latestMs: null });
    expect(patterns.find(({ subject }) => subject === 'server')?.keys).toBeUndefined();
    expect(biggest?.[0]).toMatchObject({ name: 'catalogue', type: 'hash', size: 600, ttlMs: null });
    expect(biggest?.slice(1).every(({ name }) => name.startsWith('session:'))).toBe(true);
    const usages = biggest?.map(({ memoryUsage }) => memoryUsage) ?? [];
    expect(usages).toEqual([...usages].sort((a, b) => b - a));
  });

  test('--pattern groups keys, and escape sequences in names are printed as text', async () => {
    const file = join(tmpdir(), `slablab-owners-${process.pid}.resp`);
    const set = (name: string) => `*3\r\n$3\r\nSET\r\n$${name.length}\r\n${name}\r\n$3\r\nabc\r\n`;
    await writeFile(file, ['rate:1', 'rate:2', 'user:1', 'a\x1b[31mb'].map(set).join(''));
    const given = await slablab(['run', file, '--owners', '--pattern', 'rate:*', '--json']);
    const names = (output: { stdout: string }) =>
      (JSON.parse(output.stdout) as RunResult).phases[0]?.owners?.patterns.flatMap(
        ({ pattern }) => pattern ?? [],
      );
    expect(names(given)?.sort()).toEqual(['(other keys)', 'rate:*']);
    const inferred = await slablab(['run', file, '--owners', '--json']);
    expect(names(inferred)?.sort()).toEqual(['a\\x1b[*mb', 'rate:*', 'user:*']);
  });

  test.each([
    [
      ['run', 'scattered-delete', '--pattern', 'a*'],
      '--pattern requires --owners; add --owners, or remove --pattern',
    ],
    [['run', 'scattered-delete', '--slab', '7'], '--slab requires --owners'],
    [['run', 'scattered-delete', '--owners', '--slab', 'x'], '--slab x: must be a whole number'],
    [
      ['run', 'violation-sweep', '--types'],
      '--types with violation-sweep: only a modelled server can attribute its memory',
    ],
  ])('%s is refused', async (args, message) => {
    const { exitCode, stderr } = await slablab(args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});
