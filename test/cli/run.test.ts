import { copyFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SERVERS } from '#slablab/src/model/index.js';
import { respOf } from '#slablab/src/resp/request-writer.js';
import type { RunResult } from '#slablab/src/run/run-result.js';
import * as rdb from '../input/support/rdb.js';
import { type CliResult, slablab, slablabIntoClosedPipe } from '../support/cli.js';
import { expectValid } from '../support/schemas.js';

const SMALL = ['run', 'scattered-delete', '--set', 'keys=2000'];

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-cli-'));
});
afterAll(() => rm(directory, { recursive: true }));

function resultOf({ stdout }: CliResult): RunResult {
  return JSON.parse(stdout) as RunResult;
}

function withoutTiming(output: CliResult): string {
  const { timing: _, ...rest } = resultOf(output);
  return JSON.stringify(rest);
}

describe('slablab run', () => {
  test('prints tables, maps and a verdict on stdout, messages on stderr', async () => {
    const { exitCode, stdout, stderr } = await slablab(SMALL);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^memory +populated +deleted$/m);
    expect(stdout).toContain('slabs at deleted');
    expect(stdout).toContain('Class 1024 (value string) holds most');
    expect(stderr).toMatch(/^slablab: 36,\d{3} operations in \d+\.\d\d s\n$/);
  });

  test('--quiet: nothing on stderr', async () => {
    const { exitCode, stdout, stderr } = await slablab([...SMALL, '--quiet']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('memory');
    expect(stderr).toBe('');
  });

  test('--json: stdout is the result, and follows its schema', async () => {
    const output = await slablab([...SMALL, '--json', '--sweep-every', '5000']);
    expect(output.exitCode).toBe(0);
    const result = resultOf(output);
    await expectValid(result);
    expect(result.phases.map(({ name }) => name)).toEqual([
      'sweep-1',
      'sweep-2',
      'sweep-3',
      'sweep-4',
      'sweep-5',
      'populated',
      'sweep-6',
      'sweep-7',
      'deleted',
    ]);
  });

  test('the schema rejects other documents', async () => {
    const result = resultOf(await slablab([...SMALL, '--json']));
    await expect(expectValid({ ...result, extra: 1 })).rejects.toThrow();
    await expect(
      expectValid({ ...result, phases: [{ ...result.phases[0], bins: undefined }] }),
    ).rejects.toThrow();
  });

  test('the same input gives the same bytes except timing: again, in a worker, and natively', async () => {
    const [first, second, worker, native] = await Promise.all([
      slablab([...SMALL, '--json']),
      slablab([...SMALL, '--json']),
      slablab([...SMALL, '--json', '--worker']),
      slablab([...SMALL, '--json', '--runtime', 'native']),
    ]);
    expect(withoutTiming(second)).toBe(withoutTiming(first));
    expect(withoutTiming(worker)).toBe(withoutTiming(first));
    expect(withoutTiming(native)).toBe(
      withoutTiming(first).replace('"runtime":"wasm"', '"runtime":"native"'),
    );
  });

  test('--set, --conf and --build reach the run', async () => {
    const output = await slablab([
      ...SMALL,
      '--json',
      '--set',
      'order=sequential',
      '--build',
      'q4',
      '--conf',
      'dirty_decay_ms:0',
    ]);
    const result = resultOf(output);
    expect(result.build).toBe('q4');
    expect(result.conf).toBe('dirty_decay_ms:0');
    expect(result.parameters).toMatchObject({ keys: 2000, order: 'sequential' });
    expect(result.phases[1]?.memory.dirty).toBe(0);
    await expectValid(result);
  });

  test.each(['extent', 'refill', 'asymmetric', 'fastpath'])(
    '--hooks %s prints its counting errors',
    async (hooks) => {
      const { exitCode, stdout } = await slablab([...SMALL, '--hooks', hooks]);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(new RegExp(`^hooks: ${hooks} +populated +deleted$`, 'm'));
      expect(stdout).toMatch(/^live error +[-+][\d,]+ +[-+][\d,]+$/m);
    },
  );

  test('--out writes the JSON, and prints its path', async () => {
    const out = join(directory, 'not', 'there', 'yet');
    const { stderr } = await slablab([...SMALL, '--out', out]);
    const path = join(out, 'scattered-delete-q3.json');
    expect(stderr).toContain(`slablab: result written to ${path}\n`);
    await expectValid(JSON.parse(await readFile(path, 'utf8')));
  });

  test('--out says that it replaces the result of another setup, and letters of every alphabet are kept', async () => {
    const out = join(directory, 'replaced');
    const again = async (...more: readonly string[]) =>
      (await slablab([...SMALL, '--out', out, ...more])).stderr;
    expect(await again()).not.toContain('another setup');
    expect(await again()).not.toContain('another setup');
    expect(await again('--server', 'valkey-8.0')).toContain(
      'scattered-delete-q3.json had the result of another setup (server redis-7.2), which was replaced; name another --out',
    );
    for (const name of ['ü', 'ö']) {
      const path = join(directory, `${name}.resp`);
      await writeFile(path, 'SET a b\r\n');
      await slablab(['run', path, '--out', out]);
    }
    const files = await readdir(out);
    expect(files.filter((file) => /[üö]\.resp-q3\.json$/u.test(file.normalize('NFC')))).toHaveLength(2);
  });

  test('an option of jemalloc in the syntax of a shell: the message has the value', async () => {
    const { stderr } = await slablab([...SMALL, '--conf', 'dirty_decay_ms=0']);
    expect(stderr).toContain("write 'dirty_decay_ms=0' as 'dirty_decay_ms:value' (dirty_decay_ms:0)");
  });

  test.each([40, 100])('no line exceeds COLUMNS=%i', async (width) => {
    const { stdout } = await slablab(SMALL, { COLUMNS: String(width) });
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(width);
  });

  test('no escape sequences into a pipe, unless forced', async () => {
    expect((await slablab(SMALL)).stdout).not.toContain('\u001b');
    expect((await slablab(SMALL, { FORCE_COLOR: '3' })).stdout).toContain('\u001b[48;2;');
    expect((await slablab(SMALL, { FORCE_COLOR: '2' })).stdout).toContain('\u001b[48;5;');
    expect((await slablab(SMALL, { FORCE_COLOR: '3', NO_COLOR: '1' })).stdout).not.toContain('\u001b');
  });

  test('a closed pipe is no error', async () => {
    expect(await slablabIntoClosedPipe(SMALL)).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/^slablab: 36,\d{3} operations in/),
    });
  });
});

describe('saved streams', () => {
  let path: string;
  let saved: CliResult;
  beforeAll(async () => {
    path = join(directory, 'small.ops');
    saved = await slablab([...SMALL, '--save-ops', path, '--json']);
  });

  test('replay to the same figures, and finish with a phase `end`', async () => {
    expect(saved.stderr).toContain(`operations written to ${path}`);
    const replayed = resultOf(await slablab(['run', path, '--json']));
    expect(replayed.phases.map(({ name }) => name)).toEqual(['populated', 'deleted', 'end']);
    expect(replayed.phases.map(({ memory, bins }) => ({ memory, bins })).slice(0, 2)).toEqual(
      resultOf(saved).phases.map(({ memory, bins }) => ({ memory, bins })),
    );
    await expectValid(replayed);
  });

  test('need no extension', async () => {
    await copyFile(path, join(directory, 'stream'));
    const { exitCode, stdout } = await slablab(['run', 'stream'], {}, directory);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^memory +populated +deleted +end$/m);
  });

  test('truncated: exit 2, the byte, and the phases before', async () => {
    const cut = join(directory, 'cut.ops');
    await copyFile(path, cut);
    await truncate(cut, (await readFile(path)).length - 10);
    const output = await slablab(['run', cut, '--json']);
    expect(output.exitCode).toBe(2);
    expect(output.stderr).toMatch(/cut\.ops: byte \d+: truncated/);
    const result = resultOf(output);
    await expectValid(result);
    expect(result.error?.name).toBe('InputError');
    expect(result.phases.map(({ name }) => name)).toEqual(['populated', 'deleted', 'incomplete']);
  });

  test.each([
    [['--set', 'keys=5'], '--set'],
    [['--server', 'redis-7.2'], '--server'],
    [['--save-ops', 'x.ops'], '--save-ops'],
  ])('are replayed unchanged: %s is refused', async (args, option) => {
    const { exitCode, stderr } = await slablab(['run', path, ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      `slablab: ${option} with ${path}: a saved stream is replayed unchanged; remove the option\n`,
    );
  });
});

describe('a run that fails', () => {
  test('out of memory: exit 2, the position, and what filled it', async () => {
    const settings = ['--set', 'keys=20', '--set', 'valueBytes=400000000'];
    const output = await slablab(['run', 'scattered-delete', ...settings, '--json']);
    expect(output.exitCode).toBe(2);
    const result = resultOf(output);
    await expectValid(result);
    expect(result.error?.name).toBe('OutOfMemoryError');
    expect(output.stderr).toContain(result.error?.message);
    expect(result.phases.map(({ name }) => name)).toEqual(['out-of-memory']);
  });

  test.each([
    [
      'unknown workload',
      ['run', 'scatered-delete'],
      '`scatered-delete` is not a workload; did you mean `scattered-delete`? known: scattered-delete',
    ],
    [
      'unknown build',
      [...SMALL, '--build', 'q33'],
      '`q33` is not a build; did you mean `q3`? known: q3, q4, q3-5.2.1, q4-5.3.1, q3-5.3.1, q3-p14, q3-p16',
    ],
    [
      'unknown server',
      [...SMALL, '--server', 'redis-7.9'],
      '`redis-7.9` is not a server version; did you mean `redis-7.0`? known: ' +
        SERVERS.map(({ name }) => name).join(', '),
    ],
    [
      'unknown hooks',
      [...SMALL, '--hooks', 'fast'],
      '`fast` is not a value of --hooks; did you mean `fastpath`?',
    ],
    [
      'unknown runtime',
      [...SMALL, '--runtime', 'jvm'],
      '`jvm` is not a value of --runtime; known: wasm, native',
    ],
    [
      'unknown parameter',
      [...SMALL, '--set', 'ordre=odd'],
      '`ordre` is not a parameter of this workload; did you mean `order`?',
    ],
    [
      'parameter out of range',
      [...SMALL, '--set', 'drop=2'],
      '--set drop=2: `2` is out of range for `drop` (number, 0 to 1)',
    ],
    [
      'parameters that do not go together',
      [...SMALL, '--set', 'drop=0.1'],
      '--set drop=0.1: order=odd deletes every other key',
    ],
    ['bad configuration', [...SMALL, '--conf', 'dirty_decay=5'], 'dirty_decay'],
    [
      'a sweep interval of 0',
      [...SMALL, '--sweep-every', '0'],
      '--sweep-every 0: must be a whole number of at least 1',
    ],
    [
      'a worker for the native twin',
      [...SMALL, '--worker', '--runtime', 'native'],
      '--worker with --runtime native',
    ],
    ['missing file', ['run', 'no/such.ops'], 'no/such.ops: ENOENT'],
    ['a directory that is no AOF', ['run', './src'], './src: a directory without an AOF manifest'],
    ['unwritable directory', [...SMALL, '--out', '/dev/null/x'], '--out /dev/null/x: ENOTDIR'],
    ['a directory that cannot have children', [...SMALL, '--out', '/proc/x'], '--out /proc/x: ENOENT'],
    ['unwritable stream', [...SMALL, '--save-ops', '/dev/null/x.ops'], '--save-ops /dev/null/x.ops: ENOTDIR'],
  ])('%s: exit 2 and a remedy', async (_, args, message) => {
    const { exitCode, stdout, stderr } = await slablab(args);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('defect');
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  test('a file of an unknown kind', async () => {
    const path = join(directory, 'notes.txt');
    await writeFile(path, 'buy milk\n');
    const { exitCode, stderr } = await slablab(['run', path]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${path}: not an input for Redis: it starts with "buy milk\\n"; known are`);
  });

  test('a file with the extension of a stream that is none', async () => {
    const path = join(directory, 'notes.ops');
    await writeFile(path, 'buy milk\n');
    const { exitCode, stderr } = await slablab(['run', path]);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      `slablab: ${path}: byte 0: not an .ops file: it starts with "buy milk"; write one with \`slablab run … --save-ops FILE\`\n`,
    );
  });
});

describe('a file of commands', () => {
  const commands = (count: number) =>
    Array.from({ length: count }, (_, i) => `SET key:${i} ${'v'.repeat(1000)}\r\n`).join('');

  test('is replayed to a phase `end`, and each unmodelled command is reported once with its count', async () => {
    const path = join(directory, 'traffic.resp');
    await writeFile(path, `${commands(1000)}FROBNICATE a\r\nFROBNICATE b\r\n`);
    const { exitCode, stdout, stderr } = await slablab(['run', path, '--server', 'redis-7.0', '--json']);
    expect(exitCode).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ server: 'redis-7.0', phases: [{ name: 'end', commands: 1002 }] });
    const values = result.phases[0].bins.find(({ size }: { size: number }) => size === 1024);
    expect(values.live).toBeGreaterThanOrEqual(1000);
    expect(stderr).toMatch(/command FROBNICATE, 2 times: not modelled/i);
  });

  test('with scripts is reported once with their count, since scripts are not run', async () => {
    const path = join(directory, 'scripts.resp');
    await writeFile(path, 'EVAL "return 1" 0\r\nEVAL "return 1" 0\r\n');
    const { exitCode, stderr } = await slablab(['run', path]);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/command EVAL, 2 times: scripts are not run/);
    expect(stderr).toMatch(/scripts of 8 bytes are cached/);
  });

  test('accepts settings of the server, and refuses others', async () => {
    const path = join(directory, 'set.resp');
    await writeFile(path, commands(10));
    const { exitCode } = await slablab([
      'run',
      path,
      '--set',
      'cluster-enabled=yes',
      '--set',
      'maxmemory=1gb',
    ]);
    expect(exitCode).toBe(0);
    const refused = await slablab(['run', path, '--set', 'maxmemori=1gb']);
    expect(refused).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('did you mean `maxmemory`'),
    });
  });

  test('that is truncated keeps the replayed phases and names the byte', async () => {
    const path = join(directory, 'cut.resp');
    await writeFile(path, `${commands(10)}*1\r\n$5\r\nPI`);
    const { exitCode, stdout, stderr } = await slablab(['run', path, '--json']);
    expect(exitCode).toBe(2);
    const result = JSON.parse(stdout);
    expect(result.error.name).toBe('InputError');
    expect(result.phases).toMatchObject([{ name: 'incomplete', commands: 10 }]);
    expect(stderr).toMatch(/cut\.resp: byte \d+/);
  });

  const keys = Array.from({ length: 100 }, (_, n) => rdb.key(0, `key:${n}`, rdb.str('v'.repeat(1000)))).join(
    '',
  );
  const image = rdb.image(keys, 'REDIS0011');

  test('an RDB file is loaded to a phase `end`, without commands', async () => {
    const path = join(directory, 'dump.rdb');
    await writeFile(path, image, 'latin1');
    const { exitCode, stdout, stderr } = await slablab(['run', path, '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).phases).toMatchObject([{ name: 'end', commands: 0 }]);
    expect(stderr).toContain('dump.rdb: 100 keys loaded');
  });

  test('an RDB file that is truncated in a value: the byte, the key, and the number of loaded keys', async () => {
    const path = join(directory, 'cut.rdb');
    await writeFile(path, image.slice(0, keys.length - 100), 'latin1');
    const { exitCode, stdout, stderr } = await slablab(['run', path, '--json']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/cut\.rdb: byte \d+: .*reading key "key:99"/);
    expect(stderr).toContain('cut.rdb: 99 keys loaded');
    const [phase] = JSON.parse(stdout).phases;
    expect(phase.name).toBe('incomplete');
    const values = phase.bins.find(({ size }: { size: number }) => size === 1024);
    expect(values.live).toBeGreaterThanOrEqual(99);
  });

  test('an RDB file with a duplicate key, which a server refuses', async () => {
    const path = join(directory, 'twice.rdb');
    await writeFile(path, rdb.image(rdb.key(0, 'k', rdb.str('v')).repeat(2), 'REDIS0011'), 'latin1');
    const { exitCode, stderr } = await slablab(['run', path, '--quiet']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/twice\.rdb: byte \d+: the key is there twice/);
  });

  test('refuses parameters of a workload', async () => {
    const path = join(directory, 'traffic.resp');
    await writeFile(path, commands(1));
    const { exitCode, stderr } = await slablab(['run', path, '--set', 'keys=5']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('`keys` is not a setting of the server');
  });
});

describe('--mark', () => {
  const names = Array.from({ length: 600 }, (_, at) => `key:${at}`);
  const sets = names.map((name) => respOf('SET', name, 'x'.repeat(500)));
  const deletions = names.slice(0, 590).map((name) => respOf('DEL', name));

  async function fileOf(name: string, commands: readonly Uint8Array[]): Promise<string> {
    const path = join(directory, name);
    await writeFile(path, Buffer.concat(commands));
    return path;
  }

  async function run(...args: readonly string[]): Promise<RunResult> {
    const output = await slablab(['run', ...args, '--json', '--quiet']);
    expect(output.exitCode, output.stderr).toBe(0);
    const result = resultOf(output);
    await expectValid(result);
    return result;
  }

  const lastOf = ({ phases }: RunResult) => phases.at(-1)!;
  const cohortOf = (result: RunResult) => lastOf(result).bins.reduce((sum, { cohort }) => sum + cohort, 0);

  test.each([
    ['redis-7.2', 1],
    ['valkey-9.1', 32],
  ])(
    'a number of commands on %s: the slabs open then are the cohort, and no other figure moves',
    async (server, mostApart) => {
      const whole = await fileOf('deleted.resp', [...sets, ...deletions]);
      const begin = await fileOf('populated.resp', sets);
      const marked = await run(whole, '--server', server, '--mark', '600');
      const plain = await run(whole, '--server', server);
      const populated = await run(begin, '--server', server);
      expect(cohortOf(plain)).toBe(0);
      expect(lastOf(plain).drainprof.cohortDsr).toBeNull();
      expect(lastOf(marked).drainprof.cohortDsr).toBeGreaterThan(0.3);
      // At the end of a file the replies are done, and no parsed commands of the same read wait, as in Valkey.
      expect(Math.abs(cohortOf(marked) - lastOf(populated).drainprof.tracked)).toBeLessThanOrEqual(mostApart);
      const { cohortDsr: _, ...drainprof } = lastOf(marked).drainprof;
      expect(lastOf(plain).drainprof).toMatchObject(drainprof);
      expect(lastOf(plain).memory).toEqual(lastOf(marked).memory);
    },
  );

  test('a time of a MONITOR log, and the end of an RDB file', async () => {
    const line = (seconds: number, ...words: readonly string[]) =>
      `${1_700_000_000 + seconds}.000000 [0 127.0.0.1:5000] ${words.map((word) => `"${word}"`).join(' ')}\n`;
    const path = join(directory, 'monitor.log');
    const text = [
      ...names.map((name) => line(1, 'SET', name, 'x'.repeat(500))),
      ...names.slice(0, 590).map((name) => line(60, 'DEL', name)),
    ];
    await writeFile(path, text.join(''));
    expect(lastOf(await run(path, '--mark', '30s')).drainprof.cohortDsr).toBeGreaterThan(0.3);
    expect(lastOf(await run(path, '--mark', '600')).drainprof.cohortDsr).toBeGreaterThan(0.3);
    const rdbFile = fileURLToPath(new URL('../input/fixtures/types.rdb', import.meta.url));
    expect(lastOf(await run(rdbFile, '--mark', 'end')).drainprof.cohortDsr).not.toBeNull();
  });

  test('a phase of a workload replaces its own mark', async () => {
    const { phases } = await run(...SMALL.slice(1), '--mark', 'deleted');
    expect(phases[0]?.drainprof.cohortDsr).toBeNull();
    expect(phases[1]?.drainprof.cohortDsr).not.toBeNull();
  });

  test('a sweep has the figure in every cell', async () => {
    const path = await fileOf('swept.resp', [...sets, ...deletions]);
    const args = ['sweep', path, '--axis', 'server=redis-7.2,valkey-8.0', '--mark', '600', '--format', 'csv'];
    const { stdout } = await slablab(args);
    expect(stdout.match(/^\d,[^,]+,\d+,\d+,0\.\d+,/gm)).toHaveLength(2);
  });

  test.each([
    ['scattered-delete', 'popul', 'not a phase of scattered-delete; did you mean `populated`?'],
    ['violation-sweep', 'end', 'violation-sweep: it drives the allocator by itself'],
    ['three.resp', '4', 'the input ends after 3 commands, before that'],
    ['three.resp', '2x', '--mark 2x: a file has no phases'],
    ['types.rdb', '5', 'an RDB file has neither commands nor times; name the phase `end`'],
  ])('%s --mark %s is refused', async (input, mark, message) => {
    const paths: Record<string, string> = {
      'three.resp': await fileOf('three.resp', sets.slice(0, 3)),
      'types.rdb': fileURLToPath(new URL('../input/fixtures/types.rdb', import.meta.url)),
    };
    const { exitCode, stderr } = await slablab(['run', paths[input] ?? input, '--mark', mark]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});
