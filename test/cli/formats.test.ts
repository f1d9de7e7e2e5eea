import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pagerOf } from '#slablab/src/cli/pager.js';
import { makeProgram } from '#slablab/src/cli/program.js';
import { timeLeft } from '#slablab/src/cli/progress.js';
import { slablab } from '../support/cli.js';
import { onTerminal } from '../support/terminal.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-formats-'));
  const run = await slablab(['run', 'scattered-delete', '--set', 'keys=300', '--json']);
  await writeFile(join(directory, 'a.json'), run.stdout);
  await writeFile(join(directory, 'b.json'), run.stdout.replace(/"resident": (\d+)/, '"resident": 1$1'));
});
afterAll(() => rm(directory, { recursive: true }));

const SMALL = ['scattered-delete', '--set', 'keys=300'];
const INFO = fileURLToPath(new URL('../analysis/servers/fragmented-debian.txt', import.meta.url));

/** A command line for each kind of result, with a column of its CSV and the number of its rows. */
const RESULTS: readonly (readonly [string, readonly string[], string, number])[] = [
  ['run', ['run', ...SMALL], 'memory.usedMemory', 2],
  ['whatif', ['whatif', ...SMALL, '--then', 'purge'], 'change.step', 3],
  ['advise', ['advise', ...SMALL], 'backBytes', 5],
  ['size', ['size', ...SMALL, '--rss', '64mb', '--policy', 'noeviction'], 'maxmemoryBytes', 1],
  ['sweep', ['sweep', ...SMALL, '--axis', 'tcache=true,false'], 'steadyResident', 2],
  ['compare', ['compare', 'a.json', 'b.json'], 'metric', 1],
  ['explain', ['explain', INFO], 'verdict', 5],
  ['workloads', ['workloads', 'scattered-delete'], 'summary', 1],
];

describe.each(RESULTS)('slablab %s', (_, args, column, count) => {
  const print = (...more: readonly string[]) =>
    slablab([...args, ...more, '--quiet'], { COLUMNS: '100' }, directory);

  test('prints the same result as text, CSV, Markdown, HTML and JSON', async () => {
    const [text, csv, markdown, html, json] = await Promise.all(
      ['text', 'csv', 'markdown', 'html', 'json'].map((format) => print('--format', format)),
    );
    for (const { stderr } of [text!, csv!, markdown!, html!, json!]) expect(stderr).toBe('');
    const [head = '', ...rows] = csv!.stdout.trimEnd().split('\n');
    expect(head.split(',')).toContain(column);
    expect(rows.length).toBeGreaterThanOrEqual(count);
    expect(markdown!.stdout).toMatch(/^### /);
    expect(html!.stdout).toMatch(/^<!doctype html>/);
    expect(html!.stdout).toMatch(new RegExp(`<th>(figures\\.)?${column}</th>`));
    // The page is one file: it loads nothing.
    expect(html!.stdout).not.toMatch(/<script|<link|\ssrc=|@import|url\(/);
    const lead = text!.stdout.trimStart().split('\n', 1)[0]!;
    expect(html!.stdout).toContain(lead.replaceAll('&', '&amp;').replaceAll('>', '&gt;'));
    expect(Object.keys(JSON.parse(json!.stdout) as object)).toEqual(
      Object.keys(JSON.parse((await print('--json')).stdout) as object),
    );
  });
});

test('names from outside are no markup on a page', async () => {
  const path = join(directory, 'markup.resp');
  await writeFile(path, 'SET <script>alert(1)</script>&amp; b\r\n');
  const { stdout } = await slablab(['run', path, '--owners', '--format', 'html', '--quiet']);
  expect(stdout).toContain('&lt;script&gt;');
  expect(stdout).not.toContain('<script>');
});

test('a format that is none, and one that contradicts --json, are refused before the run', async () => {
  const unknown = await slablab(['run', ...SMALL, '--format', 'xml']);
  expect(unknown).toMatchObject({ exitCode: 2, stdout: '' });
  expect(unknown.stderr).toContain('known: text, json, csv, markdown, html');
  for (const command of ['map', 'web']) {
    const { exitCode, stderr } = await slablab([command, 'no.slabs', '--format', 'csv']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('known: text, json')]);
  }
  const both = await slablab(['run', 'no/such/file.resp', '--format', 'csv', '--json']);
  expect(both).toMatchObject({ exitCode: 2, stdout: '' });
  expect(both.stderr).toContain('--json with --format csv: they contradict each other');
  expect((await slablab(['workloads', '--format', 'table'])).exitCode).toBe(0);
});

describe('the pager', () => {
  const LONG = 'workloads --quiet';
  const env = { TERM: 'xterm', SLABLAB_PAGER: 'sed s/^/paged:/' };

  test('has a text that is longer than the screen, and nothing else', async () => {
    expect(await onTerminal(LONG, { env })).toContain('paged:');
    expect(await onTerminal(`${LONG} --no-pager`, { env })).not.toContain('paged:');
    expect(await onTerminal(`${LONG} --json`, { env })).not.toContain('paged:');
    expect(await onTerminal(LONG, { rows: 9999, env })).not.toContain('paged:');
    expect((await slablab(['workloads'], env)).stdout).not.toContain('paged:');
  });

  test('that is missing leaves the text', async () => {
    const text = await onTerminal(LONG, { env: { ...env, SLABLAB_PAGER: 'no-such-pager-here' } });
    expect(text).toContain('scattered-delete');
  });

  test.each([
    [{}, 'less'],
    [{ PAGER: 'more' }, 'more'],
    [{ PAGER: 'more', SLABLAB_PAGER: 'less -S' }, 'less -S'],
    [{ PAGER: '' }, undefined],
    [{ PAGER: 'cat' }, undefined],
    [{ TERM: 'dumb', PAGER: 'less' }, undefined],
  ])('of the environment %o is %s', (env, pager) => {
    expect(pagerOf(env)).toBe(pager);
  });
});

describe('completion', () => {
  /** Completes a line in bash with the script that the program prints. */
  async function completed(...words: readonly string[]): Promise<string[]> {
    const { stdout: script } = await slablab(['completion', 'bash']);
    const line = [
      script,
      `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})`,
      `COMP_CWORD=${words.length - 1}`,
      '_slablab',
      `printf '%s\\n' "\${COMPREPLY[@]}"`,
    ].join('\n');
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', line], {
      encoding: 'utf8',
      cwd: directory,
    });
    expect(stderr).toBe('');
    return stdout.split('\n').filter((word) => word !== '');
  }

  test.each([
    [['slablab', 'sw'], ['sweep']],
    [['slablab', 'run', '--owners-s'], ['--owners-sort']],
    [['slablab', 'run', '--server', 'valkey-9'], ['valkey-9.1']],
    [['slablab', 'sweep', 'x', '--preset', 'tc'], ['tcache']],
    [['slablab', 'explain', '--format', 'm'], ['markdown']],
    [['slablab', 'run', 'scattered-d'], ['scattered-delete']],
    [['slablab', 'run', '--out', 'a.j'], ['a.json']],
    [['slablab', 'completion', 'f'], ['fish']],
  ])('in bash: %j gives %j', async (words, expected) => {
    expect(await completed(...words)).toEqual(expected);
  });

  test.each(['bash', 'zsh', 'fish'])('for %s has every command and option', async (shell) => {
    const { stdout } = await slablab(['completion', shell]);
    for (const command of (await makeProgram()).commands) {
      expect(stdout).toContain(command.name());
      for (const { long } of command.options) {
        expect(stdout).toContain(shell === 'fish' ? `-l ${long?.slice(2)}` : long);
      }
    }
  });

  test('a shell without one is refused', async () => {
    const { exitCode, stderr } = await slablab(['completion', 'tcsh']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('known: bash, zsh, fish');
  });
});

test('the man page has every command and option, and no line is a macro by accident', async () => {
  const { stdout } = await slablab(['man']);
  for (const command of (await makeProgram()).commands) {
    expect(stdout).toContain(`.SS slablab ${command.name()}`);
    for (const { long } of command.options) expect(stdout).toContain(long?.replaceAll('-', '\\-'));
  }
  const macros = stdout.split('\n').filter((line) => /^[.']/.test(line));
  for (const macro of macros) expect(macro).toMatch(/^\.(TH|SH|SS|TP|B|I|PP|nf|fi)\b/);
});

test.each([
  [undefined, '?'],
  ['INF', '?'],
  ['NULL', '?'],
  [Number.POSITIVE_INFINITY, '?'],
  [Number.NaN, '?'],
  [0, '0s'],
  [59.2, '1m0s'],
  [75, '1m15s'],
  [3700, '1h1m'],
])('the time left of %s seconds is %s', (seconds, text) => {
  expect(timeLeft(seconds)).toBe(text);
});
