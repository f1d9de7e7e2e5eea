import { describe, expect, test } from 'vitest';
import { newServer, reads } from '../../support/redis.js';

/** A server whose commands have all been called once, so that no histogram comes in between. */
function warm(version: string, ...commands: readonly string[][]) {
  const server = newServer(version);
  for (const words of commands) server.execute(...words);
  // A second command in the same read: from here on valkey-8.0 has given the client a query buffer of its own.
  server.execute('PING');
  server.operations();
  return server;
}

const OLD = ['SET', 'k', 'x'.repeat(10)];

describe.each(['redis-7.0', 'redis-7.2', 'valkey-8.0'])('%s', (version) => {
  test('SET of a new key: the argument becomes the value', () => {
    const { execute, operations } = warm(version, OLD);
    execute('SET', 'abc', 'x'.repeat(100));
    const name = 'malloc 5 (key name)';
    const entry = version === 'valkey-8.0' ? 'malloc 24 (dict entry)' : 'malloc 24 (dict entry)';
    expect(operations()).toEqual([
      ...reads('SET', 'abc', 'x'.repeat(100)),
      ...(version === 'redis-7.0' ? [name, entry] : version === 'redis-7.2' ? [entry, name] : [entry]),
      'free 23 (argument object)',
      'free 23 (argument object)',
      'free 24 (argument array)',
    ]);
  });

  test('SET over a value: the new one is there before the old one goes', () => {
    const { execute, operations } = warm(version, OLD);
    execute('SET', 'k', 'y'.repeat(50));
    expect(operations()).toEqual([
      ...reads('SET', 'k', 'y'.repeat(50)),
      'free 30 (argument object)',
      'free 23 (argument object)',
      'free 21 (argument object)',
      'free 24 (argument array)',
    ]);
  });

  test('an integer loses its text; a small one exists already', () => {
    const { execute, operations } = warm(version, OLD);
    execute('SET', 'k', '123456');
    expect(operations()).toEqual([
      ...reads('SET', 'k', '123456'),
      'free 26 (argument object)',
      'malloc 16 (value object)',
      'free 30 (argument object)',
      'free 23 (argument object)',
      'free 21 (argument object)',
      'free 24 (argument array)',
    ]);
    execute('SET', 'k', '9999');
    expect(operations()).toEqual([
      ...reads('SET', 'k', '9999'),
      'free 24 (argument object)',
      'free 16 (value object)',
      'free 23 (argument object)',
      'free 21 (argument object)',
      'free 24 (argument array)',
    ]);
  });

  test('small integers are not shared where each needs an access time', () => {
    const { execute, operations } = warm(
      version,
      OLD,
      ['CONFIG', 'SET', 'maxmemory', '100mb', 'maxmemory-policy', 'allkeys-lru'],
      ['SET', 'k', 'x'],
    );
    execute('SET', 'k', '7');
    expect(operations()).toContain('malloc 16 (value object)');
  });

  test('INCR in place, and out of the shared integers', () => {
    const { execute, operations } = warm(version, ['SET', 'n', '9998'], ['INCR', 'other']);
    execute('INCR', 'n');
    expect(operations().filter((line) => line.includes('value'))).toEqual([]);
    execute('INCR', 'n');
    expect(operations().filter((line) => line.includes('value'))).toEqual(['malloc 16 (value object)']);
    execute('INCR', 'n');
    expect(operations().filter((line) => line.includes('value'))).toEqual([]);
  });

  test('APPEND makes a raw string of it, with room to grow', () => {
    const { execute, operations } = warm(version, ['SET', 'k', 'x'.repeat(20)], ['APPEND', 'other', 'x']);
    execute('APPEND', 'k', 'y'.repeat(10));
    expect(operations().filter((line) => !line.includes('argument'))).toEqual([
      'malloc 22 (value string)', // as it was, but raw
      'malloc 16 (value object)',
      'malloc 64 (value string)', // twice the new length, with a header that can grow
      'free 22 (value string)',
    ]);
    execute('APPEND', 'k', 'y'.repeat(30));
    expect(operations().filter((line) => !line.includes('argument'))).toEqual([]);
  });

  test('what is deleted is what was there', () => {
    const { execute, operations, liveBytes } = warm(version, OLD, ['DEL', 'nothing']);
    const before = liveBytes();
    execute('MSET', 'a', 'x'.repeat(60), 'b', '123456', 'c', 'y');
    execute('MSET', 'a', '1', 'b', 'z', 'c', 'z'.repeat(100));
    execute('DEL', 'a', 'b', 'c');
    operations();
    // MSET's histogram: counters and head.
    expect(liveBytes() - before).toBe(24_576 + 112);
  });

  test('INCRBYFLOAT goes on from its own text', () => {
    const { execute, operations } = warm(version, ['INCRBYFLOAT', 'f', '10.5']);
    execute('INCRBYFLOAT', 'f', '0.1');
    const values = operations().filter((line) => line.includes('value'));
    expect(values).toEqual(['malloc 24 (value object)', 'free 24 (value object)']);
  });
});

describe('SET with an expiry', () => {
  test('redis-7.2: the entry changes in place, the command is rewritten to PXAT', () => {
    const { execute, operations } = warm('redis-7.2', ['SET', 'k', 'x', 'EX', '100']);
    execute('SET', 'k', 'y', 'EX', '100');
    expect(operations()).toEqual([
      ...reads('SET', 'k', 'y', 'EX', '100'),
      'free 21 (argument object)', // the old value
      'malloc 16 (argument object)', // the time in milliseconds
      'malloc 40 (argument array)', // SET k y PXAT ms
      'malloc 40 (argument array)', // the original vector
      'free 40 (argument array)',
      'free 23 (argument object)', // SET
      'free 22 (argument object)', // EX
      'free 23 (argument object)', // 100
      'free 40 (argument array)',
      'free 21 (argument object)', // k
      'free 16 (argument object)',
      'free 40 (argument array)',
    ]);
  });

  test('redis-7.0: the entry is deleted and added again', () => {
    const { execute, operations } = warm('redis-7.0', ['SET', 'k', 'x', 'EX', '100']);
    execute('SET', 'k', 'y', 'EX', '100');
    expect(operations().filter((line) => line.includes('dict entry'))).toEqual([
      'free 24 (dict entry)',
      'malloc 24 (dict entry)',
    ]);
  });

  test.each([
    ['redis-7.0', true],
    ['redis-7.2', false],
    ['valkey-8.0', false],
  ])('%s: PXAT is rewritten: %s', (version, isRewritten) => {
    const at = `${Date.UTC(2030, 0, 1)}`;
    const { execute, operations } = warm(version, ['SET', 'k', 'x', 'PXAT', at]);
    execute('SET', 'k', 'y', 'PXAT', at);
    const arrays = operations().filter((line) => line.startsWith('malloc') && line.includes('array'));
    expect(arrays.length).toBe(isRewritten ? 3 : 1);
  });
});

describe('an argument of 40,000 bytes', () => {
  test.each(['redis-7.0', 'redis-7.2', 'valkey-8.0'])('%s: the query buffer becomes the value', (version) => {
    const { execute, operations } = warm(version, OLD, OLD);
    execute('SET', 'big', 'x'.repeat(40_000));
    const large = operations().filter((line) => / [0-9]{5}/.test(line) && !line.startsWith('calloc'));
    // The buffer grows to hold just the argument; another of that size takes its place.
    expect(large.at(-1)).toBe('malloc 40008 (query buffer)');
    expect(large[0]).toMatch(/^(re|m)alloc 40008 \(query buffer\)$/);
    expect(large.join()).not.toContain('value string');
  });
});
