import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Advice } from '#slablab/src/remedy/index.js';
import { respOf } from '#slablab/src/resp/request-writer.js';
import type { RunResult } from '#slablab/src/run/index.js';
import * as rdb from '../input/support/rdb.js';
import { slablab } from '../support/cli.js';
import { expectValid } from '../support/schemas.js';

const SMALL = ['whatif', 'scattered-delete', '--set', 'keys=2000'];

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-whatif-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function resultOf(args: readonly string[], ...steps: readonly string[]): Promise<RunResult> {
  const output = await slablab([...args, ...steps.flatMap((step) => ['--then', step]), '--json']);
  expect(output.stderr).not.toContain('defect');
  const result = JSON.parse(output.stdout) as RunResult;
  await expectValid(result);
  return result;
}

async function fileOf(name: string, ...commands: readonly (readonly string[])[]): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, Buffer.concat(commands.map((words) => respOf(...words))));
  return path;
}

const keysOf = ({ phases }: RunResult) => phases.map(({ keys }) => keys);

describe('slablab whatif', () => {
  test('leads with the verdict in 12 lines of 80 columns, and ends with lines to copy', async () => {
    const args = [...SMALL, '--then', 'unlink key:1*', '--then', 'purge', '--then', 'restart'];
    const { exitCode, stdout } = await slablab(args, { COLUMNS: '80' });
    expect(exitCode).toBe(0);
    const lines = stdout.split('\n');
    const table = lines.findIndex((line) => line.startsWith('after '));
    expect(table).toBeGreaterThan(2);
    expect(table).toBeLessThanOrEqual(12);
    for (const line of lines.slice(0, table + 5)) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(/^After unlink key:1\*, then purge, then restart: resident /m);
    expect(stdout).toContain(
      `redis-cli --scan --pattern 'key:1*' | sed 's/["\\\\]/\\\\&/g; s/.*/UNLINK "&"/'`,
    );
    expect(stdout).toContain(
      "slablab whatif scattered-delete --set keys=2000 --then 'unlink key:1*' --then purge",
    );
  });

  test('the phases of the run stay as they are, and each step has one more', async () => {
    const changed = await resultOf(SMALL, 'purge', 'purge', 'wait 1s');
    const plain = JSON.parse((await slablab(['run', ...SMALL.slice(1), '--json'])).stdout) as RunResult;
    expect(changed.phases.map(({ name }) => name)).toEqual([
      'populated',
      'deleted',
      'purge',
      'purge (2)',
      'wait 1s',
    ]);
    const [populated, deleted] = changed.phases;
    expect(populated).toEqual(plain.phases[0]);
    const { keys, ...rest } = deleted!;
    expect(keys).toBe(1000);
    expect(rest).toEqual(plain.phases[1]);
  });

  test('--at ends a workload at a phase', async () => {
    const { phases } = await resultOf([...SMALL, '--at', 'populated'], 'flushall', 'restart');
    expect(phases.map(({ name, keys }) => [name, keys])).toEqual([
      ['populated', 2000],
      ['flushall', 0],
      ['restart', 0],
    ]);
  });

  test('--at ends a file after commands', async () => {
    const path = await fileOf('five.resp', ...[1, 2, 3, 4, 5].map((key) => ['SET', `k${key}`, 'v']));
    expect(keysOf(await resultOf(['whatif', path, '--at', '3'], 'purge'))).toEqual([3, 3]);
    expect(keysOf(await resultOf(['whatif', path], 'purge'))).toEqual([5, 5]);
  });

  test('keys are deleted and expire by their patterns, in every database', async () => {
    const path = await fileOf(
      'some.resp',
      ['MSET', 'a:1', 'v', 'a:2', 'v', 'b:1', 'v', 'b:2', 'v'],
      ['SELECT', '5'],
      ['MSET', 'a:3', 'v', 'c', 'v'],
    );
    const result = await resultOf(['whatif', path], 'del a:*', 'expire b:? 60s', 'unlink none*', 'flushdb');
    expect(keysOf(result)).toEqual([6, 3, 1, 1, 1]);
    const changes = result.phases.map(({ change }) => change);
    expect(changes[2]?.tookMs).toBeGreaterThanOrEqual(60_000);
    expect(changes[3]?.notes).toEqual(['no key matches none*']);
  });

  test('settings take effect at once, and on what is there at a restart', async () => {
    const path = await fileOf('hash.resp', ['HSET', 'h', 'f1', 'v', 'f2', 'v', 'f3', 'v']);
    const { phases } = await resultOf(['whatif', path], 'set hash-max-listpack-entries=2', 'restart');
    const used = phases.map(({ memory }) => memory.usedMemory);
    expect(phases[2]!.change!.settings).toEqual({ 'hash-max-listpack-entries': '2' });
    const plain = await resultOf(['whatif', path], 'purge', 'restart');
    // Three fields in a hash table take more than in a listpack.
    expect(used[2]).toBeGreaterThan(plain.phases[2]!.memory.usedMemory);
  });

  test('a restart may bring another server, build and configuration', async () => {
    const { phases } = await resultOf(SMALL, 'server valkey-8.0', 'build q4', 'conf dirty_decay_ms:0');
    expect(
      phases.map(({ change }) => [change?.process, change?.server, change?.build, change?.conf]),
    ).toEqual([
      [undefined, undefined, undefined, undefined],
      [undefined, undefined, undefined, undefined],
      [2, 'valkey-8.0', 'q3', ''],
      [3, 'valkey-8.0', 'q4', ''],
      [4, 'valkey-8.0', 'q4', 'dirty_decay_ms:0'],
    ]);
    expect(phases.map(({ keys }) => keys)).toEqual([undefined, 1000, 1000, 1000, 1000]);
  });

  test('an arena for keys has all of their regions, and what they leave comes back', async () => {
    const keys = 2000;
    const commands: (readonly string[])[] = [];
    for (let key = 0; key < keys; key++) {
      commands.push(['SET', `session:${key}`, 's'.repeat(900)], ['SET', `user:${key}`, 'u'.repeat(900)]);
    }
    for (let key = 0; key < keys; key++) commands.push(['DEL', `session:${key}`]);
    const path = await fileOf('mixed.resp', ...commands);
    const arena = async (pattern: string) =>
      slablab(['whatif', path, `arena ${pattern}`, '--server', 'redis-7.2', '--json', '--quiet']);
    const result = JSON.parse((await arena('session:*')).stdout) as RunResult;
    await expectValid(result);
    const [before, after] = result.phases;
    // Object, text, name and entry of each key.
    expect(after!.change!.notes).toEqual(['8,000 allocations went to the arena']);
    expect([after!.commands, after!.memory.usedMemory]).toEqual([
      before!.commands,
      before!.memory.usedMemory,
    ]);
    expect(after!.drainprof.reconciled).toBe(true);
    const pinned = ({ bins }: RunResult['phases'][number]) => {
      const { curslabs, drainable } = bins.find(({ size }) => size === 1024)!;
      return curslabs - drainable;
    };
    expect([pinned(before!), pinned(after!)]).toEqual([keys / 2, keys / 4]);
    const advice = await slablab(['advise', path, '--server', 'redis-7.2', '--json', '--quiet']);
    const { remedies } = JSON.parse(advice.stdout) as Advice;
    const row = remedies.find(({ kind }) => kind === 'arena');
    expect(row).toMatchObject({ name: 'arena user:*', helps: true, memory: { keys } });
    expect(row!.backBytes).toBeGreaterThan(keys * 900);
    const none = await arena('nothing:*');
    expect(none).toMatchObject({ exitCode: 2, stdout: '' });
    expect(none.stderr).toContain('arena nothing:*: no key of ');
  });

  test('traffic of a second file follows a data set', async () => {
    const dump = join(directory, 'dump.rdb');
    await writeFile(dump, Buffer.from(rdb.image(rdb.key(0, 'k', rdb.str('v'))), 'latin1'));
    const more = await fileOf('more.resp', ['SET', 'a', 'v'], ['SET', 'b', 'v'], ['DEL', 'k']);
    const { phases } = await resultOf(['whatif', dump], `input ${more}`);
    expect(phases.map(({ keys }) => keys)).toEqual([1, 2]);
    expect(phases[1]!.change!.sent).toBe(3);
    const { stdout } = await slablab(['whatif', dump, '--then', 'purge']);
    expect(stdout).toContain('As after a restart');
  });

  test.each([
    [[], '--then: name at least one change'],
    [['--then', 'frob'], '`frob` is not a step'],
    [['--build', 'q4', '--then', 'activedefrag'], 'Active defragmentation cannot be enabled'],
    [['--then', 'server redis-7.0'], 'redis-7.2 saves RDB version 11, which redis-7.0 refuses to load'],
    [['--then', 'upgrade'], "did you mean 'server NAME'?"],
    [['--then', 'set jemalloc-bg-thread=yes'], 'background threads of jemalloc do not exist in the lab'],
    [['--rss', '1gb', '--then', 'purge'], '--rss is an option of size'],
    [['--then', 'input nowhere.aof'], 'nowhere.aof: there is no such file'],
    [['--then', 'purge', '--at', 'delete'], 'not a phase of scattered-delete; did you mean `deleted`?'],
  ])('%j is refused before anything is run', async (args, reason) => {
    const { exitCode, stdout, stderr } = await slablab([...SMALL, ...args]);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(reason);
  });

  // 80,000 keys leave a table of 65,536 buckets, half a megabyte, that rehashing gives back.
  test.each(['redis-7.2', 'redis-8.0', 'valkey-9.1'])(
    'on %s, time alone returns nothing after a restart',
    async (server) => {
      const keys = ['--set', 'keys=80000', '--set', 'valueBytes=10', '--server', server];
      const { phases } = await resultOf(
        ['whatif', 'scattered-delete', ...keys, '--set', 'drop=0.1', '--set', 'order=random'],
        'restart',
        'wait 60s',
      );
      const [restarted, waited] = phases.slice(-2).map(({ memory }) => memory.usedMemory);
      expect(Math.abs(restarted! - waited!)).toBeLessThan(4096);
    },
  );

  test('a workload without a server is refused', async () => {
    const { exitCode, stderr } = await slablab(['whatif', 'violation-sweep', '--then', 'purge']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('without a server that could be changed');
  });
});
