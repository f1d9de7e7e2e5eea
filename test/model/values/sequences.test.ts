import { describe, expect, test } from 'vitest';
import { newServer, type TestServer } from '../../support/redis.js';

/** What a command asks of the allocator between its arguments and their end, without statistics and buffers. */
function during(server: TestServer, ...words: readonly string[]): string[] {
  server.execute(...words);
  return server.operations().filter((line) => !/argument|statistics|buffer|calloc .*histogram/.test(line));
}

function quiet(server: TestServer, ...words: readonly string[]): void {
  server.execute(...words);
  server.operations();
}

describe('hash', () => {
  test('the first HSET makes listpack, object, entry, name', () => {
    const server = newServer('redis-7.2');
    quiet(server, 'SET', 'x', 'y');
    expect(during(server, 'HSET', 'h', 'f', 'v')).toEqual([
      'malloc 7 (listpack)',
      'malloc 16 (value object)',
      'malloc 24 (dict entry)',
      'malloc 3 (key name)',
      // 13 bytes fit in what 10 were given.
      'realloc 10 (listpack)',
    ]);
    // A value of the same size changes nothing, a shorter one gives back.
    expect(during(server, 'HSET', 'h', 'f', 'w')).toEqual([]);
    expect(during(server, 'HSET', 'h', 'f', '5')).toEqual(['realloc 12 (listpack)']);
    const lines = during(server, 'HDEL', 'h', 'f');
    expect(lines[0]).toBe('realloc 7 (listpack)');
    // The order is the keyspace's business.
    expect(lines.slice(1).sort()).toEqual([
      'free 16 (value object)',
      'free 24 (dict entry)',
      'free 3 (key name)',
      'free 7 (listpack)',
    ]);
  });

  test('a value of 65 bytes makes a hash table of it', () => {
    const server = newServer('redis-7.2');
    quiet(server, 'HSET', 'h', 'f', 'v');
    expect(during(server, 'HSET', 'h', 'g', 'x'.repeat(65))).toEqual([
      'malloc 48 (temporary of a container command)',
      'malloc 56 (dict)',
      'calloc 32 (bucket array)',
      'malloc 3 (hash field)',
      'malloc 3 (hash value)',
      'malloc 24 (dict entry)',
      'free 48 (temporary of a container command)',
      'free 10 (listpack)',
      'malloc 69 (hash value)',
      'malloc 24 (dict entry)',
      'malloc 3 (hash field)',
    ]);
  });

  test('redis-7.0 copies field and value before the entry', () => {
    const server = newServer('redis-7.0');
    quiet(server, 'HSET', 'h', 'f', 'x'.repeat(65));
    expect(during(server, 'HSET', 'h', 'g', 'w')).toEqual([
      'malloc 3 (hash field)',
      'malloc 3 (hash value)',
      'malloc 24 (dict entry)',
    ]);
    expect(during(server, 'HSET', 'h', 'g', 'ww')).toEqual(['free 3 (hash value)', 'malloc 4 (hash value)']);
  });

  test('entry 513 converts', () => {
    const server = newServer('redis-7.2');
    for (let index = 0; index < 512; index++) quiet(server, 'HSET', 'h', `f${index}`, 'v');
    const lines = during(server, 'HSET', 'h', 'last', 'v');
    expect(lines).toContain('calloc 8192 (bucket array)');
    expect(lines.filter((line) => line === 'malloc 24 (dict entry)')).toHaveLength(513);
  });

  test('HINCRBY makes the new text before the hash takes it', () => {
    const server = newServer('redis-7.2');
    quiet(server, 'HSET', 'h', 'n', '9', 'long', 'x'.repeat(65));
    expect(during(server, 'HINCRBY', 'h', 'n', '1')).toEqual([
      'malloc 4 (hash value)',
      'free 3 (hash value)',
    ]);
  });
});

describe('list', () => {
  test('redis-7.2: a listpack, then a quicklist of it', () => {
    const server = newServer('redis-7.2');
    quiet(server, 'RPUSH', 'l', 'x'.repeat(4000));
    expect(during(server, 'RPUSH', 'l', 'y'.repeat(4200))).toEqual([
      'malloc 40 (quicklist)',
      'malloc 40 (quicklist node)',
      'malloc 40 (quicklist node)',
      'malloc 7 (listpack)',
      'realloc 4214 (listpack)',
    ]);
    expect(during(server, 'LPOP', 'l')).toEqual([
      'malloc 4006 (temporary of a container command)',
      'malloc 16 (temporary of a container command)',
      'realloc 7 (listpack)',
      'free 7 (listpack)',
      'free 40 (quicklist node)',
      'free 4006 (temporary of a container command)',
      'free 16 (temporary of a container command)',
    ]);
  });

  test('redis-7.0: a quicklist from the first element on', () => {
    const server = newServer('redis-7.0');
    quiet(server, 'SET', 'x', 'y');
    expect(during(server, 'LPUSH', 'l', 'abc')).toEqual([
      'malloc 40 (quicklist)',
      'malloc 16 (value object)',
      'malloc 3 (key name)',
      'malloc 24 (dict entry)',
      'malloc 40 (quicklist node)',
      'malloc 7 (listpack)',
      'realloc 12 (listpack)',
    ]);
  });

  test('valkey-8.0: an element beyond the limit of a node has one of its own', () => {
    const server = newServer('valkey-8.0');
    quiet(server, 'RPUSH', 'l', 'x'.repeat(8000), 'y'.repeat(1000));
    expect(during(server, 'RPUSH', 'l', 'z'.repeat(9000))).toEqual([
      'malloc 40 (quicklist node)',
      'malloc 9000 (large list element)',
    ]);
  });
});

describe('set', () => {
  test('an intset widens', () => {
    const server = newServer('redis-7.2');
    quiet(server, 'SADD', 's', '1');
    expect(during(server, 'SADD', 's', '40000')).toEqual(['realloc 16 (intset)']);
    expect(during(server, 'SADD', 's', '5000000000')).toEqual(['realloc 32 (intset)']);
    expect(during(server, 'SREM', 's', '5000000000')).toEqual(['realloc 24 (intset)']);
  });

  test('redis-7.2: a string makes an intset a listpack with room for the widest', () => {
    const server = newServer('redis-7.2');
    quiet(server, 'SADD', 's', '1', '300');
    expect(during(server, 'SADD', 's', 'abc')).toEqual([
      'malloc 16 (listpack)',
      'malloc 32 (temporary of a container command)',
      'free 32 (temporary of a container command)',
      'free 12 (intset)',
      'realloc 17 (listpack)',
      'realloc 17 (listpack)',
    ]);
  });

  test('redis-7.2: a bucket of one element has no entry', () => {
    const server = newServer('redis-7.2');
    quiet(server, 'SADD', 's', 'x'.repeat(65));
    const entries = (lines: string[]) => lines.filter((line) => line.includes('dict entry')).length;
    let made = 0;
    for (let index = 0; index < 100; index++) made += entries(during(server, 'SADD', 's', `m${index}`));
    expect(made).toBeLessThan(100);
    const old = newServer('redis-7.0');
    quiet(old, 'SADD', 's', 'x');
    expect(during(old, 'SADD', 's', 'y')).toEqual(['malloc 24 (dict entry)', 'malloc 3 (set member)']);
  });
});

describe('sorted set', () => {
  test('a member of 65 bytes makes it a skiplist', () => {
    const server = newServer('redis-7.2');
    quiet(server, 'ZADD', 'z', '1', 'a');
    const lines = during(server, 'ZADD', 'z', '2', 'x'.repeat(65));
    expect(lines.map((line) => line.replace(/(?<=malloc )\d+(?= \(skiplist node)/, 'n'))).toEqual([
      'malloc 8 (temporary of a container command)',
      'malloc 16 (sorted set)',
      'malloc 56 (dict)',
      'malloc 32 (skiplist)',
      'malloc 536 (skiplist)',
      'calloc 32 (bucket array)',
      'malloc 3 (sorted set member)',
      'malloc n (skiplist node)',
      'malloc 24 (dict entry)',
      'free 10 (listpack)',
      'malloc 69 (sorted set member)',
      'malloc n (skiplist node)',
      'malloc 24 (dict entry)',
      'free 8 (temporary of a container command)',
    ]);
  });

  test('levels of skiplist nodes: each is had by a quarter of those that have the one below', () => {
    const server = newServer('redis-7.2');
    quiet(server, 'ZADD', 'z', '0', 'x'.repeat(65));
    const counts = new Map<number, number>();
    for (let index = 0; index < 20_000; index++) {
      for (const line of during(server, 'ZADD', 'z', `${index}`, `m${index}`)) {
        const match = /^malloc (\d+) \(skiplist node\)/.exec(line);
        if (match !== null) counts.set(Number(match[1]), (counts.get(Number(match[1])) ?? 0) + 1);
      }
    }
    expect((counts.get(40) ?? 0) / 20_000).toBeCloseTo(0.75, 1);
    expect((counts.get(56) ?? 0) / 20_000).toBeCloseTo(0.1875, 1);
  });

  test('a new score that changes the order replaces the node', () => {
    const server = newServer('redis-7.2');
    quiet(server, 'ZADD', 'z', '1', 'x'.repeat(65), '2', 'b', '3', 'c');
    const nodes = (lines: string[]) => lines.filter((line) => line.includes('skiplist node'));
    expect(nodes(during(server, 'ZADD', 'z', '2.5', 'b'))).toEqual([]);
    expect(nodes(during(server, 'ZADD', 'z', '9', 'b'))).toHaveLength(2);
  });

  test.each([['WEIGHTS', '1', 'x'], ['WEIGHTS', '1'], ['AGGREGATE', 'MEAN'], ['AGGREGATE'], ['WITHSCORES']])(
    'what a server refuses to combine is not stored: %s %s',
    (...options) => {
      const server = newServer('redis-7.2');
      quiet(server, 'ZADD', 'a', '1', 'm');
      quiet(server, 'ZADD', 'b', '1', 'm');
      // The first error of a name has its counter allocated.
      quiet(server, 'ZUNIONSTORE', 'c', 'x', 'a', 'b');
      expect(during(server, 'ZUNIONSTORE', 'c', '2', 'a', 'b', ...options)).toEqual([
        'calloc 96 (temporary of a container command)',
        'free 96 (temporary of a container command)',
      ]);
      expect(server.server.databases[0]?.size).toBe(2);
    },
  );

  // As Valkey 9.1.2 by MEMORY USAGE: a step of rehashing for each member, so that 25 steps leave a table of 32 buckets.
  test.each([
    [120, ['calloc 2048 (bucket array)', 'calloc 4096 (bucket array)']],
    [130, ['calloc 2048 (bucket array)', 'calloc 4096 (bucket array)', 'free 2048 (bucket array)']],
  ])('valkey-9.1: ZUNIONSTORE of 130 and %d members rehashes once a member', (count, arrays) => {
    const server = newServer('valkey-9.1');
    const add = (key: string, members: number) => {
      const words = Array.from({ length: members }, (_, index) => ['1', `${key}${index}`.padEnd(70, 'x')]);
      quiet(server, 'ZADD', key, ...words.flat());
    };
    add('a', 130);
    add('b', count);
    const lines = during(server, 'ZUNIONSTORE', 'u', '2', 'a', 'b');
    expect(lines.filter((line) => /(2048|4096) \(bucket array\)$/.test(line))).toEqual(arrays);
  });
});

describe('stream', () => {
  test('the first entry: stream, tree, listpack of 4096 bytes, nodes of the tree', () => {
    const server = newServer('redis-7.2');
    quiet(server, 'SET', 'x', 'y');
    expect(during(server, 'XADD', 's', '1-1', 'f', 'v')).toEqual([
      'malloc 80 (stream)',
      'malloc 24 (radix tree)',
      'malloc 8 (radix tree node)',
      'malloc 16 (value object)',
      'malloc 24 (dict entry)',
      'malloc 3 (key name)',
      'malloc 4096 (stream listpack)',
      'malloc 8 (radix tree node)',
      'realloc 32 (radix tree node)',
      'realloc 16 (radix tree node)',
      'malloc 48 (temporary of a container command)',
      'free 48 (temporary of a container command)',
    ]);
    expect(during(server, 'XADD', 's', '1-2', 'f', 'v')).toEqual([
      'malloc 48 (temporary of a container command)',
      'free 48 (temporary of a container command)',
    ]);
  });

  test('entry 101 begins a new listpack, and the old one gives back its spare room', () => {
    const server = newServer('redis-7.2');
    for (let index = 1; index <= 100; index++) quiet(server, 'XADD', 's', `1-${index}`, 'f', 'v');
    const lines = during(server, 'XADD', 's', '1-101', 'f', 'v').filter((line) => line.includes('listpack'));
    expect(lines).toEqual(['realloc 1118 (stream listpack)', 'malloc 4096 (stream listpack)']);
  });
});
