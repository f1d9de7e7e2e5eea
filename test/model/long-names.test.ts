import { describe, expect, test } from 'vitest';
import { takeCensus } from '#slablab/src/analysis/key-census.js';
import { latin1Bytes } from '#slablab/src/base/index.js';
import { Attribution, GivenPatterns, InferredPatterns, MemoryAccounts } from '#slablab/src/model/index.js';
import { LONG_LENGTHS, longName } from '../support/long-names.js';
import { newServer } from '../support/redis.js';

describe.each(LONG_LENGTHS)('a key of %d bytes', (length) => {
  const name = longName(length);

  test('is matched by patterns of names', () => {
    const { server, execute } = newServer();
    execute('SET', name, '1');
    execute('KEYS', 'a*b');
    execute('SCAN', '0', 'MATCH', '*x*b');
    execute('OBJECT', 'ENCODING', name);
    expect(server.databases[0]!.keys.used).toBe(1);
  });

  test('has a pattern, inferred and given', () => {
    const bytes = latin1Bytes(name);
    const inferred = new InferredPatterns();
    expect(inferred.names[inferred.of(bytes, 0, length)]).toBe(name);
    const given = new GivenPatterns(['b*', 'a*b']);
    expect(given.names[given.of(bytes, 0, length)]).toBe('a*b');
  });

  test.each([
    ['inferred', () => new InferredPatterns()],
    ['given', () => new GivenPatterns(['a*b'])],
  ])('is attributed to its pattern, %s', (_, patterns) => {
    const accounts = new MemoryAccounts(new Attribution(patterns()));
    const { server, execute } = newServer('redis-7.0', { accounts });
    execute('HSET', name, name, name);
    expect(server.databases[0]!.keys.used).toBe(1);
  });

  test('is watched until it changes', () => {
    const { server, execute, executeAs } = newServer();
    execute('SET', name, '1', 'PX', '1000');
    execute('WATCH', name);
    const database = server.databases[0]!;
    const row = [...database.keys.rows()][0]!;
    server.touchWatched(database, row);
    execute('MULTI');
    execute('DEL', name);
    execute('EXEC');
    expect(database.keys.used).toBe(1);
    execute('WATCH', name);
    executeAs(0, 5000, 'MULTI');
    execute('SET', 'other', '1');
    execute('EXEC');
    expect(database.keys.used).toBe(1);
  });

  test('is in the census', () => {
    const { server, execute } = newServer();
    execute('SET', name, '1');
    expect(takeCensus(server, ['ax']).patterns).toMatchObject([{ keys: 1 }]);
  });
});
