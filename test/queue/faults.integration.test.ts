import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { slablab } from '../support/cli.js';
import { start } from '../support/running.js';
import { type Host, type Hosts, openHosts } from './hosts.js';
import { onQueueServers, QueueServer } from './queue-server.js';
import { endOf, NAME, startWorker, startWorkerOn, untimed } from './sweeps.js';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index).join(',');
const CELLS = ['scattered-delete', '--set', 'keys=3000', '--set', 'order=random'];
const MANY = [...CELLS, '--axis', `seed=${numbers(100)}`, '--axis', 'dirty_decay_ms=0,1000'];

let directory: string;
const at = (name: string) => join(directory, name);
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-faults-'));
  await slablab(['sweep', ...MANY, '--out', at('local'), '--quiet']);
});
afterAll(() => rm(directory, { recursive: true }));

async function records(out: string): Promise<number> {
  const text = await readFile(join(at(out), `${NAME}.jsonl`), 'utf8').catch(() => '');
  return text.split('\n').length - 2;
}

onQueueServers((binary, product) => {
  let server: QueueServer;
  let hosts: Hosts;
  beforeAll(async () => {
    hosts = openHosts(4);
    server = await QueueServer.start(binary, hosts.serverSettings);
  });
  afterAll(async () => {
    hosts.remove();
    await server.remove();
  });

  test('200 cells on three hosts are one local run, whatever dies, is cut off or restarts meanwhile', async () => {
    const out = `queue-${product}`;
    const [first, second, third, home] = hosts.hosts as [Host, Host, Host, Host];
    const url = `redis://${home.server}:${server.port}`;
    const start = (host: Host) => startWorkerOn(host, url, directory, '--jobs', '1');
    const workers = await Promise.all([first, second, third].map(start));
    const sweep = ['sweep', ...MANY, '--queue', url, '--out', at(out)];
    const producer = home.start(sweep);
    await producer.until(async () => (await records(out)) >= 5);
    // One worker dies, and another is cut off for longer than the others wait for it.
    await endOf(workers[0]!, 'SIGKILL');
    second.cut();
    await producer.until(async () => (await records(out)) >= 15);
    await server.crash();
    await server.begin();
    await producer.until(async () => (await records(out)) >= 25);
    await endOf(producer, 'SIGKILL');
    const [, id = ''] = /sweep ([0-9a-f]{16}):/.exec(producer.said()) ?? [];
    const listing = await slablab(['queue', server.url, '--json']);
    expect(JSON.parse(listing.stdout)).toMatchObject({ sweeps: [{ id, state: 'running', cells: 200 }] });
    second.mend();
    const again = home.start(['sweep', '--attach', id, '--queue', url, '--out', at(out)]);
    await again.until(async () => (await records(out)) >= 40);
    // Who waits for a server that began anew while the network was cut hears nothing of it.
    home.cut();
    await server.crash();
    await server.begin();
    home.mend();
    const attached = await again.end;
    expect(attached.exitCode).toBe(0);
    expect(attached.stderr).toMatch(/\d+ of 200 cells taken over from/);
    for (const extension of ['.json', '.jsonl'] as const) {
      expect(await untimed(at(out), extension)).toBe(await untimed(at('local'), extension));
    }
    expect((await readdir(join(at(out), `${NAME}.cells`))).length).toBe(200);
    await Promise.all(workers.slice(1).map((worker) => endOf(worker)));
    const redis = server.client();
    const keys = await redis.keys('{slab}:[siw]:*');
    redis.disconnect();
    // Nothing stays of the sweep, and of the workers only what the killed one had said.
    expect(keys.filter((key) => !key.startsWith('{slab}:w:'))).toEqual([]);
  });

  test('a server without memory delays results, and loses none', async () => {
    const redis = server.client();
    const few = [...CELLS, '--axis', `seed=${numbers(12)}`];
    const worker = await startWorker(server.url, directory, '--jobs', '1');
    const producer = start(['sweep', ...few, '--queue', server.url, '--json', '--quiet']);
    await expect.poll(() => redis.exists('{slab}:sweeps')).toBe(1);
    await redis.config('SET', 'maxmemory', '1');
    await expect.poll(async () => /oom|OOM/.test(await redis.info('errorstats'))).toBe(true);
    await redis.config('SET', 'maxmemory', '0');
    const { stdout, exitCode } = await producer.end;
    expect(exitCode).toBe(0);
    expect((JSON.parse(stdout) as { cells: unknown[] }).cells.length).toBe(12);
    await endOf(worker);
    redis.disconnect();
  });
});
