/** A queue whose server loses its data or speaks TLS, a cell that kills its workers, and the time to cancel. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SweepResult } from '#slablab/src/sweep/sweep-result.js';
import { slablab } from '../support/cli.js';
import { LONG_WORKLOAD } from '../support/long-workload.js';
import { type Running, start } from '../support/running.js';
import { withoutTiming } from '../support/without-timing.js';
import { onQueueServers, QueueServer } from './queue-server.js';
import { endOf, NAME, startWorker, untimed } from './sweeps.js';

const SMALL = ['scattered-delete', '--set', 'keys=3000', '--set', 'order=random'];
const SEEDS = Array.from({ length: 40 }, (_, seed) => seed).join(',');
const MANY = [...SMALL, '--axis', `seed=${SEEDS}`];
/** One cell takes many seconds. */
const ENDLESS = ['scattered-delete', '--axis', 'keys=300,400,5000000'];

let directory: string;
const at = (name: string) => join(directory, name);
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-losses-'));
  await slablab(['sweep', ...MANY, '--out', at('local'), '--quiet']);
});
afterAll(() => rm(directory, { recursive: true }));

async function recordsIn(out: string): Promise<number> {
  const text = await readFile(join(at(out), `${NAME}.jsonl`), 'utf8').catch(() => '');
  return text.split('\n').length - 2;
}

/** Whether a worker with --metrics runs a slice now. */
async function runsSomething(worker: Running): Promise<boolean> {
  const [, url = ''] = /figures at (\S+)/.exec(worker.said()) ?? [];
  return (await (await fetch(url)).text()).includes('slablab_slices_running 1');
}

onQueueServers((binary, product) => {
  const named = (name: string) => `${name}-${product}`;

  test.each([
    [
      'FLUSHALL',
      async (server: QueueServer) => {
        const redis = server.client();
        await redis.flushall();
        redis.disconnect();
      },
    ],
    [
      'a restart without its data',
      async (server: QueueServer) => {
        await server.crash();
        await server.begin();
      },
    ],
  ] as const)('%s in the middle costs no cell, and no result is counted twice', async (loss, lose) => {
    const out = named(loss.replaceAll(' ', '-'));
    const server = await QueueServer.start(binary, ['--appendonly', 'no']);
    const workers = await Promise.all([1, 2].map(() => startWorker(server.url, directory, '--jobs', '1')));
    const producer = start(['sweep', ...MANY, '--queue', server.url, '--out', at(out)]);
    await producer.until(async () => (await recordsIn(out)) >= 5);
    await lose(server);
    const { exitCode, stderr } = await producer.end;
    expect(stderr).toContain('the server has lost the sweep; what is not finished is queued again');
    expect(exitCode).toBe(0);
    for (const extension of ['.json', '.jsonl'] as const) {
      expect(await untimed(at(out), extension)).toBe(await untimed(at('local'), extension));
    }
    await Promise.all(workers.map((worker) => endOf(worker)));
    await server.remove();
  });

  test('a cell that three workers die of is a row that says so, and the others are measured', async () => {
    const server = await QueueServer.start(binary);
    const out = named('poisoned');
    const workers = await Promise.all(
      [1, 2, 3, 4].map(() => startWorker(server.url, directory, '--jobs', '1', '--metrics', '0')),
    );
    const producer = start(['sweep', ...ENDLESS, '--queue', server.url, '--out', at(out), '--json']);
    await producer.until(async () => (await recordsIn(out)) === 2);
    const left = new Set(workers);
    while (left.size > 1) {
      let victim: Running | undefined;
      await producer.until(async () => {
        for (const worker of left) if (await runsSomething(worker)) victim = worker;
        return victim !== undefined;
      });
      await endOf(victim!, 'SIGKILL');
      left.delete(victim!);
    }
    const { exitCode, stdout } = await producer.end;
    expect(exitCode).toBe(0);
    const { cells, isComplete } = JSON.parse(stdout) as SweepResult;
    expect(isComplete).toBe(true);
    expect(cells.map(({ error }) => error?.name)).toEqual([undefined, undefined, 'LostWorkerError']);
    expect(cells[2]?.error?.message).toContain('its worker was lost in each try');
    // What was lost may succeed another time, so the journal does not have it.
    expect(await recordsIn(out)).toBe(2);
    await Promise.all([...left].map((worker) => endOf(worker)));
    await server.remove();
  });

  test('running cells stop within a second of a cancellation', async () => {
    const server = await QueueServer.start(binary);
    const worker = await startWorker(server.url, directory, '--jobs', '1', '--metrics', '0');
    const isRunning = () => runsSomething(worker);
    const redis = server.client();
    const times: number[] = [];
    // Other work of the machine makes a try longer and never shorter.
    for (let attempt = 0; attempt < 5 && !times.some((ms) => ms < 1000); attempt++) {
      const producer = start(['sweep', ...LONG_WORKLOAD, '--axis', 'firstBytes=10', '--queue', server.url]);
      await producer.until(isRunning);
      const [id = ''] = await redis.smembers('{slab}:sweeps');
      const cancelledAt = performance.now();
      await redis.hset(`{slab}:s:${id}`, 'state', 'cancelled');
      await expect.poll(isRunning, { interval: 10 }).toBe(false);
      times.push(performance.now() - cancelledAt);
      expect((await producer.end).exitCode).toBe(143);
    }
    expect(Math.min(...times)).toBeLessThan(1000);
    redis.disconnect();
    await endOf(worker);
    await server.remove();
  });

  test('TLS with the certificate of an own authority; without it, the error says what is missing', async () => {
    const ca = await makeCertificate();
    const server = await QueueServer.start(binary, [], { cert: at('server.pem'), key: at('server.key') });
    const trusted = ['--queue-ca', ca];
    const worker = await startWorker(server.url, directory, '--jobs', '1', ...trusted);
    const sweep = ['sweep', ...SMALL, '--axis', 'seed=1,2', '--json', '--quiet'];
    const local = await slablab(sweep);
    const there = await slablab([...sweep, '--queue', server.url, ...trusted]);
    expect(there.stderr).toBe('');
    expect(withoutTiming(JSON.parse(there.stdout))).toEqual(withoutTiming(JSON.parse(local.stdout)));
    for (const command of [
      ['queue', server.url],
      ['worker', server.url],
      ['bench', '--queue', server.url],
    ]) {
      const { exitCode, stderr } = await slablab(command);
      expect(stderr).toContain('give the certificate of its authority with --queue-ca');
      expect(exitCode).toBe(2);
    }
    const plain = await slablab(['queue', server.url.replace('rediss:', 'redis:')]);
    expect(plain.exitCode).toBe(2);
    await endOf(worker);
    await server.remove();
  });
});

/** Makes a certificate for 127.0.0.1, which is its own authority. Returns its path. */
async function makeCertificate(): Promise<string> {
  const conf = at('openssl.cnf');
  await writeFile(
    conf,
    '[req]\ndistinguished_name=dn\nx509_extensions=v3\nprompt=no\n[dn]\nCN=localhost\n' +
      '[v3]\nsubjectAltName=IP:127.0.0.1\nbasicConstraints=CA:TRUE\n',
  );
  const files = ['-keyout', at('server.key'), '-out', at('server.pem')];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-config', conf, ...files],
    { stdio: 'ignore' },
  );
  return at('server.pem');
}
