/** A standalone lab at maxmemory: the model decides on eviction, and replies agree with it. */
import { describe, expect, test } from 'vitest';
import { RawClient, withStandalone } from './support/servers.js';

const KEYS = 5000;

async function ask(client: RawClient, line: string): Promise<string> {
  return (await client.write(`${line}\r\n`).next())!;
}

/** Returns used_memory of INFO. */
async function usedMemory(client: RawClient): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await ask(client, 'INFO memory'))?.[1]);
}

describe('standalone with maxmemory', () => {
  test('evicted keys are missing from the replies to every client', () =>
    withStandalone(async (standalone) => {
      const clients = await Promise.all([1, 2, 3].map(() => RawClient.open(standalone.port)));
      const [first] = clients as [RawClient];
      const room = (await usedMemory(first)) + 500_000;
      expect(await ask(first, 'CONFIG SET maxmemory-policy allkeys-random')).toBe('+OK\r\n');
      // The next commands arrive in one pipeline, and from other clients at the same time.
      first.write(`CONFIG SET maxmemory ${room}\r\n`);
      for (let key = 0; key < KEYS; key++) {
        clients[key % 3]!.write(`SET key:${key} ${'v'.repeat(200)}\r\n`);
      }
      for (const client of clients) {
        for (const reply of await client.nexts(Math.ceil(KEYS / 3) - (client === clients[2] ? 1 : 0))) {
          expect(reply).toBe('+OK\r\n');
        }
      }
      expect(await first.next()).toBe('+OK\r\n');
      // Without this, the queries would cause further evictions.
      await ask(first, 'CONFIG SET maxmemory 0');
      const held = Number((await ask(first, 'DBSIZE')).slice(1));
      expect(held).toBeGreaterThan(1000);
      expect(held).toBeLessThan(2500);
      expect((await standalone.summary()).lab).toMatchObject({ keys: held, failure: null });
      let there = 0;
      for (let key = 0; key < KEYS; key++) first.write(`EXISTS key:${key}\r\n`);
      for (const reply of await first.nexts(KEYS)) there += Number(reply?.slice(1));
      expect(there).toBe(held);
      for (const client of clients) client.close();
    }));

  test('noeviction: commands that need memory are refused, in transactions too', () =>
    withStandalone(async (standalone) => {
      const client = await RawClient.open(standalone.port);
      await ask(client, 'SET a 1');
      await ask(client, 'MULTI');
      expect(await ask(client, 'SET queued 1')).toBe('+QUEUED\r\n');
      const other = await RawClient.open(standalone.port);
      expect(await ask(other, 'CONFIG SET maxmemory 1')).toBe('+OK\r\n');
      const full = "OOM command not allowed when used memory > 'maxmemory'.";
      expect(await ask(client, 'EXEC')).toBe(`-EXECABORT Transaction discarded because of: ${full}\r\n`);
      expect(await ask(client, 'SET b 1')).toBe(`-${full}\r\n`);
      expect(await ask(client, 'GET a')).toBe('$1\r\n1\r\n');
      expect(await ask(client, 'MULTI')).toBe('+OK\r\n');
      expect(await ask(client, 'GET a')).toBe(`-${full}\r\n`);
      expect(await ask(client, 'EXEC')).toMatch(
        /^-EXECABORT Transaction discarded because of previous errors/,
      );
      expect(await ask(client, 'DEL a')).toBe(':1\r\n');
      expect(await ask(client, 'CONFIG SET maxmemory 0')).toBe('+OK\r\n');
      expect(await ask(client, 'SET b 1')).toBe('+OK\r\n');
      expect((await standalone.summary()).lab?.keys).toBe(1);
      client.close();
      other.close();
    }));
});
