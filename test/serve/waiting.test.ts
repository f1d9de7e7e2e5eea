/** Clients of a standalone lab that wait, and subscribers, over their connections. */
import { describe, expect, test } from 'vitest';
import type { Standalone } from '#slablab/src/serve/standalone.js';
import { resp } from '../input/support/resp.js';
import { RawClient, withStandalone } from './support/servers.js';

const POPPED = '*2\r\n$1\r\nk\r\n$1\r\nx\r\n';

async function ask(client: RawClient, line: string): Promise<string> {
  return (await client.write(`${line}\r\n`).next())!;
}

/** Waits until as many clients wait as are wanted. */
async function waiting(client: RawClient, wanted: number): Promise<void> {
  const count = async () => Number(/blocked_clients:(\d+)/.exec(await ask(client, 'INFO clients'))?.[1]);
  await expect.poll(count).toBe(wanted);
}

/** Holds that the model has the keys that the store has, and that nothing was left out. */
async function agrees(standalone: Standalone, client: RawClient): Promise<void> {
  const keys = Number((await ask(client, 'DBSIZE')).slice(1));
  const { lab, gaps } = await standalone.summary();
  expect(lab).toMatchObject({ keys, failure: null });
  expect(lab?.failedCommands.count).toBe(0);
  expect(gaps).toEqual([]);
}

async function withClients(
  work: (clients: readonly RawClient[], standalone: Standalone) => Promise<void>,
  server = 'redis-7.0',
): Promise<void> {
  await withStandalone(
    async (standalone) => {
      const clients = await Promise.all([1, 2, 3].map(() => RawClient.open(standalone.port)));
      await work(clients, standalone);
      await agrees(standalone, clients[2]!);
      for (const client of clients) client.close();
    },
    { server },
  );
}

describe.each(['redis-7.0', 'valkey-9.1'])('%s', (server) => {
  test('a push serves the client that waits, and what it has sent after that follows', () =>
    withClients(async ([a, b, c]) => {
      a!.write('BLPOP k 0\r\nSET after 1\r\nINCR after\r\n');
      await waiting(c!, 1);
      expect(await ask(b!, 'EXISTS after')).toBe(':0\r\n');
      expect(await ask(b!, 'RPUSH k x y')).toBe(':2\r\n');
      expect(await a!.nexts(3)).toEqual([POPPED, '+OK\r\n', ':2\r\n']);
      expect(await ask(b!, 'LRANGE k 0 -1')).toBe('*1\r\n$1\r\ny\r\n');
    }, server));

  test('several pushes in one pipeline serve one client each', () =>
    withClients(async ([a, b, c]) => {
      a!.write('BLPOP k 0\r\n');
      await waiting(c!, 1);
      b!.write('RPUSH k x\r\nLLEN k\r\nRPUSH k y\r\nLPOP k\r\n');
      expect(await b!.nexts(4)).toEqual([':1\r\n', ':0\r\n', ':1\r\n', '$1\r\ny\r\n']);
      expect(await a!.next()).toBe(POPPED);
    }, server));

  test('a client that goes while it waits takes nothing', () =>
    withClients(async ([a, b, c]) => {
      a!.write('BLPOP k 0\r\n');
      await waiting(c!, 1);
      a!.close();
      await waiting(c!, 0);
      expect(await ask(b!, 'RPUSH k x')).toBe(':1\r\n');
      expect(await ask(b!, 'LLEN k')).toBe(':1\r\n');
    }, server));

  test('a client that ends its side while it waits takes nothing', () =>
    withClients(async ([a, b, c]) => {
      a!.write('BLPOP k 0\r\nINFO memory\r\n');
      await waiting(c!, 1);
      a!.socket.end();
      await waiting(c!, 0);
      expect(await ask(b!, 'RPUSH k x')).toBe(':1\r\n');
      expect(await ask(b!, 'LLEN k')).toBe(':1\r\n');
    }, server));

  test('the time of a wait ends', () =>
    withClients(async ([a]) => {
      expect(await ask(a!, 'BLPOP k 0.05')).toBe('*-1\r\n');
      expect(await ask(a!, 'WAIT 2 20')).toBe(':0\r\n');
      expect(await ask(a!, 'XREAD BLOCK 10 STREAMS s $')).toBe('*-1\r\n');
      expect(await ask(a!, 'PING')).toBe('+PONG\r\n');
    }, server));

  test('a question of the lab behind a command that waits is answered after it', () =>
    withClients(async ([a, b, c]) => {
      a!.write('BLPOP k 0\r\nINFO rdb_stats\r\n');
      await waiting(c!, 1);
      expect(await ask(b!, 'RPUSH k x')).toBe(':1\r\n');
      expect(await a!.next()).toBe(POPPED);
      expect(await a!.next()).toContain('rdb_stats_list:keys=0');
    }, server));

  test('with a limit of memory, when the model runs first', () =>
    withClients(async ([a, b, c], standalone) => {
      await ask(b!, 'CONFIG SET maxmemory 1gb');
      a!.write('SET p 1\r\nBLPOP k 0\r\nSET q 1\r\n');
      await waiting(c!, 1);
      b!.write('RPUSH k x\r\nLLEN k\r\nRPUSH k y\r\nBLPOP k 0\r\n');
      expect(await b!.nexts(4)).toEqual([':1\r\n', ':0\r\n', ':1\r\n', '*2\r\n$1\r\nk\r\n$1\r\ny\r\n']);
      expect(await a!.nexts(3)).toEqual(['+OK\r\n', POPPED, '+OK\r\n']);
      a!.write('BZPOPMIN z 0.02\r\n');
      expect(await a!.next()).toBe('*-1\r\n');
      await agrees(standalone, b!);
    }, server));

  test('a message goes to each subscriber, in its protocol', () =>
    withClients(async ([a, b, c]) => {
      await ask(b!, 'HELLO 3');
      expect(await ask(a!, 'SUBSCRIBE ch')).toBe('*3\r\n$9\r\nsubscribe\r\n$2\r\nch\r\n:1\r\n');
      expect(await ask(b!, 'PSUBSCRIBE c*')).toBe('>3\r\n$10\r\npsubscribe\r\n$2\r\nc*\r\n:1\r\n');
      expect(await ask(c!, 'PUBLISH ch hello')).toBe(':2\r\n');
      expect(await a!.next()).toBe('*3\r\n$7\r\nmessage\r\n$2\r\nch\r\n$5\r\nhello\r\n');
      expect(await b!.next()).toBe('>4\r\n$8\r\npmessage\r\n$2\r\nc*\r\n$2\r\nch\r\n$5\r\nhello\r\n');
      expect(await ask(a!, 'MEMORY STATS')).toMatch(/^-ERR Can't execute 'memory\|stats'/);
      expect(await ask(b!, 'INFO rdb_stats')).toContain('rdb_stats_list');
      a!.close();
      await expect.poll(() => ask(c!, 'PUBSUB NUMSUB ch')).toBe('*2\r\n$2\r\nch\r\n:0\r\n');
    }, server));
});

test('a command that waits keeps its arguments in memory', () =>
  withClients(async ([a, b, c]) => {
    const used = async () => Number(/used_memory:(\d+)/.exec(await ask(b!, 'INFO memory'))?.[1]);
    const before = await used();
    a!.write(resp('BLPOP', 'k'.repeat(300_000), '0'));
    await waiting(c!, 1);
    expect((await used()) - before).toBeGreaterThan(300_000);
    await ask(b!, `CLIENT UNBLOCK ${(await ask(c!, 'CLIENT LIST')).match(/id=(\d+)[^\n]*flags=b/)?.[1]}`);
    expect(await a!.next()).toBe('*-1\r\n');
    // The query buffer of the long command goes when the client has been idle.
    await expect.poll(async () => (await used()) - before).toBeLessThan(100_000);
  }));

test('a subscriber that does not read is disconnected', () =>
  withClients(async ([a, b]) => {
    await ask(a!, 'SUBSCRIBE ch');
    a!.socket.pause();
    const message = resp('PUBLISH', 'ch', 'm'.repeat(1_000_000));
    const publish = () => b!.write(message).next();
    await expect.poll(publish, { interval: 1 }).toBe(':0\r\n');
  }));
