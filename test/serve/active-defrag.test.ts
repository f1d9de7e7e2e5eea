/** A standalone lab with active defragmentation: CONFIG SET turns it on and off, and INFO counts what it does. */
import { expect, test } from 'vitest';
import { RawClient, withStandalone } from './support/servers.js';

const KEYS = 3000;

async function ask(client: RawClient, line: string): Promise<string> {
  return (await client.write(`${line}\r\n`).next())!;
}

/** Returns a field of a section of INFO, which has it once. */
async function field(client: RawClient, section: string, name: string): Promise<number> {
  const found = [...(await ask(client, `INFO ${section}`)).matchAll(new RegExp(`^${name}:(\\d+)\\r$`, 'gm'))];
  expect([name, found.length]).toEqual([name, 1]);
  return Number(found[0]![1]);
}

test('scattered values move together, and INFO says how many', () =>
  withStandalone(
    async (standalone) => {
      const client = await RawClient.open(standalone.port);
      for (let key = 0; key < KEYS; key++) client.write(`SET key:${key} ${'v'.repeat(1000)}\r\n`);
      await client.nexts(KEYS);
      for (let key = 0; key < KEYS; key += 2) client.write(`DEL key:${key}\r\n`);
      await client.nexts(KEYS / 2);
      for (const name of ['hits', 'misses', 'key_hits', 'key_misses']) {
        expect(await field(client, 'stats', `active_defrag_${name}`)).toBe(0);
      }
      const active = await field(client, 'memory', 'allocator_active');
      for (const setting of ['ignore-bytes 1kb', 'threshold-lower 5', 'cycle-max 75']) {
        expect(await ask(client, `CONFIG SET active-defrag-${setting}`)).toBe('+OK\r\n');
      }
      expect(await ask(client, 'CONFIG SET active-defrag-cycle-max 100')).toMatch(/^-ERR CONFIG SET failed/);
      expect(await ask(client, 'CONFIG SET activedefrag yes')).toBe('+OK\r\n');
      expect(await ask(client, 'CONFIG GET activedefrag')).toContain('yes');
      await expect.poll(() => field(client, 'all', 'active_defrag_hits')).toBeGreaterThan(500);
      await expect.poll(() => field(client, 'memory', 'allocator_active')).toBeLessThan(active);
      expect(await field(client, 'stats', 'active_defrag_key_hits')).toBeGreaterThan(500);
      expect(await ask(client, 'CONFIG SET activedefrag no')).toBe('+OK\r\n');
      await expect.poll(() => field(client, 'memory', 'active_defrag_running')).toBe(0);
      client.close();
    },
    { server: 'redis-8.0' },
  ));

test('the build of distributions refuses it, when the lab starts and later', async () => {
  await withStandalone(
    async (standalone) => {
      const client = await RawClient.open(standalone.port);
      expect(await ask(client, 'CONFIG SET activedefrag yes')).toMatch(
        /^-ERR CONFIG SET failed \(possibly related to argument 'activedefrag'\) - Active defragmentation cannot be enabled: /,
      );
      client.close();
    },
    { server: 'redis-8.0', build: 'q4' },
  );
  const serverSettings = { isCluster: false, settings: [['activedefrag', 'yes']] as const };
  const started = withStandalone(async () => {}, { server: 'valkey-8.0', build: 'q4', serverSettings });
  await expect(started).rejects.toThrow('requires a server compiled with a modified Jemalloc');
});

test.each([
  ['redis-7.0', 'active less allocated bytes'],
  ['redis-8.6', 'nothing'],
  ['valkey-9.1', 'nothing'],
] as const)('on the build of distributions, what %s calls fragmentation is %s', (server, what) =>
  withStandalone(
    async (standalone) => {
      const client = await RawClient.open(standalone.port);
      const info = await ask(client, 'INFO memory');
      const [allocated = 0, active = 0, ratio, bytes] = [
        'allocated',
        'active',
        'frag_ratio',
        'frag_bytes',
      ].map((name) => Number(new RegExp(`^allocator_${name}:(.*)\\r$`, 'm').exec(info)?.[1]));
      const difference = what === 'nothing' ? 0 : active - allocated;
      expect([bytes, ratio]).toEqual([difference, Number((1 + difference / allocated).toFixed(2))]);
      expect(active).toBeGreaterThan(allocated);
      client.close();
    },
    { server, build: 'q4' },
  ),
);
