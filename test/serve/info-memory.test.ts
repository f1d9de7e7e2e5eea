/** INFO memory of a standalone lab has the fields of a server, in their order, and its figures fit each other. */
import { expect, test } from 'vitest';
import { explain } from '#slablab/src/analysis/index.js';
import { withRealServer } from '../support/real-server.js';
import { RawClient, startServer, withStandalone } from './support/servers.js';

/** What the lab does not know: the peak, the start, the machine, Lua, and what was freed in the background. */
const NOT_KNOWN =
  /^(?:used_memory_(?:peak|startup|dataset_perc|lua|vm_|functions|scripts)|total_system_memory|lazyfreed_objects)(?!_eval)/;

async function infoOf(port: number): Promise<Map<string, string>> {
  const client = await RawClient.open(port);
  const said = await client.write('INFO memory\r\n').next();
  client.close();
  return new Map(
    [...(said ?? '').matchAll(/^(\w+):(.*)\r$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

withRealServer('the fields of the server, in their order', async (binary) => {
  const server = await startServer(binary);
  const theirs = [...(await infoOf(server.port)).keys()].filter((name) => !NOT_KNOWN.test(name));
  await server.stop();
  await withStandalone(
    async ({ port }) => {
      const own = [...(await infoOf(port)).keys()];
      expect(own.slice(0, own.indexOf('mem_lab_health'))).toEqual(theirs);
    },
    { server: 'redis-7.0' },
  );
});

test('the figures fit each other, and explain reads them', () =>
  withStandalone(
    async ({ port }) => {
      const client = await RawClient.open(port);
      await client.write('DEBUG POPULATE 20000 k 100\r\nCONFIG SET maxmemory 64mb\r\n').nexts(2);
      client.close();
      const info = await infoOf(port);
      const figure = (name: string) => Number(info.get(name));
      expect(figure('used_memory_overhead') + figure('used_memory_dataset')).toBe(figure('used_memory'));
      expect(figure('mem_fragmentation_bytes')).toBe(figure('used_memory_rss') - figure('used_memory'));
      expect(figure('allocator_rss_bytes')).toBe(figure('allocator_resident') - figure('allocator_active'));
      expect(info.get('maxmemory_human')).toBe('64.00M');
      expect(info.get('used_memory_human')).toBe(`${(figure('used_memory') / 2 ** 20).toFixed(2)}M`);
      expect(info.get('mem_allocator')).toMatch(/^jemalloc-5\.\d\.\d$/);
      const text = [...info].map(([name, value]) => `${name}:${value}\n`).join('');
      const { rss, notes } = explain([{ name: 'lab', text }]);
      expect(rss).toBe(figure('used_memory_rss'));
      expect(notes.filter(({ kind }) => kind === 'contradicted')).toEqual([]);
    },
    { server: 'valkey-9.1' },
  ));
