/** Files that the program has written are also inputs when they are packed with gzip, or come from standard input. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { slablab } from '../support/cli.js';
import { MAIN } from '../support/main.js';

const directory = mkdtempSync(join(tmpdir(), 'slablab-packed-'));
const path = (name: string) => join(directory, name);

beforeAll(async () => {
  const commands = Array.from({ length: 500 }, (_, key) => `SET key:${key} ${'v'.repeat(key)}\r\n`).join('');
  writeFileSync(path('some.resp'), commands);
  const ran = await slablab(['run', 'some.resp', '--save-ops', 'some.ops', '--out', 'out'], {}, directory);
  expect(ran.exitCode, ran.stderr).toBe(0);
  const swept = await slablab(
    ['sweep', 'some.resp', '--axis', 'dirty_decay_ms=0,1000', '--out', 'sweeps'],
    {},
    directory,
  );
  expect(swept.exitCode, swept.stderr).toBe(0);
  writeFileSync(path('some.log'), '1 1 malloc(32)=0x7f0000000100\n1 1 free(0x7f0000000100)\n');
  const files = [
    'some.ops',
    'some.log',
    'out/some.resp-q3.slabs',
    'out/some.resp-q3.json',
    'sweeps/some.resp.sweep.json',
  ];
  for (const name of files) writeFileSync(path(`${name}.gz`), gzipSync(readFileSync(path(name))));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Returns what a command prints, whose standard input is a file. */
function fedWith(name: string, args: readonly string[]): string {
  return execFileSync(process.execPath, [MAIN, ...args], {
    cwd: directory,
    input: readFileSync(path(name)),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
}

const figures = (json: string): unknown => (JSON.parse(json) as { readonly phases: unknown }).phases;

test('operations packed with gzip, and from standard input, are replayed as the file is', async () => {
  const plain = await slablab(['run', 'some.ops', '--json'], {}, directory);
  const packed = await slablab(['run', 'some.ops.gz', '--json'], {}, directory);
  expect(packed.exitCode, packed.stderr).toBe(0);
  const wanted = figures(plain.stdout);
  expect(wanted).toBeDefined();
  expect(figures(packed.stdout)).toEqual(wanted);
  for (const name of ['some.ops', 'some.ops.gz'])
    expect(figures(fedWith(name, ['run', '-', '--json']))).toEqual(wanted);
});

test('a recording packed with gzip, and from standard input, is drawn as the file is', async () => {
  const name = 'out/some.resp-q3.slabs';
  const drawn = async (from: string, to: string) => {
    const { exitCode, stderr } = await slablab(['map', from, '--out', to], {}, directory);
    expect(exitCode, stderr).toBe(0);
    return readFileSync(path(to), 'utf8');
  };
  const plain = await drawn(name, 'plain.svg');
  expect(await drawn(`${name}.gz`, 'packed.svg')).toBe(plain);
  for (const from of [name, `${name}.gz`]) {
    fedWith(from, ['map', '-', '--out', 'piped.svg']);
    expect(readFileSync(path('piped.svg'), 'utf8')).toBe(plain);
  }
  const page = await drawn(name, 'plain.html');
  expect(await drawn(`${name}.gz`, 'packed.html')).toBe(page);
});

test('results and logs packed with gzip are read', async () => {
  const result = 'out/some.resp-q3.json';
  const compared = await slablab(['compare', `${result}.gz`, result], {}, directory);
  expect(compared.stdout, compared.stderr).toContain('none has moved');
  const atlas = await slablab(['map', 'sweeps/some.resp.sweep.json.gz', '--out', 'atlas.svg'], {}, directory);
  expect(atlas.exitCode, atlas.stderr).toBe(0);
  const converted = await slablab(['record', '--convert', 'some.log.gz', '--out', 'log.ops'], {}, directory);
  expect(converted.stderr).toContain('operations written to log.ops');
  const ran = await slablab(['run', 'some.log.gz'], {}, directory);
  expect(ran.exitCode, ran.stderr).toBe(0);
});

test('packed operations that break off are named as such', async () => {
  const bytes = readFileSync(path('some.ops.gz'));
  writeFileSync(path('cut.ops.gz'), bytes.subarray(0, bytes.length / 2));
  const { exitCode, stderr } = await slablab(['run', 'cut.ops.gz'], {}, directory);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('cut.ops.gz: the gzip data breaks off; copy the file again');
});
