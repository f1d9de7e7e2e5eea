import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { slablab } from '../support/cli.js';

describe('slablab', () => {
  test('--version prints the version of the package', async () => {
    const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
    const { version } = JSON.parse(text) as { version: string };
    expect(await slablab(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  });

  test.each([
    [['--help'], 'Usage: slablab'],
    [['help'], 'Usage: slablab'],
    [['help', 'run'], 'slablab run scattered-delete --set order=random'],
    [['run', '--help'], 'slablab run scattered-delete --set order=random'],
    [['workloads', '--help'], 'slablab workloads scattered-delete --json'],
  ])('%s', async (args, text) => {
    const { exitCode, stdout, stderr } = await slablab(args);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(text);
    expect(stderr).toBe('');
  });

  test.each([
    ['no command', [], 'Usage: slablab'],
    ['unknown command', ['rnu'], "unknown command 'rnu'\n(Did you mean run?)"],
    [
      'unknown option',
      ['run', 'scattered-delete', '--jsno'],
      "unknown option '--jsno'\n(Did you mean --json?)",
    ],
    ['nothing to run', ['run'], 'missing required argument'],
    ['too much to run', ['run', 'a', 'b'], 'too many arguments'],
    ['option without its value', ['run', 'scattered-delete', '--build'], 'argument missing'],
  ])('%s: exit 2', async (_, args, message) => {
    const { exitCode, stdout, stderr } = await slablab(args);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });
});

describe('help', () => {
  test('lists every command, each of which has its own help', async () => {
    const { stdout } = await slablab(['--help']);
    const listed = [...stdout.matchAll(/^ {2}([a-z]+) .*$/gm)].map(([, name]) => name!);
    const commands = listed.filter((name) => name !== 'help');
    expect(commands).toEqual([
      'run',
      'record',
      'whatif',
      'advise',
      'size',
      'sweep',
      'bench',
      'worker',
      'queue',
      'compare',
      'verify',
      'serve',
      'attach',
      'map',
      'explain',
      'setup',
      'web',
      'workloads',
      'completion',
      'man',
    ]);
    const helps = await Promise.all(commands.map((name) => slablab([name, '--help'])));
    expect(helps.map(({ stdout: help }) => help.split(' ').slice(0, 3).join(' '))).toEqual(
      commands.map((name) => `Usage: slablab ${name}`),
    );
  });

  test.each([[], ['run'], ['verify'], ['explain'], ['workloads']])(
    'of slablab %s keeps to 48 columns',
    async (...command) => {
      const { stdout } = await slablab([...command, '--help'], { COLUMNS: '48' });
      expect(stdout).toContain('Options:');
      for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(48);
    },
  );

  test('a wrapped example can still be copied into a shell', async () => {
    const { stdout } = await slablab(['verify', '--help'], { COLUMNS: '60' });
    expect(stdout).toContain(
      '  slablab verify scattered-delete \\\n    --server-bin /opt/redis/bin/redis-server --build q3\n',
    );
  });

  test('a usage error names the program and where its help is', async () => {
    const { stderr } = await slablab(['run']);
    expect(stderr).toBe("slablab: missing required argument 'input'\n(see `slablab run --help`)\n");
  });

  test('defaults are printed in the form that options accept', async () => {
    const { stdout } = await slablab(['verify', '--help'], { COLUMNS: '120' });
    expect(stdout).toMatch(/--slabs-within <percent> .* \(default: 1%\)/);
    const serve = await slablab(['serve', '--help'], { COLUMNS: '120' });
    expect(serve.stdout).toMatch(/--max-query <size> .* \(default: 512mb\)/);
  });
});

describe('slablab workloads', () => {
  test('lists every workload with its parameters', async () => {
    const { exitCode, stdout, stderr } = await slablab(['workloads']);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^scattered-delete$/m);
    expect(stdout).toMatch(/^keys +100000$/m);
    expect(stdout).toContain('keys: keys to populate (whole number, 1 to 50000000)');
  });

  test('--json', async () => {
    const { stdout } = await slablab(['workloads', 'scattered-delete', '--json']);
    const { schema, workloads } = JSON.parse(stdout) as { schema: string; workloads: unknown[] };
    expect(schema).toBe('slablab.workloads/1');
    expect(workloads).toMatchObject([
      {
        name: 'scattered-delete',
        phases: [{ name: 'populated' }, { name: 'deleted' }],
        parameters: [
          { name: 'keys', default: 100_000 },
          { name: 'valueBytes' },
          { name: 'order', range: 'odd | random | sequential' },
          { name: 'drop' },
          { name: 'seed' },
        ],
      },
    ]);
  });

  test('unknown name: exit 2', async () => {
    const { exitCode, stderr } = await slablab(['workloads', 'storm']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /^slablab: `storm` is not a workload; (did you mean `.*`\? )?known: scattered-delete/,
    );
  });
});

test.each([
  ['run', 'https://example.com/dump.rdb'],
  ['sweep', 'http://example.com/dump.rdb', '--axis', 'seed=1', '--queue', 'redis://127.0.0.1:1'],
  ['advise', 's3://bucket/dump.rdb'],
  ['compare', 'a.json', 'https://example.com/b.json'],
  ['explain', 'info.txt', 'https://example.com/info.txt'],
  ['bench', 'file:///suite.json'],
])('%s %s: an address is no file, and is not fetched', async (...args) => {
  const { exitCode, stderr, stdout } = await slablab(args);
  expect(stderr).toMatch(
    /:\/\/\S+: is an address, and inputs are files of this machine; fetch it first, and/,
  );
  expect(stderr.trim().split('\n').length).toBe(1);
  expect(stdout).toBe('');
  expect(exitCode).toBe(2);
});
