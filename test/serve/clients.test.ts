/** Common clients and tools, against a tap and a standalone lab. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { describe, expect, test } from 'vitest';
import { withRealServer } from '../support/real-server.js';
import { RawClient, withStandalone, withTap } from './support/servers.js';

const run = promisify(execFile);

async function redisCli(port: number): Promise<void> {
  const cli = async (...words: string[]) =>
    (await run('redis-cli', ['-p', String(port), ...words])).stdout.trimEnd();
  expect(await cli('SET', 'cli:a', '1')).toBe('OK');
  expect(await cli('INCR', 'cli:a')).toBe('2');
  expect(await cli('RPUSH', 'cli:l', 'a', 'b', 'c')).toBe('3');
  expect(await cli('LRANGE', 'cli:l', '0', '-1')).toBe('a\nb\nc');
  expect(await cli('-3', 'HSET', 'cli:h', 'f', 'v')).toBe('1');
  expect(await cli('-3', 'HGETALL', 'cli:h')).toBe('f v');
  expect(await cli('-n', '3', 'DBSIZE')).toBe('0');
  expect(await cli('NOSUCH')).toMatch(/^ERR unknown command/);
  expect(await cli('INFO', 'memory')).toMatch(/^mem_drainability_ratio:\d\.\d{4}\s*$/m);
  expect(await cli('INFO', 'rdb_stats')).toMatch(/^rdb_stats_hash:keys=1,bytes=\d+\s*$/m);
  expect(await cli('BGSAVE', 'STAT_MEMORY')).toMatch(
    /^RDB object stats: total keys=3 mem_bytes=\d+ \| .*\bstring=1\//,
  );
  expect(await cli('BGSAVE', 'SCHEDULE', 'STAT_MEMORY')).toMatch(/^ERR syntax error/);
  expect(await cli('MEMORY', 'DOCTOR')).toContain('bytes are in use');
}

async function ioredis(port: number): Promise<void> {
  const client = new Redis({ port, host: '127.0.0.1' });
  try {
    expect(await client.set('io:a', 'x')).toBe('OK');
    const pipelined = await client
      .pipeline()
      .get('io:a')
      .rpush('io:l', '1', '2')
      .lrange('io:l', 0, -1)
      .exec();
    expect(pipelined?.map(([, value]) => value)).toEqual(['x', 2, ['1', '2']]);
    const transaction = await client.multi().incr('io:n').incr('io:n').exec();
    expect(transaction?.map(([, value]) => value)).toEqual([1, 2]);
    expect(await client.info('memory')).toContain('mem_drainprof_total_extents:');
    await client.select(2);
    expect(await client.get('io:a')).toBeNull();
  } finally {
    client.disconnect();
  }
}

async function nodeRedis(port: number): Promise<void> {
  const client = createClient({ url: `redis://127.0.0.1:${port}`, RESP: 3 });
  await client.connect();
  try {
    expect(await client.set('node:a', 'x')).toBe('OK');
    expect(await client.hSet('node:h', { a: '1', b: '2' })).toBe(2);
    expect({ ...(await client.hGetAll('node:h')) }).toEqual({ a: '1', b: '2' });
    expect(await client.multi().zAdd('node:z', { score: 1, value: 'm' }).zCard('node:z').exec()).toEqual([
      1, 1,
    ]);
    expect(String(await client.info('memory'))).toContain('mem_drainprof_pinned_extents:');
  } finally {
    client.destroy();
  }
}

async function benchmark(port: number): Promise<void> {
  const { stdout } = await run('redis-benchmark', [
    ...['-p', String(port), '-t', 'set,get,lpush,hset,zadd', '-P', '16'],
    ...['-n', '60000', '-r', '20000', '-q'],
  ]);
  expect(stdout.match(/requests per second/g)?.length).toBe(5);
}

describe('standalone', () => {
  for (const [name, drive] of [
    ['redis-cli', redisCli],
    ['ioredis', ioredis],
    ['node-redis', nodeRedis],
  ] as const) {
    withRealServer(`${name} works as with a server`, () => withStandalone(({ port }) => drive(port)));
  }

  withRealServer('redis-benchmark runs, and the model has the same keys as the store', () =>
    withStandalone(async (standalone) => {
      await benchmark(standalone.port);
      const client = await RawClient.open(standalone.port);
      const size = await client.write('DBSIZE\r\n').next();
      client.close();
      const { lab } = await standalone.summary();
      expect(`:${lab?.keys}\r\n`).toBe(size);
      expect(lab).toMatchObject({ failure: null, unknown: [] });
      expect(lab?.snapshot.drainprof.reconciled).toBe(true);
    }),
  );

  test('DEBUG POPULATE makes keys in store and model', () =>
    withStandalone(async (standalone) => {
      const client = await RawClient.open(standalone.port);
      client.write('DEBUG POPULATE 2500 k 64\r\nDBSIZE\r\nSTRLEN k:7\r\nINFO memory\r\n');
      expect(await client.nexts(3)).toEqual(['+OK\r\n', ':2500\r\n', ':64\r\n']);
      expect(await client.next()).toMatch(/^used_memory:\d+\r$/m);
      expect((await standalone.summary()).lab?.keys).toBe(2500);
      client.close();
    }));
});

describe('tap', () => {
  for (const [name, drive] of [
    ['redis-cli', redisCli],
    ['ioredis', ioredis],
    ['node-redis', nodeRedis],
  ] as const) {
    withRealServer(`${name} works as with a server`, (binary) => withTap(binary, ({ port }) => drive(port)));
  }

  withRealServer('after redis-benchmark the lab agrees with the live server', (binary) =>
    withTap(binary, async (tap) => {
      await benchmark(tap.port);
      // Idle clients lose their query and reply buffers within six seconds.
      await new Promise((resolve) => setTimeout(resolve, 6000));
      const result = await tap.verify();
      if (typeof result === 'string') throw new Error(result);
      expect(result.exceeded, JSON.stringify(result.comparison.measures)).toEqual([]);
      expect(result.gaps).toEqual([]);
    }),
  );

  withRealServer(
    'transactions, subscriptions, blocking and intercepted commands keep their order',
    (binary) =>
      withTap(binary, async (tap) => {
        const [a, b] = [await RawClient.open(tap.port), await RawClient.open(tap.port)];
        a.write('SET x 1\r\nINFO rdb_stats\r\nGET x\r\nMULTI\r\nINCR x\r\nEXEC\r\nPING\r\n');
        const replies = await a.nexts(7);
        expect(replies[0]).toBe('+OK\r\n');
        expect(replies[1]).toContain('rdb_stats_string:keys=1,');
        expect(replies.slice(2)).toEqual([
          '$1\r\n1\r\n',
          '+OK\r\n',
          '+QUEUED\r\n',
          '*1\r\n:2\r\n',
          '+PONG\r\n',
        ]);
        b.write('BLPOP list 5\r\nINFO rdb_stats\r\n');
        a.write('RPUSH list v\r\n');
        expect(await b.next()).toBe('*2\r\n$4\r\nlist\r\n$1\r\nv\r\n');
        expect(await b.next()).toContain('rdb_stats_list:keys=0,');
        b.write('SUBSCRIBE c\r\n');
        expect(await b.next()).toContain('subscribe');
        expect(await a.next()).toBe(':1\r\n');
        a.write('PUBLISH c hello\r\n');
        expect(await b.next()).toBe('*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$5\r\nhello\r\n');
        b.write('UNSUBSCRIBE c\r\nPING\r\n');
        expect(await b.nexts(2)).toEqual([expect.stringContaining('unsubscribe'), '+PONG\r\n']);
        a.close();
        b.close();
        expect((await tap.summary()).lab?.keys).toBe(1);
      }),
  );

  withRealServer('a lost server ends its clients without a word of the tap', (binary) =>
    withTap(binary, async (tap, server) => {
      const client = await RawClient.open(tap.port);
      expect(await client.write('SET a 1\r\n').next()).toBe('+OK\r\n');
      client.write('BLPOP nothing 0\r\nINFO memory\r\n');
      await server.stop();
      expect(await client.next()).toBeUndefined();
      await client.closed;
      const late = await RawClient.open(tap.port);
      expect(await late.write('PING\r\n').next()).toBeUndefined();
      await late.closed;
      const { gaps, lab } = await tap.summary();
      expect(gaps).toEqual([]);
      expect(lab?.keys).toBe(1);
    }),
  );
});
