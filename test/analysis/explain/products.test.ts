import { expect, test } from 'vitest';
import { explain } from '#slablab/src/analysis/index.js';

const MEMORY =
  'used_memory:1000000000\nused_memory_rss:2200000000\nallocator_allocated:1010000000\nallocator_active:2000000000\n' +
  'allocator_resident:2100000000\n';
const JEMALLOC = `${MEMORY}mem_allocator:jemalloc-5.3.0\n`;

function explained(server: string, memory = JEMALLOC) {
  return explain([{ name: 'info', text: `# Server\n${server}\n# Memory\n${memory}` }]);
}

test.each([
  ['redis_version:7.2.6', 'redis', '7.2.6', 'redis-cli CONFIG SET activedefrag yes'],
  ['redis_version:8.6.3', 'redis', '8.6.3', 'redis-cli CONFIG SET activedefrag yes'],
  [
    'redis_version:7.2.4\nserver_name:valkey\nvalkey_version:9.1.2',
    'valkey',
    '9.1.2',
    'valkey-cli CONFIG SET activedefrag yes',
  ],
  ['redis_version:7.2.4\nredict_version:7.3.0', 'Redict', '7.3.0', 'redict-cli CONFIG SET activedefrag yes'],
  ['redis_version:6.3.4\nthread_0_clients:2', 'KeyDB', '6.3.4', undefined],
  // Managed servers refuse CONFIG.
  ['redis_version:7.1.0\nos:Amazon ElastiCache', 'Amazon ElastiCache', '7.1.0', undefined],
  [
    'redis_version:7.2.4\nserver_name:valkey\nvalkey_version:8.0.1\nos:Amazon ElastiCache',
    'Amazon ElastiCache',
    '8.0.1',
    undefined,
  ],
  ['redis_version:7.1.0\nos:Amazon MemoryDB', 'Amazon MemoryDB', '7.1.0', undefined],
  ['redis_version:7.4.0\nrlec_version:7.22.0-28', 'Redis Enterprise', '7.22.0-28', undefined],
  ['redis_version:7.0.0\nmemurai_version:4.0.3', 'memurai', '4.0.3', undefined],
])('%j is named %s', (server, product, version, command) => {
  const explanation = explained(server);
  expect(explanation.server).toMatchObject({ product, version, allocator: 'jemalloc-5.3.0' });
  expect(explanation.act).toBe('holes');
  const holes = explanation.parts.find(({ name }) => name === 'holes');
  if (product !== 'KeyDB') expect(holes?.server[0]).toBe(command);
  // A jemalloc other than KeyDB's own has no hint of defragmentation.
  else expect(holes?.verdict).toBe('restart');
});

test.each([
  ['redis_version:6.2.11\ndragonfly_version:df-v1.12.0', 'Dragonfly', 'mimalloc'],
  ['redis_version:7.4.3\ngarnet_version:1.0.50', 'Garnet', '.NET'],
  ['pika_version:3.5.5', 'Pika', 'tcmalloc'],
])('%j: %s has no jemalloc, and no command is given', (server, product, allocator) => {
  const explanation = explained(server, 'used_memory:1000000000\nused_memory_rss:2200000000\n');
  expect(explanation.server).toMatchObject({ product, allocator });
  expect(explanation.parts.every(({ lab }) => lab === null)).toBe(true);
  expect(explanation.parts.find(({ name }) => name === 'other-allocator')?.verdict).toBe('not-jemalloc');
  expect(explanation.notes).toContainEqual(expect.objectContaining({ kind: 'product' }));
});

test('Kvrocks prints its RSS alone', () => {
  const explanation = explained(
    'kvrocks_version:2.17.0\nredis_version:7.0.0',
    'used_memory_rss:2200000000\n',
  );
  expect(explanation.server).toMatchObject({ product: 'Kvrocks', version: '2.17.0' });
  expect(explanation).toMatchObject({ rss: 2_200_000_000, used: null });
});

test('a product whose INFO has no memory to split is named', () => {
  const memory = 'system_page_size:4096\nproc_physical_memory_size:200000000\n';
  expect(() => explained('garnet_version:1.0.50\nredis_version:7.4.3', memory)).toThrow(
    /^info: INFO has neither used memory nor RSS to split\. Garnet runs on \.NET/,
  );
});

test.each([
  'Sam, I detected a few issues in this Redis instance memory implants:\n\n * Peak memory: In the past',
  "Hi Sam, I can't find any memory issue in your instance.",
  '1) "Hi Sam, this instance is empty or is using very little memory"',
])('what MEMORY DOCTOR says is named: %j', (text) => {
  expect(() => explain([{ name: 'doctor', text }])).toThrow(
    /^doctor, line 1: `.*`: what MEMORY DOCTOR says, which has no figures; give what `redis-cli INFO memory`/,
  );
});
