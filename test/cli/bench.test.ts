import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BenchResult } from '#slablab/src/compare/bench/bench-result.js';
import type { Comparison } from '#slablab/src/compare/comparison.js';
import { respOf } from '#slablab/src/resp/request-writer.js';
import { type CliResult, slablab } from '../support/cli.js';
import { expectValid } from '../support/schemas.js';

let root: string;
let directory: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'slablab-cli-bench-'));
  directory = join(root, 'made');
  await writeFile(join(root, 'traffic.resp'), 'SET a b\r\nSET c d\r\n');
  await write(root, {});
  expect((await slablab(['bench', 'suite.json', '--update'], {}, root)).exitCode).toBe(0);
});
afterAll(() => rm(root, { recursive: true }));
// Each test may change its own suite and baseline.
beforeEach(async () => {
  directory = await mkdtemp(join(root, 'test-'));
  for (const name of ['traffic.resp', 'suite.json', 'suite.baseline.json']) {
    await cp(join(root, name), join(directory, name));
  }
});

function write(where: string, more: object): Promise<void> {
  const suite = {
    name: 'mine',
    workloads: {
      deleted: { run: 'scattered-delete', set: { keys: 400 } },
      traffic: { run: 'traffic.resp', set: { 'hash-max-listpack-entries': 5 } },
    },
    configurations: {
      plain: { server: 'redis-7.2' },
      'no tcache': { server: 'redis-7.2', conf: 'tcache:false' },
    },
    ...more,
  };
  return writeFile(join(where, 'suite.json'), JSON.stringify(suite, null, 2));
}

const bench = (...args: string[]): Promise<CliResult> =>
  slablab(['bench', 'suite.json', ...args], {}, directory);

async function alterBaseline(from: string | RegExp, to: string): Promise<void> {
  const path = join(directory, 'suite.baseline.json');
  const text = await readFile(path, 'utf8');
  expect(text.replace(from, to)).not.toBe(text);
  await writeFile(path, text.replace(from, to));
}

describe('slablab bench', () => {
  test('a missing baseline is reported before anything runs, with the option that creates it', async () => {
    await rm(join(directory, 'suite.baseline.json'));
    const { exitCode, stdout, stderr } = await bench();
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(
      'suite.baseline.json: there is no baseline yet; `--update` creates one from this run',
    );
    const updated = await bench('--update');
    expect(updated.exitCode).toBe(0);
    expect(updated.stderr).toContain('baseline of 4 cases written to suite.baseline.json');
    expect((await bench()).exitCode).toBe(0);
  });

  test('passes if no figure moved, and prints JSON that follows its schema', async () => {
    const { exitCode, stdout, stderr } = await bench('--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const result = JSON.parse(stdout) as BenchResult;
    await expectValid(result);
    expect(result.comparison).toMatchObject({ isPassed: true, before: 'suite.baseline.json' });
    expect(result.cases.map(({ name }) => name)).toEqual([
      'deleted / plain',
      'deleted / no tcache',
      'traffic / plain',
      'traffic / no tcache',
    ]);
    // The path is the one in the suite, relative to it.
    expect(result.cases[2]?.run).toMatchObject({
      workload: 'traffic.resp',
      settings: { 'hash-max-listpack-entries': '5' },
    });
  });

  test('a baseline has the same bytes in every directory and for every number of workers', async () => {
    const before = await readFile(join(directory, 'suite.baseline.json'), 'utf8');
    expect((await bench('--update', '--jobs', '1')).exitCode).toBe(0);
    expect(await readFile(join(directory, 'suite.baseline.json'), 'utf8')).toBe(before);
    await expectValid(JSON.parse(before));
    // Each size class has a line of its own, which keeps diffs readable.
    expect(before).toMatch(/^ +\{ "size": 1024, "regs": 4, .* \},?$/m);
  });

  test('a moved figure is reported, written as Markdown and JSON, and sets exit code 1', async () => {
    await alterBaseline(/"resident": (\d+)/, '"resident": 1$1');
    const { exitCode, stdout, stderr } = await bench('--out', 'results');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^deleted \/ plain$/m);
    expect(stdout).toMatch(
      /^populated +memory\.resident +1\d,\d{3},\d{3} +\d,\d{3},\d{3} +-\d+\.\d% +better$/m,
    );
    expect(stdout).toMatch(/1 of 4\s+cases\s+moved\.$/m);
    expect(stderr).toContain(
      'if this change is intended, `slablab bench suite.json --update` updates the baseline',
    );
    expect((await readdir(join(directory, 'results'))).sort()).toEqual(['mine.bench.json', 'mine.bench.md']);
    const markdown = await readFile(join(directory, 'results/mine.bench.md'), 'utf8');
    expect(markdown).toMatch(/^### ❌ slablab bench: mine\n/);
    expect(markdown).toMatch(/^\*\*deleted \/ plain\*\* ❌$/m);
    expect(markdown).toMatch(/^\| populated \| memory\.resident \| 1\d,.*% better \|$/m);
    await expectValid(JSON.parse(await readFile(join(directory, 'results/mine.bench.json'), 'utf8')));
    expect((await bench('--format', 'markdown')).stdout).toBe(markdown);
    const updated = await bench('--update');
    expect(updated.exitCode).toBe(0);
    expect(updated.stdout).toContain('memory.resident');
    expect((await bench()).exitCode).toBe(0);
  });

  test('a move within its threshold is reported, and passes', async () => {
    await alterBaseline(/"resident": \d+/, '"resident": 4000000');
    await write(directory, { thresholds: { 'memory.resident': '200%' } });
    const { exitCode, stdout } = await bench();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/memory\.resident .* within 200%$/m);
    expect(stdout).toMatch(/none\s+has\s+moved\s+beyond\s+its\s+threshold/);
  });

  test('a suite that differs from that of the baseline fails, with the difference in each case', async () => {
    await write(directory, {
      configurations: {
        plain: { server: 'redis-7.2', build: 'q4' },
        new: { server: 'redis-7.2', conf: 'tcache:false' },
      },
    });
    const { exitCode, stdout } = await bench('--json');
    expect(exitCode).toBe(1);
    const { cases } = (JSON.parse(stdout) as BenchResult).comparison!;
    expect(cases.map(({ name, problems, setup }) => [name, ...problems, ...setup])).toEqual([
      ['deleted / plain', { what: 'build', before: 'q3', after: 'q4' }],
      ['deleted / new', 'not in suite.baseline.json'],
      ['traffic / plain', { what: 'build', before: 'q3', after: 'q4' }],
      ['traffic / new', 'not in suite.baseline.json'],
      ['deleted / no tcache', 'not in this run'],
      ['traffic / no tcache', 'not in this run'],
    ]);
  });

  test.each([
    ['of another suite', '"suite": "mine"', '"suite": "yours"', 'is the baseline of the suite `yours`'],
    ['of another version', 'slablab.bench/1', 'slablab.bench/9', 'is of version `slablab.bench/9`'],
    ['of another kind', 'slablab.bench/1', 'slablab.run/1', 'is damaged'],
    ['with a conflict in it', '{\n', '<<<<<<< HEAD\n{\n', 'line 1: not JSON'],
    ['with half a figure', /"curslabs": \d+/, '"curslabs": null', '`bins.curslabs` of class'],
  ])('a baseline %s is refused, and --update replaces it', async (_, from, to, message) => {
    await alterBaseline(from, to);
    const { exitCode, stdout, stderr } = await bench();
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('suite.baseline.json: ');
    expect(stderr).toContain(message);
    const updated = await bench('--update');
    expect(updated.exitCode).toBe(0);
    expect(updated.stderr).toContain('not compared with the previous baseline');
  });

  test('a failed case sets exit code 1, and never becomes a baseline', async () => {
    const before = await readFile(join(directory, 'suite.baseline.json'), 'utf8');
    await writeFile(join(directory, 'traffic.resp'), 'SET a b\r\n*1\r\n$-7\r\n');
    const failed = await bench();
    expect(failed.exitCode).toBe(1);
    expect(failed.stdout).toMatch(/^failed in this run:/m);
    const updated = await bench('--update');
    expect(updated.exitCode).toBe(1);
    expect(updated.stderr).toMatch(/traffic \/ plain failed: .*\n.*\nslablab: baseline unchanged/);
    expect(await readFile(join(directory, 'suite.baseline.json'), 'utf8')).toBe(before);
  });

  test('an unwritable --out and --json with another --format are refused before the run', async () => {
    await writeFile(join(directory, 'file'), '');
    const results = await Promise.all([
      bench('--out', 'file/there'),
      bench('--json', '--format', 'markdown'),
    ]);
    for (const { exitCode, stdout } of results)
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});

describe('a suite of accounts', () => {
  const record = (bytes: number, users = 50) =>
    Buffer.concat([
      ...Array.from({ length: 200 }, (_, at) =>
        respOf('SET', `session:${at}`, 'x'.repeat(bytes), 'EX', '3600'),
      ),
      ...Array.from({ length: users }, (_, at) => respOf('HSET', `user:${at}`, 'name', 'a')),
    ]);

  /** Writes the suite that docs/file-formats.md shows, and its baseline. */
  async function sessions(): Promise<(...args: string[]) => Promise<CliResult>> {
    const page = await readFile(new URL('../../docs/file-formats.md', import.meta.url), 'utf8');
    const [, shown = ''] = /grows by more than 1%:\n\n((?: {4}.*\n)+)/.exec(page) ?? [];
    expect(shown.trim().split('\n')).toHaveLength(5);
    await writeFile(join(directory, 'sessions.json'), shown);
    await writeFile(join(directory, 'traffic.resp'), record(200));
    const run = (...args: string[]) => slablab(['bench', 'sessions.json', ...args], {}, directory);
    expect((await run('--update')).exitCode).toBe(0);
    expect((await run()).exitCode).toBe(0);
    return run;
  }

  test('of five lines fails if memory per session key grows, and only then', async () => {
    const run = await sessions();
    await writeFile(join(directory, 'traffic.resp'), record(300));
    const grown = await run();
    expect(grown.exitCode).toBe(1);
    expect(grown.stdout).toMatch(
      /^end +owners\.patterns\.bytesPerKey \[session:\*\] +\d+ +\d+ +\+\d+\.\d% worse$/m,
    );
    const json = JSON.parse((await run('--json')).stdout) as BenchResult;
    await expectValid(json);
    expect(json.comparison?.only).toEqual(['owners.patterns.bytesPerKey[session:*]']);
    // Smaller sessions, and more of other keys, are no failure.
    await writeFile(join(directory, 'traffic.resp'), record(100, 500));
    const smaller = await run();
    expect(smaller.exitCode).toBe(0);
    expect(smaller.stdout).toMatch(/within up 1%/);
  });

  test('refuses an owner that the result does not have, at --update too', async () => {
    await sessions();
    const path = join(directory, 'sessions.json');
    await writeFile(
      path,
      (await readFile(path, 'utf8')).replace('bytesPerKey[session:*]', 'bytesPerKey[sesion:*]'),
    );
    for (const args of [[], ['--update']]) {
      const { exitCode, stderr } = await slablab(['bench', 'sessions.json', ...args], {}, directory);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('`owners.patterns.bytesPerKey[sesion:*]`: did you mean `session:*`?');
    }
  });

  test.each([
    ['a threshold', { thresholds: { 'owners.patterns.bytes': '0%' } }, '"owners": true'],
    ['one of types', { thresholds: { 'types.types.bytes': '0%' } }, '"types": true'],
    ['an entry of only', { only: ['owners'] }, '"owners": true'],
  ])('%s for a figure that no workload has is refused before anything runs', async (_, more, remedy) => {
    await write(directory, more);
    const { exitCode, stdout, stderr } = await bench('--update');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/suite\.json: line \d+: /);
    expect(stderr).toContain('so this figure would never be compared');
    expect(stderr).toContain(remedy);
  });

  test.each([
    [{ only: ['memory.residnt'] }, '`memory.residnt` is not a figure'],
    [{ only: ['memory.resident[session:*]'] }, 'have an owner; remove [session:*]'],
    [{ thresholds: { memory: 'sideways 1%' } }, 'is not a threshold'],
    [{ workloads: { sweep: { run: 'violation-sweep', owners: true } } }, 'only a modelled server'],
    [{ workloads: { keys: { run: 'scattered-delete', types: 'yes' } } }, 'give true or false'],
  ])('%o is refused', async (more, message) => {
    await write(directory, more);
    const { exitCode, stderr } = await bench('--update');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  test('compare has the same: --only, one direction, and no threshold for what is not there', async () => {
    const run = (bytes: number) => [
      'run',
      'scattered-delete',
      '--set',
      'keys=300',
      '--set',
      `valueBytes=${bytes}`,
    ];
    const [small, large] = await Promise.all(
      [100, 200].map((bytes) => slablab([...run(bytes), '--types', '--json', '--quiet'])),
    );
    await writeFile(join(directory, 'small.json'), small!.stdout);
    await writeFile(join(directory, 'large.json'), large!.stdout);
    const compare = (...args: string[]) => slablab(['compare', ...args], {}, directory);
    const only = ['--only', 'types.types.bytes[string]'];
    expect((await compare('small.json', 'large.json', ...only)).exitCode).toBe(1);
    const fall = ['--threshold', 'types.types.bytes=up 1%'];
    expect((await compare('large.json', 'small.json', ...only, ...fall)).exitCode).toBe(0);
    expect((await compare('small.json', 'large.json', ...only, ...fall)).exitCode).toBe(1);
    const hash = await compare('small.json', 'large.json', '--only', 'owners.patterns.bytes');
    expect(hash.exitCode).toBe(2);
    expect(hash.stderr).toContain('no result has `owners`, so it would never be compared; run with --owners');
  });
});

describe('slablab bench --timing', () => {
  test('measures a ratio to the native twin, which is a regression only beyond a threshold', async () => {
    await write(directory, {
      workloads: { deleted: { run: 'scattered-delete', set: { keys: 400 } } },
      configurations: { plain: {} },
      thresholds: { 'timing.ofNative': '90%' },
    });
    await bench('--update', '--quiet');
    const without = await bench('--timing');
    expect(without.exitCode).toBe(0);
    expect(without.stderr).toContain(
      'the baseline has no speed to compare with; `--update --timing` puts it there',
    );
    const updated = await bench('--update', '--timing', '--json');
    expect(updated.exitCode).toBe(0);
    const result = JSON.parse(updated.stdout) as BenchResult;
    await expectValid(result);
    const [timing] = result.cases.map((one) => one.timing);
    expect(timing?.ofNative).toBeCloseTo((timing?.nativeMs ?? 0) / (timing?.wasmMs ?? 1));
    // No build reaches a tenth of a ratio of 1000.
    await alterBaseline(/"ofNative": [\d.]+/, '"ofNative": 1000');
    const slow = await bench('--timing');
    expect(slow.exitCode).toBe(1);
    expect(slow.stdout).toMatch(/^speed: 1000\.00 -> \d+\.\d\d of native, more than 90% slower$/m);
    await alterBaseline(/"ofNative": [\d.]+/, '"ofNative": 0.001');
    expect((await bench('--timing')).exitCode).toBe(0);
    expect((await bench()).exitCode).toBe(0);
  });
});

describe('slablab compare', () => {
  test('two runs: moved figures, differences in setup, and thresholds', async () => {
    const small = ['run', 'scattered-delete', '--set', 'keys=400', '--json', '--quiet'];
    const [one, other] = await Promise.all([
      slablab(small),
      slablab([...small, '--set', 'order=sequential']),
    ]);
    await writeFile(join(directory, 'a.json'), one.stdout);
    await writeFile(join(directory, 'b.json'), other.stdout);
    const compare = (...args: string[]) => slablab(['compare', ...args], {}, directory);
    const same = await compare('a.json', 'a.json');
    expect(same).toMatchObject({ exitCode: 0, stderr: '' });
    const moved = await compare('a.json', 'b.json', '--json');
    expect(moved.exitCode).toBe(1);
    const comparison = JSON.parse(moved.stdout) as Comparison;
    await expectValid(comparison);
    expect(comparison.cases[0]?.setup).toEqual([{ what: 'order', before: 'odd', after: 'sequential' }]);
    const markdown = await compare('a.json', 'b.json', '--format', 'markdown');
    expect(markdown.stdout).toMatch(/^### ❌ a\.json → b\.json\n/);
    expect((await compare('a.json', 'b.json', '--threshold', '*=1000000000')).exitCode).toBe(0);
    const kinds = await compare('a.json', 'suite.baseline.json');
    expect(kinds.exitCode).toBe(2);
    expect(kinds.stderr).toBe(
      'slablab: a.json is the result of a run and suite.baseline.json that of a bench: give two of one kind\n',
    );
    const wrong = await compare('a.json', 'b.json', '--threshold', 'memory=-1');
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('--threshold memory=-1: `"-1"` is not a threshold');
  });

  test.each([40, 100])('keeps to COLUMNS=%i', async (width) => {
    await cp(join(directory, 'suite.baseline.json'), join(directory, 'b.json'));
    await alterBaseline(/"resident": (\d+)/g, '"resident": 1$1');
    const args = ['compare', 'suite.baseline.json', 'b.json'];
    const { stdout } = await slablab(args, { COLUMNS: `${width}` }, directory);
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(width);
  });
});
