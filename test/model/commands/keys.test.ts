import { describe, expect, test } from 'vitest';
import { newServer } from '../../support/redis.js';

describe.each(['redis-7.0', 'redis-7.2', 'valkey-8.0'])('%s', (version) => {
  test('fuzz of names: what is live is what used memory says, whatever happens to keys', () => {
    const { server, execute, executeAs, liveBytes } = newServer(version);
    let seed = 7;
    const below = (limit: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % limit;
    };
    const key = () => `key:${below(200)}`;
    for (let step = 0; step < 20_000; step++) {
      const kind = below(20);
      if (kind < 6) execute('SET', key(), 'x'.repeat(below(120)));
      else if (kind < 7) execute('SET', key(), 'x'.repeat(below(120)), 'PX', `${1 + below(3000)}`);
      else if (kind < 8) execute('SET', key(), `${below(20_000)}`);
      else if (kind < 9) execute('APPEND', key(), 'y'.repeat(below(60)));
      else if (kind < 10) execute('INCR', key());
      else if (kind < 11) execute('RENAME', key(), key());
      else if (kind < 12) execute('COPY', key(), key(), 'REPLACE');
      else if (kind < 13) execute('MOVE', key(), `${below(4)}`);
      else if (kind < 14) execute('EXPIRE', key(), `${below(3)}`);
      else if (kind < 15) execute('PERSIST', key());
      else if (kind < 16) execute('SELECT', `${below(4)}`);
      else if (kind < 17) execute('SETRANGE', key(), `${below(200)}`, 'abc');
      else if (kind < 18) execute('GETSET', key(), 'z'.repeat(below(60)));
      else if (kind < 19) execute('DEL', key(), key());
      else executeAs(below(3), step, 'MGET', key(), key());
      if (step % 5000 === 4999) execute('FLUSHDB', step % 10_000 === 9999 ? 'ASYNC' : 'SYNC');
    }
    server.settle();
    expect(server.unknown.counts.size).toBe(0);
    expect(server.heap.used).toBe(liveBytes());
  });

  test('a synchronous flush purges, an asynchronous one frees in the other thread', () => {
    const { execute, operations } = newServer(version);
    for (let key = 0; key < 10; key++) execute('SET', `key:${key}`, 'x');
    operations();
    execute('FLUSHALL', 'SYNC');
    expect(operations()).toContain('purge 0');
    for (let key = 0; key < 10; key++) execute('SET', `key:${key}`, 'x');
    operations();
    execute('FLUSHALL', 'ASYNC');
    const lines = operations();
    expect(lines).not.toContain('purge 0');
    expect(lines).toContain('thread 1');
    expect(lines.lastIndexOf('thread 0')).toBeGreaterThan(lines.indexOf('thread 1'));
  });

  test('a table grows by doubling, and gives the old array back when all is moved', () => {
    const { execute, operations } = newServer(version);
    for (let key = 0; key < 17; key++) execute('SET', `key:${key}`, 'x');
    const arrays = operations().filter((line) => line.includes('bucket array'));
    expect(arrays).toEqual([
      'calloc 32 (bucket array)',
      'calloc 64 (bucket array)',
      'free 32 (bucket array)',
      'calloc 128 (bucket array)',
      'free 64 (bucket array)',
      'calloc 256 (bucket array)',
    ]);
  });

  test('SCAN meets every key once while the table stays as it is', () => {
    const { server, execute } = newServer(version);
    for (let key = 0; key < 1000; key++) execute('SET', `key:${key}`, 'x');
    execute('SCAN', '0', 'COUNT', '100');
    execute('KEYS', 'key:1*');
    execute('RANDOMKEY');
    expect(server.databases[0]?.size).toBe(1000);
  });
});

describe('transactions', () => {
  test('commands wait with their arguments, and are carried out in order', () => {
    const { server, execute, operations } = newServer();
    for (const name of ['MULTI', 'EXEC']) execute(name);
    execute('SET', 'a', 'x');
    operations();
    execute('MULTI');
    execute('SET', 'b', 'x');
    execute('SET', 'c', 'x');
    execute('SET', 'd', 'x');
    expect(server.databases[0]?.size).toBe(1);
    expect(operations().filter((line) => line.includes('transaction'))).toEqual([
      'malloc 48 (transaction)',
      'realloc 96 (transaction)',
    ]);
    execute('EXEC');
    expect(server.databases[0]?.size).toBe(4);
    expect(operations().filter((line) => line.includes('transaction'))).toEqual(['free 96 (transaction)']);
    expect(server.heap.used).toBeGreaterThan(0);
  });

  test('a watched key that another client changes makes EXEC do nothing', () => {
    const { server, executeAs, liveBytes } = newServer();
    executeAs(0, 0, 'WATCH', 'k', 'l');
    executeAs(1, 0, 'SET', 'k', 'x');
    executeAs(0, 0, 'MULTI');
    executeAs(0, 0, 'SET', 'other', 'x');
    executeAs(0, 0, 'EXEC');
    expect(server.databases[0]?.size).toBe(1);
    server.settle();
    expect(server.heap.used).toBe(liveBytes());
  });

  test('an unknown command breaks the transaction, and is counted', () => {
    const { server, execute } = newServer();
    execute('MULTI');
    execute('FROBNICATE', 'a');
    execute('SET', 'a', 'x');
    execute('EXEC');
    expect(server.databases[0]?.size).toBe(0);
    expect([...server.unknown.counts]).toEqual([['FROBNICATE', 1]]);
  });
});

test('scripts: the text stays as long as the cache does', () => {
  const { server, execute, liveBytes, operations } = newServer();
  execute('SCRIPT', 'LOAD', 'return 1');
  execute('SCRIPT', 'FLUSH');
  const before = liveBytes();
  execute('SCRIPT', 'LOAD', 'return 2');
  expect(liveBytes()).toBeGreaterThan(before);
  execute('EVAL', 'return 2', '0');
  execute('EVALSHA', '7f923f79fe76194c868d7e1d0820de36700eb649', '0');
  execute('SCRIPT', 'FLUSH');
  operations();
  expect(server.scripts.sourceBytes).toBe(0);
  expect(server.heap.used).toBe(liveBytes());
});
