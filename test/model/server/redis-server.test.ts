import { describe, expect, test } from 'vitest';
import { STRUCT_KIND_NAMES, StructKind } from '#slablab/src/model/index.js';
import { newServer, reads } from '../../support/redis.js';

describe('redis-7.2', () => {
  test('a client connects, then reads for the first time', () => {
    const { operations, execute } = newServer();
    execute('PING');
    const lines = operations();
    const from = lines.findIndex((line) => line.includes('(client state)'));
    expect(lines.slice(from, from + 18)).toEqual([
      'calloc 64 (client state)',
      'malloc 776 (client)',
      'malloc 16384 (reply buffer)',
      'malloc 4 (query buffer)',
      'malloc 48 (client state)',
      'malloc 56 (client state)',
      'malloc 48 (client state)',
      'malloc 56 (client state)',
      'malloc 56 (client state)',
      'malloc 56 (client state)',
      'malloc 24 (client state)',
      'malloc 8 (radix tree node)',
      'realloc 24 (radix tree node)',
      'realloc 16 (radix tree node)',
      'malloc 16390 (query buffer)',
      'free 4 (query buffer)',
      'malloc 8 (argument array)',
      'malloc 24 (argument object)',
    ]);
  });

  test('arguments: embedded up to 44 bytes, beyond that an sds and an object', () => {
    const { operations, execute } = newServer();
    execute('EXISTS', 'a');
    operations();
    execute('EXISTS', 'x'.repeat(44), 'x'.repeat(45));
    expect(operations()).toEqual([
      'malloc 24 (argument array)',
      'malloc 26 (argument object)',
      'malloc 64 (argument object)',
      'malloc 49 (argument string)',
      'malloc 16 (argument object)',
      'free 26 (argument object)',
      'free 64 (argument object)',
      'free 49 (argument string)',
      'free 16 (argument object)',
      'free 24 (argument array)',
    ]);
  });

  test('more than 1024 arguments: the array doubles as they arrive', () => {
    const { operations, execute } = newServer();
    execute('EXISTS', ...new Array(2999).fill('1'));
    const arrays = operations().filter((line) => line.includes('(argument array)'));
    expect(arrays).toEqual([
      'malloc 8192 (argument array)',
      'realloc 16384 (argument array)',
      'realloc 24000 (argument array)',
      'free 24000 (argument array)',
    ]);
  });

  test('DEBUG POPULATE 2 key 1000, then DEL key:1', () => {
    const { operations, execute } = newServer();
    execute('EXISTS', 'a');
    operations();
    execute('DEBUG', 'POPULATE', '2', 'key', '1000');
    expect(operations()).toEqual([
      'malloc 40 (argument array)',
      ...['malloc 25', 'malloc 28', 'malloc 21', 'malloc 23', 'malloc 24'].map(
        (a) => `${a} (argument object)`,
      ),
      // the dict gets its buckets at once
      'calloc 32 (bucket array)',
      // key:0: a key object for the lookup, the value, the entry, the key's own copy of its name
      'malloc 25 (temporary)',
      'malloc 1006 (value string)',
      'malloc 16 (value object)',
      'malloc 24 (dict entry)',
      'malloc 7 (key name)',
      'free 25 (temporary)',
      // key:1
      'malloc 25 (temporary)',
      'malloc 1006 (value string)',
      'malloc 16 (value object)',
      'malloc 24 (dict entry)',
      'malloc 7 (key name)',
      'free 25 (temporary)',
      // the first DEBUG of this server
      'calloc 24576 (command statistics)',
      'calloc 104 (command statistics)',
      ...['free 25', 'free 28', 'free 21', 'free 23', 'free 24'].map((a) => `${a} (argument object)`),
      'free 40 (argument array)',
    ]);
    execute('DEL', 'key:1');
    expect(operations()).toEqual([
      ...reads('DEL', 'key:1'),
      'free 7 (key name)',
      'free 1006 (value string)',
      'free 16 (value object)',
      'free 24 (dict entry)',
      'calloc 24576 (command statistics)',
      'calloc 104 (command statistics)',
      'free 23 (argument object)',
      'free 25 (argument object)',
      'free 16 (argument array)',
    ]);
  });

  test.each([
    [0, ['malloc 27 (value object)']],
    [1, ['malloc 21 (value object)']],
    [44, ['malloc 64 (value object)']],
    [45, ['malloc 49 (value string)', 'malloc 16 (value object)']],
  ])('DEBUG POPULATE with values of %i bytes', (valueBytes, expected) => {
    const { operations, execute } = newServer();
    execute('DEBUG', 'POPULATE', '1', 'key', `${valueBytes}`);
    expect(operations().filter((line) => line.includes('(value'))).toEqual(expected);
  });

  test('the bucket array of 100,000 keys has 131,072 slots', () => {
    const { operations, execute, server } = newServer();
    execute('DEBUG', 'POPULATE', '100000', 'key', '10');
    expect(operations().filter((line) => line.includes('bucket'))).toEqual(['calloc 1048576 (bucket array)']);
    expect(server.databases[0]?.size).toBe(100_000);
  });
});

test('used memory is the sum of what is live', () => {
  const { execute, server, liveBytes } = newServer();
  for (let key = 0; key < 1000; key++) execute('SET', `key:${key}`, 'x'.repeat(key));
  for (let key = 0; key < 1000; key += 3) execute('DEL', `key:${key}`);
  expect(server.heap.used).toBe(liveBytes());
});

test('every owner has a name, and no two share a number', () => {
  const numbers = Object.values(StructKind);
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const owner of numbers) expect(STRUCT_KIND_NAMES[owner]).toBeTruthy();
});
