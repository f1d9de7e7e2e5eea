import { describe, expect, test } from 'vitest';
import { newServer } from '../../support/redis.js';

describe.each(['redis-7.0', 'redis-7.2', 'valkey-8.0'])('%s', (version) => {
  test('a key that has expired is deleted by whoever looks for it', () => {
    const { server, execute, executeAs } = newServer(version);
    execute('CONFIG', 'SET', 'hz', '1');
    execute('SET', 'k', 'x', 'PX', '50');
    executeAs(0, 50, 'GET', 'k');
    expect(server.databases[0]?.size).toBe(1);
    executeAs(0, 51, 'GET', 'k');
    expect(server.databases[0]?.size).toBe(0);
    expect(server.databases[0]?.expires.used).toBe(0);
  });

  test('cron deletes expired keys, each looked up by an object of the moment', () => {
    const { server, execute, executeAs, operations } = newServer(version);
    for (let key = 0; key < 1000; key++) execute('SET', `key:${key}`, 'x', 'PX', `${1000 + (key % 10)}`);
    operations();
    executeAs(0, 3000, 'PING');
    expect(server.databases[0]?.size).toBe(0);
    expect(
      operations().filter((line) => line.startsWith('malloc') && line.includes('temporary')).length,
    ).toBe(1000);
  });

  test('after a while without commands the query buffer goes', () => {
    const { execute, executeAs, operations, server } = newServer(version);
    execute('SET', 'a', 'b');
    operations();
    server.advanceTo(1900);
    expect(operations().filter((line) => line.includes('query buffer'))).toEqual([]);
    server.advanceTo(3000);
    const changes = operations().filter((line) => line.includes('query buffer'));
    // One command leaves nothing in the shared buffer, which stays.
    if (version === 'valkey-8.0') expect(changes).toEqual([]);
    else expect(changes).toEqual(['malloc 4 (query buffer)', 'free 16390 (query buffer)']);
    executeAs(0, 3100, 'SET', 'a', 'b');
  });

  test('a table that has been emptied by nine tenths shrinks', () => {
    const { server, execute } = newServer(version);
    for (let key = 0; key < 1000; key++) execute('SET', `key:${key}`, 'x');
    for (let key = 0; key < 950; key++) execute('DEL', `key:${key}`);
    server.advanceTo(10_000);
    expect(server.databases[0]?.keys.buckets).toBeLessThanOrEqual(256);
    expect(server.heap.used).toBeGreaterThan(0);
  });

  test.each([
    'allkeys-lru',
    'allkeys-lfu',
    'allkeys-random',
    'volatile-lru',
    'volatile-ttl',
    'volatile-random',
  ])('maxmemory with %s holds used memory down', (policy) => {
    const { server, execute } = newServer(version);
    const limit = server.heap.used + 2_000_000;
    execute('CONFIG', 'SET', 'maxmemory', `${limit}`, 'maxmemory-policy', policy);
    for (let key = 0; key < 5000; key++)
      execute('SET', `key:${key}`, 'x'.repeat(1000), 'EX', `${1000 + key}`);
    expect(server.heap.used).toBeLessThan(limit + 4000);
    expect(server.databases[0]?.size).toBeGreaterThan(500);
    expect(server.databases[0]?.size).toBeLessThan(2000);
    expect(server.databases[0]?.expires.used).toBe(server.databases[0]?.size);
  });

  test('maxmemory with noeviction refuses what would take more', () => {
    const { server, execute } = newServer(version);
    execute('CONFIG', 'SET', 'maxmemory', `${server.heap.used + 1_000_000}`);
    for (let key = 0; key < 5000; key++) execute('SET', `key:${key}`, 'x'.repeat(1000));
    const { size } = server.databases[0] ?? { size: 0 };
    expect(size).toBeGreaterThan(500);
    expect(size).toBeLessThan(1000);
    execute('DEL', 'key:0', 'key:1');
    expect(server.databases[0]?.size).toBe(size - 2);
  });
});
