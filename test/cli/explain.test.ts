import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { Explanation } from '#slablab/src/analysis/index.js';
import { readTexts } from '#slablab/src/cli/read-texts.js';
import type { RunResult } from '#slablab/src/run/run-result.js';
import { inTwo } from '../analysis/recorded.js';
import { slablab } from '../support/cli.js';

function fixture(name: string): string {
  return fileURLToPath(new URL(`../analysis/servers/${name}.txt`, import.meta.url));
}

async function isValid(result: unknown): Promise<void> {
  const schema = new URL('../../src/analysis/explain/explanation.schema.json', import.meta.url);
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
    JSON.parse(await readFile(schema, 'utf8')) as object,
  );
  validate(result);
  expect(validate.errors ?? []).toEqual([]);
}

describe('slablab explain', () => {
  test.each([
    'fragmented-debian',
    'half-decayed-redis-6.0.16',
    'padding-redis-7.0.15',
    'parked-valkey-8.0.1',
    'untouched-redis-7.2.6',
    'libc-redis-7.2.6',
  ])('--json follows its schema: %s', async (name) => {
    const { exitCode, stdout, stderr } = await slablab(['explain', fixture(name), '--json']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const result = JSON.parse(stdout) as Explanation;
    await isValid(result);
    await expect(isValid({ ...result, extra: 1 })).rejects.toThrow();
    expect(result.parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(result.rss);
  });

  test.each([
    'pastes/f01-nan-lab-line.txt',
    'pastes/f05-stats-truncated.txt',
    'pastes/f09-redis4-lua-43g.txt',
    'pastes/f10-used-memory-wrapped.txt',
    'pastes/f11-keydb-fragmented.txt',
    'pastes/f13-memory-stats.txt',
    'pastes/f14-dragonfly.txt',
    'pastes/f17-program-stats-alone.txt',
    'programs/2-clickhouse-jemalloc_bins.tsv',
    'programs/4-jemalloc-1098-large.txt',
    'programs/7-docker-ruby-182-bins.txt',
    'programs/jq-5.3.0-json.txt',
  ])('--json of coarse answers follows its schema: %s', async (file) => {
    const path = fileURLToPath(new URL(`../analysis/${file}`, import.meta.url));
    const { stdout, stderr } = await slablab(['explain', path, '--json']);
    expect(stderr).toBe('');
    const result = JSON.parse(stdout) as Explanation;
    await isValid(result);
    expect(result.parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(result.total);
  });

  test('a pipe, a file and `-` give the same bytes', async () => {
    const { info, stats } = await inTwo('fragmented-debian');
    const piped = await slablab(['explain'], {}, undefined, info + stats);
    expect(piped.exitCode).toBe(0);
    expect(piped.stdout).toMatch(/holes in slabs .*: restart\./);
    expect(await slablab(['explain', fixture('fragmented-debian')])).toEqual(piped);
    expect(await slablab(['explain', '-'], {}, undefined, info + stats)).toEqual(piped);
  });

  test.each([
    [
      'empty standard input',
      [],
      '',
      'slablab: standard input: empty; give what `redis-cli INFO memory` prints\n',
    ],
    ['a missing file', ['no-such.txt'], '', /^slablab: no-such\.txt: ENOENT.*; name a readable text file\n$/],
    ['a directory', ['src'], '', /^slablab: src: EISDIR.*; name a readable text file\n$/],
    ['a file twice', ['a.txt', 'a.txt'], '', 'slablab: a.txt: named twice; name each file once\n'],
    ['an unknown option', ['--jsn'], '', /unknown option '--jsn'\n\(Did you mean --json\?\)/],
  ])('%s: exit 2', async (_, args, input, message) => {
    const { exitCode, stdout, stderr } = await slablab(['explain', ...args], {}, undefined, input);
    if (message instanceof RegExp) expect(stderr).toMatch(message);
    else expect(stderr).toBe(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  test('a terminal as standard input is refused with a remedy, unless `-` asks for it', async () => {
    const terminal = Object.assign((async function* () {})(), { isTTY: true });
    await expect(readTexts([], {}, terminal)).rejects.toThrow(
      'try `redis-cli INFO memory | slablab explain`',
    );
    // `-` reads a terminal, for pasted text.
    await expect(readTexts(['-'], {}, terminal)).resolves.toEqual([{ name: 'standard input', text: '' }]);
  });

  test('endless input is refused', async () => {
    const endless = (async function* () {
      for (;;) yield Buffer.alloc(1024 * 1024, 'x');
    })();
    await expect(readTexts(['-'], {}, endless)).rejects.toThrow('standard input: longer than 16.0 MiB');
  });

  test('the recommended command shows the same holes in the lab', async () => {
    const { parts, classes } = JSON.parse(
      (await slablab(['explain', fixture('fragmented-redis-7.2.6'), '--json'])).stdout,
    ) as Explanation;
    const command = parts.find(({ name }) => name === 'holes')?.lab?.split(' ') ?? [];
    const { stdout } = await slablab([...command.slice(1), '--json', '--quiet']);
    const lab = (JSON.parse(stdout) as RunResult).phases.at(-1)?.bins.find(({ size }) => size === 512);
    const server = classes?.find(({ size }) => size === 512);
    expect(lab?.curslabs).toBeDefined();
    // The real server drew its deletions from other random numbers.
    expect((lab?.curslabs ?? 0) / (server?.slabs ?? 1)).toBeCloseTo(1, 2);
    expect((lab?.curregs ?? 0) / ((lab?.curslabs ?? 0) * (lab?.regs ?? 1))).toBeCloseTo(server?.util ?? 0, 2);
  });
});
