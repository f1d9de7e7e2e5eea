import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { QueueKeys } from '#slablab/src/queue/keys.js';
import { keepResult } from '#slablab/src/queue/results.js';
import { loadSweep } from '#slablab/src/queue/sweep-record.js';
import type { SweepResult } from '#slablab/src/sweep/sweep-result.js';
import { slablab } from '../support/cli.js';
import { LONG_WORKLOAD } from '../support/long-workload.js';
import { type Running, start } from '../support/running.js';
import { withoutTiming } from '../support/without-timing.js';
import { QueueServer, REDIS } from './queue-server.js';
import { endOf, startWorker } from './sweeps.js';

const CELLS = ['scattered-delete', '--set', 'keys=500', '--set', 'order=random', '--axis', 'seed=1,2,3,4'];
const LONG_CELLS = [...LONG_WORKLOAD, '--axis', 'firstBytes=10,20'];

let directory: string;
const at = (name: string) => join(directory, name);

describe.skipIf(REDIS === undefined)('a sweep on a queue', () => {
  let server: QueueServer;
  let worker: Running;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slablab-queue-test-'));
    server = await QueueServer.start(REDIS!);
    worker = await startWorker(server.url, directory, '--jobs', '2', '--metrics', '0');
  });
  afterAll(async () => {
    await endOf(worker);
    await server.remove();
    await rm(directory, { recursive: true });
  });

  const queued = (args: readonly string[], cwd?: string) =>
    slablab(['sweep', ...args, '--queue', server.url, '--json', '--quiet'], {}, cwd);

  async function metrics(): Promise<string> {
    const [, url = ''] = /figures at (\S+)/.exec(worker.said()) ?? [];
    return (await fetch(url)).text();
  }

  test('a file travels by its content, and its name stays that of the command line', async () => {
    const machine = at('producer');
    await mkdir(machine);
    const traffic = '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\nabc\r\n*1\r\n$5\r\nDEBUG\r\n'.repeat(30);
    await writeFile(join(machine, 'traffic.resp'), traffic);
    await cp('workloads/examples', join(machine, 'examples'), { recursive: true });
    await slablab(['run', 'scattered-delete', '--set', 'keys=500', '--save-ops', join(machine, 'small.ops')]);
    const [document = ''] = (await readdir(join(machine, 'examples'))).filter((name) =>
      name.endsWith('.json'),
    );
    await cp('test/trace/fixtures/logalloc-sample.txt', join(machine, 'program.log'));
    for (const input of ['traffic.resp', 'small.ops', 'program.log', `examples/${document}`]) {
      const args = [input, '--axis', 'dirty_decay_ms=0,10'];
      const local = await slablab(['sweep', ...args, '--json', '--quiet'], {}, machine);
      const there = await queued(args, machine);
      expect(there.stderr, input).toBe(local.stderr);
      expect(there.exitCode, input).toBe(local.exitCode);
      expect(withoutTiming(JSON.parse(there.stdout))).toEqual(withoutTiming(JSON.parse(local.stdout)));
    }
    expect((await readdir(at('inputs'))).length).toBe(4);
  });

  test('cells that fail are rows, as they are of a local run', async () => {
    const args = [...CELLS.slice(0, -2), '--axis', 'conf=narenas:0', '--axis', 'conf='];
    const local = await slablab(['sweep', ...args, '--json', '--quiet']);
    const there = await queued(args);
    expect(withoutTiming(JSON.parse(there.stdout))).toEqual(withoutTiming(JSON.parse(local.stdout)));
  });

  test('a cell that is late in each try is a row that says so', async () => {
    const { exitCode, stdout } = await queued([
      ...LONG_WORKLOAD,
      '--axis',
      'firstBytes=10',
      '--cell-timeout',
      '0.01',
    ]);
    const { cells } = JSON.parse(stdout) as SweepResult;
    expect(cells.map(({ error }) => error?.name)).toEqual(['CellTimeoutError']);
    expect(exitCode).toBe(2);
  });

  test('cancelling stops running cells, and the producer ends with what it has', async () => {
    const producer = start(['sweep', ...LONG_CELLS, '--queue', server.url, '--out', at('cancelled')]);
    await expect.poll(metrics).toContain('slablab_slices_running 2');
    const [, id = ''] = /sweep ([0-9a-f]{16}):/.exec(producer.said()) ?? [];
    const { exitCode, stdout } = await slablab(['queue', server.url, '--cancel', id]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(id);
    await expect.poll(metrics).toContain('slablab_slices_running 0');
    const end = await producer.end;
    expect(end.exitCode).toBe(143);
    expect(end.stderr).toContain('the sweep was cancelled');
  });

  test('Ctrl-C leaves a sweep to its workers, and says how to collect it', async () => {
    const producer = start(['sweep', ...LONG_CELLS, '--queue', server.url]);
    await expect.poll(metrics).toContain('slablab_slices_running 2');
    producer.send('SIGINT');
    const { exitCode, stderr } = await producer.end;
    expect(exitCode).toBe(130);
    const [, id = ''] = /--attach ([0-9a-f]{16}) --queue/.exec(stderr) ?? [];
    expect((await slablab(['queue', server.url, '--cancel', id])).exitCode).toBe(0);
    const attached = await slablab(['sweep', '--attach', id, '--queue', server.url, '--json']);
    expect((JSON.parse(attached.stdout) as SweepResult).isComplete).toBe(false);
  });

  test('two sweeps share the workers: a small one does not wait for the end of a large one', async () => {
    const large = ['scattered-delete', '--set', 'order=random', '--set', 'keys=20000'];
    const seeds = Array.from({ length: 400 }, (_, seed) => seed).join(',');
    const first = start(['sweep', ...large, '--axis', `seed=${seeds}`, '--queue', server.url]);
    await expect.poll(metrics).toContain('slablab_slices_running 2');
    expect((await queued(CELLS)).exitCode).toBe(0);
    const listing = JSON.parse((await slablab(['queue', server.url, '--json'])).stdout) as {
      sweeps: { id: string; finished: number }[];
    };
    expect(listing.sweeps[0]?.finished).toBeLessThan(400);
    await slablab(['queue', server.url, '--cancel', listing.sweeps[0]!.id]);
    expect((await first.end).exitCode).toBe(143);
  });

  test('a share of the cells runs on two workers, and a difference names both', async () => {
    const other = await startWorker(server.url, directory, '--jobs', '1');
    const equal = await slablab(['sweep', ...CELLS, '--queue', server.url, '--verify', '50%']);
    expect(equal.stderr).toContain('2 of 2 cells to verify were run on two workers');
    expect(equal.exitCode).toBe(0);
    await endOf(other);
    // A result that no worker of this version has: it is first, so it is kept.
    worker.send('SIGSTOP');
    const producer = start(['sweep', ...CELLS, '--queue', server.url, '--verify', '100%']);
    const redis = server.client();
    const keys = new QueueKeys('slab');
    await expect.poll(() => redis.scard(keys.sweeps)).toBe(1);
    const [id = ''] = await redis.smembers(keys.sweeps);
    const planned = (await loadSweep(redis, keys, id))!.cells[0]!;
    const error = { name: 'EngineError', message: 'invented', position: null };
    const timing = { replayMs: 0, operationsPerSecond: null };
    const cell = { cell: 0, values: planned.values, figures: null, error, run: null, timing };
    await keepResult(
      redis,
      keys,
      id,
      { cell, notes: [], isLost: false, worker: 'forger/1' },
      Buffer.alloc(0),
    );
    redis.disconnect();
    worker.send('SIGCONT');
    const { exitCode, stderr } = await producer.end;
    expect(stderr).toMatch(/cell 0 has different results on forger\/1 and \S+\/\d+;/);
    expect(exitCode).toBe(2);
  });
});

describe.skipIf(REDIS === undefined)('a server that would lose cells is refused', () => {
  test.each([
    ['that evicts', ['--maxmemory-policy', 'allkeys-lru'], 'its maxmemory-policy is allkeys-lru'],
    ['that wants a password', ['--requirepass', 'secret'], 'give the password with --queue-password-file'],
    ['in cluster mode', ['--cluster-enabled', 'yes'], 'is in cluster mode'],
  ])('%s', async (_, settings, message) => {
    const server = await QueueServer.start(REDIS!, settings).catch((error) => {
      throw error;
    });
    for (const args of [
      ['worker', server.url],
      ['queue', server.url],
      ['sweep', ...CELLS, '--queue', server.url],
    ]) {
      const { exitCode, stderr, stdout } = await slablab(args);
      expect(stderr).toContain(message);
      expect(stderr.trim().split('\n').length).toBe(1);
      expect(stdout).toBe('');
      expect(exitCode).toBe(2);
    }
    await server.remove();
  });

  test('that is not there, and one whose password is right', async () => {
    const nobody = await slablab(['worker', 'redis://127.0.0.1:1']);
    expect(nobody.stderr).toContain('name a server that runs and can be reached from here');
    expect(nobody.exitCode).toBe(2);
    const server = await QueueServer.start(REDIS!, ['--requirepass', 'secret']);
    const listed = await slablab(['queue', server.url], { SLABLAB_QUEUE_PASSWORD: 'secret' });
    expect(listed.stderr).toBe('');
    expect(listed.stdout).toContain('no sweeps');
    await server.remove();
  });
});

describe.skipIf(REDIS === undefined)('a user of the server', () => {
  test('needs no more rights than docs/scale.md lists', async () => {
    const server = await QueueServer.start(REDIS!);
    const folder = await mkdtemp(join(tmpdir(), 'slablab-queue-rights-'));
    const [, rights = ''] =
      /ACL SETUSER worker (on [^`]*?\+pttl)/.exec(await readFile('docs/scale.md', 'utf8')) ?? [];
    const redis = server.client();
    await redis.call('ACL', 'SETUSER', 'worker', ...rights.split(/\s+/));
    await redis.call('ACL', 'LOG', 'RESET');
    const url = server.url.replace('redis://', 'redis://worker:password@');
    await writeFile(join(folder, 'traffic.resp'), '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\na\r\n');
    const args = [join(folder, 'traffic.resp'), '--axis', 'dirty_decay_ms=0,1,2', '--verify', '100%'];
    const producer = start(['sweep', ...args, '--queue', url, '--out', folder]);
    // It has looked after the sweep once.
    await producer.until(() => producer.said().includes('no worker is there yet'));
    const workers = await Promise.all(
      [1, 2].map(() => startWorker(url, folder, '--jobs', '1', '--metrics', '0')),
    );
    const { exitCode, stderr } = await producer.end;
    expect(stderr).toContain('3 of 3 cells to verify were run on two workers');
    expect(exitCode).toBe(0);
    expect((await slablab(['queue', url])).exitCode).toBe(0);
    await Promise.all(workers.map((one) => endOf(one)));
    expect(await redis.call('ACL', 'LOG')).toEqual([]);
    redis.disconnect();
    await server.remove();
    await rm(folder, { recursive: true });
  });
});

test.each([
  [['sweep', ...CELLS, '--queue', 'redis://h', '--shard', '1/2', '--out', 'x'], '--queue with --shard'],
  [['sweep', ...CELLS, '--verify', '2%'], '--verify requires --queue'],
  [['sweep', '--attach', 'x'], '--attach requires --queue'],
  [['worker', 'redis://h', '--queue-prefix', 'a:b'], '--queue-prefix a:b: may have letters'],
  [['worker', 'http://h'], "no scheme 'http:'"],
])('%s', async (args, message) => {
  const { exitCode, stderr } = await slablab(args);
  expect(stderr).toContain(message);
  expect(exitCode).toBe(2);
});
