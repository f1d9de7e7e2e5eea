/** Files that ended the lab or fooled it once. Each is read to the end, or refused with its place. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { RunResult } from '#slablab/src/run/run-result.js';
import { slablab } from '../support/cli.js';
import { expectValid } from '../support/schemas.js';

const pathOf = (name: string) => fileURLToPath(new URL(`../input/fixtures/hostile/${name}`, import.meta.url));

async function runOf(name: string) {
  const { exitCode, stdout, stderr } = await slablab(['run', pathOf(name), '--json']);
  const result = JSON.parse(stdout) as RunResult;
  await expectValid(result);
  return { exitCode, result, stderr: stderr.replaceAll(pathOf(name), name) };
}

test.each([
  ['gap50days.txt', ['end'], 4_500_000_000],
  ['gap50days.aof', ['end'], 4_500_000_000],
  ['wait.json', ['f', 'w'], 4_000_000_000],
])('%s: fifty idle days cost nothing', async (name, phases, virtualMs) => {
  const { exitCode, result } = await runOf(name);
  expect(exitCode).toBe(0);
  expect(result.phases.map((phase) => phase.name)).toEqual(phases);
  expect(result.phases.at(-1)?.virtualMs).toBe(virtualMs);
});

test.each([
  [
    'sinterstore.aof',
    0,
    /^slablab: sinterstore\.aof: byte 16: a wrong number of arguments for 'sinterstore': 0; a server stops here/m,
  ],
  [
    'arity-mutated.aof',
    29,
    /^slablab: arity-mutated\.aof: byte 1859: a wrong number of arguments for 'incr': 0; a server stops here/m,
  ],
])(
  '%s: refused at the byte at which a server stops, and what came before is kept',
  async (name, commands, message) => {
    const { exitCode, result, stderr } = await runOf(name);
    expect(exitCode).toBe(2);
    expect(result.phases.map((phase) => [phase.name, phase.commands])).toEqual([['incomplete', commands]]);
    expect(stderr).toMatch(message);
  },
);

test('a stream with a mutated XREADGROUP is carried out to its end', async () => {
  const { exitCode, result } = await runOf('xreadgroup-mutated.resp');
  expect(exitCode).toBe(0);
  expect(result.gaps).toBeUndefined();
  expect(result.phases.map(({ name }) => name)).toEqual(['end']);
});

test('a name with escapes for the terminal is shown, not obeyed', async () => {
  const { stderr } = await runOf('ansi.resp');
  expect(stderr).toContain('command \\x1b]0;PWNED\\x07\\x1b[31MEVI, 1 times: not modelled, and left out');
  expect(stderr).not.toContain('\u001b');
});

test('JSON that is nested a hundred thousand times is refused wherever JSON is read', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'slablab-deep-'));
  const path = join(directory, 'deep.json');
  for (const text of ['['.repeat(100_000), `{"schema":"slablab.run/1","phases":${'{"a":'.repeat(100_000)}`]) {
    writeFileSync(path, text);
    for (const args of [['run'], ['bench'], ['sweep'], ['verify'], ['compare', path], ['explain'], ['map']]) {
      const { exitCode, stderr } = await slablab([...args, path]);
      expect([args[0], exitCode]).toEqual([args[0], 2]);
      expect(stderr).toMatch(/^slablab: /);
      expect(stderr).not.toContain('defect');
    }
  }
});

test('standard input is an input, packed or not, for commands that read once', async () => {
  const text = readFileSync(pathOf('gap50days.txt'), 'latin1');
  const { exitCode, stdout } = await slablab(['run', '-', '--json'], {}, undefined, text);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ workload: 'stdin', phases: [{ commands: 2 }] });
  for (const command of ['sweep', 'verify']) {
    const { exitCode: refused, stderr } = await slablab([command, '-'], {}, undefined, text);
    expect(refused).toBe(2);
    expect(stderr).toContain(
      '-: standard input can be read only once, and this command reads its input several times',
    );
  }
});

test('a named pipe is refused without a wait for its writer', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'slablab-pipe-')), 'pipe');
  execFileSync('mkfifo', [path]);
  const { exitCode, stderr } = await slablab(['run', path]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('neither a file nor a directory; write its contents to a file first');
});
