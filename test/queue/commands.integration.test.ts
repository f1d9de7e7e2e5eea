/** Commands other than `sweep` on a queue, and sweeps that change between a queue and the pool of this machine. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { respOf } from '#slablab/src/resp/request-writer.js';
import * as rdb from '../input/support/rdb.js';
import { slablab } from '../support/cli.js';
import { LONG_WORKLOAD } from '../support/long-workload.js';
import { type Running, start } from '../support/running.js';
import { withoutTiming } from '../support/without-timing.js';
import { QueueServer, REDIS } from './queue-server.js';
import { endOf, NAME, startWorker, untimed } from './sweeps.js';

const MANY = [
  'scattered-delete',
  '--set',
  'keys=3000',
  '--set',
  'order=random',
  '--axis',
  'seed=1,2,3,4,5,6',
];
const AXES = [...MANY, '--axis', 'dirty_decay_ms=0,1000'];

describe.skipIf(REDIS === undefined)('on a queue', () => {
  let directory: string;
  let server: QueueServer;
  let worker: Running;
  const at = (name: string) => join(directory, name);
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slablab-commands-'));
    server = await QueueServer.start(REDIS!);
    worker = await startWorker(server.url, directory, '--jobs', '2');
    const commands = Array.from({ length: 2500 }, (_, key) => [
      respOf('SET', `session:${key}`, 'v'.repeat(1000)),
      respOf('SET', `cache:${key}`, 'v'.repeat(key % 500), 'EX', '100'),
      respOf('DEL', `session:${key - (key % 3)}`),
    ]);
    await writeFile(at('traffic.resp'), Buffer.concat(commands.flat()));
    const keys = Array.from({ length: 400 }, (_, key) => rdb.key(0, `key:${key}`, rdb.str('v'.repeat(2000))));
    await writeFile(at('dump.rdb'), Buffer.from(rdb.image(keys.join('')), 'latin1'));
  });
  afterAll(async () => {
    await endOf(worker);
    await server.remove();
    await rm(directory, { recursive: true });
  });

  /** Runs a command here and on the queue. Returns the results, which are JSON, without their timing. */
  async function bothWays(args: readonly string[]): Promise<[unknown, unknown]> {
    const local = await slablab([...args, '--json', '--quiet'], {}, directory);
    const there = await slablab([...args, '--json', '--quiet', '--queue', server.url], {}, directory);
    expect(there.stderr).toBe(local.stderr);
    expect(there.exitCode).toBe(local.exitCode);
    expect(local.stdout).not.toBe('');
    return [local, there].map(({ stdout }) => withoutTiming(JSON.parse(stdout))) as [unknown, unknown];
  }

  async function keysLeft(): Promise<string[]> {
    const redis = server.client();
    const keys = await redis.keys('{slab}:[si]:*');
    redis.disconnect();
    return keys;
  }

  test.each([
    ['advise on a workload', ['advise', 'scattered-delete', '--set', 'keys=2000']],
    [
      'advise on traffic',
      ['advise', 'traffic.resp', '--at', '4000', '--set', 'hash-max-listpack-entries=64'],
    ],
    ['advise on a data set', ['advise', 'dump.rdb', '--server', 'valkey-8.0']],
    ['size of traffic', ['size', 'traffic.resp', '--rss', '11mb', '--copied', '0%']],
    ['size of a data set', ['size', 'dump.rdb', '--rss', '30mb']],
  ])('%s has the same result as here, and leaves nothing', async (_, args) => {
    const [local, there] = await bothWays(args);
    expect(there).toEqual(local);
    expect(await keysLeft()).toEqual([]);
  });

  test('a suite of workloads and files has the same result as here', async () => {
    const suite = {
      name: 'mine',
      workloads: {
        deleted: { run: 'scattered-delete', set: { keys: 400 }, owners: true },
        traffic: { run: 'traffic.resp' },
        keys: { run: 'dump.rdb', types: true },
      },
      configurations: { plain: {}, 'no tcache': { conf: 'tcache:false' } },
    };
    await writeFile(at('suite.json'), JSON.stringify(suite));
    const update = await slablab(['bench', 'suite.json', '--update', '--queue', server.url], {}, directory);
    expect(update.exitCode).toBe(0);
    const [local, there] = await bothWays(['bench', 'suite.json']);
    expect(there).toEqual(local);
    expect(there).toMatchObject({ comparison: { isPassed: true } });
    expect(await keysLeft()).toEqual([]);
  });

  test.each([
    ['a replay that fails', ['advise', 'violation-sweep'], 'without a server'],
    ['a limit that nothing fits', ['size', 'dump.rdb', '--rss', '10mb'], 'allow more'],
  ])('%s says the same as here', async (_, args, message) => {
    const local = await slablab([...args, '--quiet'], {}, directory);
    const there = await slablab([...args, '--quiet', '--queue', server.url], {}, directory);
    expect(local.stderr).toContain(message);
    expect(there).toEqual(local);
    expect(await keysLeft()).toEqual([]);
  });

  test('Ctrl-C ends the replays at the workers as well', async () => {
    const command = start(['advise', ...LONG_WORKLOAD, '--queue', server.url]);
    const redis = server.client();
    await expect.poll(() => redis.exists('{slab}:sweeps')).toBe(1);
    command.send('SIGINT');
    const { exitCode, stderr } = await command.end;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('interrupted by SIGINT');
    expect(await keysLeft()).toEqual([]);
    redis.disconnect();
  });

  test('the cells of another command are not attached to', async () => {
    const command = start(['advise', ...LONG_WORKLOAD, '--queue', server.url]);
    const redis = server.client();
    await expect.poll(() => redis.exists('{slab}:sweeps')).toBe(1);
    const [id = ''] = await redis.smembers('{slab}:sweeps');
    redis.disconnect();
    const attached = await slablab(['sweep', '--attach', id, '--queue', server.url]);
    expect(attached.exitCode).toBe(2);
    expect(attached.stderr).toContain('these are cells of `slablab advise lru-two-sizes`');
    const listed = await slablab(['queue', server.url]);
    expect(listed.stdout).toContain('advise lru-two-sizes');
    await endOf(command, 'SIGINT');
  });

  async function recordsIn(out: string): Promise<number> {
    const text = await readFile(join(at(out), `${NAME}.jsonl`), 'utf8').catch(() => '');
    return text.split('\n').length - 2;
  }

  test.each([
    ['here', 'on the queue'],
    ['on the queue', 'here'],
  ])('a sweep that began %s is resumed %s', async (first) => {
    const out = first.replaceAll(' ', '-');
    const queue = ['--queue', server.url];
    const [before, after] = first === 'here' ? [['--jobs', '1'], queue] : [queue, ['--jobs', '1']];
    const whole = await slablab(['sweep', ...AXES, '--out', at(`${out}-whole`), '--quiet']);
    expect(whole.exitCode).toBe(0);
    const begun = start(['sweep', ...AXES, '--out', at(out), ...before]);
    await begun.until(async () => (await recordsIn(out)) >= 2);
    await endOf(begun, 'SIGKILL');
    const kept = await recordsIn(out);
    expect(kept).toBeLessThan(12);
    const resumed = await slablab(['sweep', ...AXES, '--out', at(out), '--resume', ...after]);
    expect(resumed.exitCode).toBe(0);
    expect(resumed.stderr).toMatch(/\d+ of 12 cells taken over from/);
    for (const extension of ['.json', '.jsonl'] as const) {
      expect(await untimed(at(out), extension)).toBe(await untimed(at(`${out}-whole`), extension));
    }
  });
});

test.each([
  [['bench', '--queue', 'redis://h', '--timing'], '--queue with --timing'],
  [['advise', 'scattered-delete', '--queue', 'http://h'], "no scheme 'http:'"],
  [['size', 'scattered-delete', '--queue', 'redis://127.0.0.1:1'], 'name a server that runs'],
])('%s', async (args, message) => {
  const { exitCode, stderr } = await slablab(args);
  expect(stderr).toContain(message);
  expect(exitCode).toBe(2);
});
