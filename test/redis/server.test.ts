import { describe, expect, test } from 'vitest';
import {
  CommandLog,
  findServer,
  OWNER_NAMES,
  Owner,
  RedisServer,
  type ServerVersion,
} from '#slablab/src/redis/index.js';
import { OpWriter } from '#slablab/src/trace/index.js';
import { asText } from '../support/operations.js';

const VERSION = findServer('redis-7.2') as ServerVersion;

function newServer() {
  const writer = new OpWriter();
  const log = new CommandLog();
  const server = new RedisServer(writer, VERSION, log);
  const client = server.connect();
  return { writer, log, server, client };
}

/** Operations with owners by name: "malloc #3 24 B" becomes readable in a failure. */
function named(lines: readonly string[]): string[] {
  return lines.map((line) =>
    line.replace(/owner (\d+)$/, (_, owner) => `(${OWNER_NAMES[Number(owner) as Owner]})`),
  );
}

describe('redis-7.2', () => {
  test('a client connects, then reads for the first time', () => {
    const { writer, client } = newServer();
    expect(named(asText(writer.takeAll()))).toEqual([
      'malloc #1 56 (dict)',
      'calloc #2 64 (client state)',
      'malloc #3 776 (client)',
      'malloc #4 16384 (reply buffer)',
      'malloc #5 4 (query buffer)',
      'malloc #6 48 (client state)',
      'malloc #7 56 (client state)',
      'malloc #8 48 (client state)',
      'malloc #9 56 (client state)',
      'malloc #10 56 (client state)',
      'malloc #11 56 (client state)',
      'malloc #12 24 (client state)',
    ]);
    client.receive([4]);
    client.reset();
    client.receive([4]);
    expect(named(asText(writer.takeAll()))).toEqual([
      'malloc #13 16390 (query buffer)',
      'free #5',
      'malloc #5 8 (argument array)',
      'malloc #14 24 (argument object)',
      'free #14',
      'free #5',
      'malloc #5 8 (argument array)',
      'malloc #14 24 (argument object)',
    ]);
  });

  test('arguments: embedded up to 44 bytes, beyond that an sds and an object', () => {
    const { writer, client } = newServer();
    client.receive([4]);
    client.reset();
    writer.takeAll();
    client.receive([44, 45]);
    client.reset();
    expect(named(asText(writer.takeAll()))).toEqual([
      'malloc #5 16 (argument array)',
      'malloc #14 64 (argument object)',
      'malloc #15 49 (argument string)',
      'malloc #16 16 (argument object)',
      'free #14',
      'free #15',
      'free #16',
      'free #5',
    ]);
  });

  test('more than 1024 arguments: the array doubles as they arrive', () => {
    const { writer, client } = newServer();
    client.receive(new Array(3000).fill(1));
    const arrays = named(asText(writer.takeAll())).filter((line) => line.includes('(argument array)'));
    expect(arrays).toEqual([
      'malloc #5 8192 (argument array)',
      'realloc #5 16384 (argument array)',
      'realloc #5 24000 (argument array)',
    ]);
  });

  test('DEBUG POPULATE 2 key 1000, then DEL key:1', () => {
    const { writer, log, server, client } = newServer();
    client.receive([4]);
    client.reset();
    writer.takeAll();
    expect([...server.debugPopulate(client, 2, 'key', 1000)]).toEqual([]);
    expect(named(asText(writer.takeAll()))).toEqual([
      // the command itself
      'malloc #5 40 (argument array)',
      'malloc #14 25 (argument object)',
      'malloc #15 28 (argument object)',
      'malloc #16 21 (argument object)',
      'malloc #17 23 (argument object)',
      'malloc #18 24 (argument object)',
      // the dict gets its buckets at once
      'calloc #19 32 (bucket array)',
      // key:0: a key object for the lookup, the value, the entry, the key's own copy of its name
      'malloc #20 25 (argument object)',
      'malloc #21 1006 (value string)',
      'malloc #22 16 (value object)',
      'malloc #23 24 (dict entry)',
      'malloc #24 7 (key name)',
      'free #20',
      // key:1
      'malloc #20 25 (argument object)',
      'malloc #25 1006 (value string)',
      'malloc #26 16 (value object)',
      'malloc #27 24 (dict entry)',
      'malloc #28 7 (key name)',
      'free #20',
      // the first DEBUG of this server
      'calloc #20 24576 (command statistics)',
      'calloc #29 104 (command statistics)',
      'free #14',
      'free #15',
      'free #16',
      'free #17',
      'free #18',
      'free #5',
    ]);
    server.del(client, 1);
    expect(named(asText(writer.takeAll()))).toEqual([
      'malloc #5 16 (argument array)',
      'malloc #18 23 (argument object)',
      'malloc #17 25 (argument object)',
      'free #28',
      'free #25',
      'free #26',
      'free #27',
      'calloc #27 24576 (command statistics)',
      'calloc #26 104 (command statistics)',
      'free #18',
      'free #17',
      'free #5',
    ]);
    server.del(client, 0);
    expect(asText(writer.takeAll()).filter((line) => line.startsWith('calloc'))).toEqual([]);
    expect(log.countUpTo(writer.position)).toBe(3);
  });

  test.each([
    [0, ['malloc 27 (value object)']],
    [1, ['malloc 21 (value object)']],
    [44, ['malloc 64 (value object)']],
    [45, ['malloc 49 (value string)', 'malloc 16 (value object)']],
  ])('DEBUG POPULATE with values of %i bytes', (valueBytes, expected) => {
    const { writer, server, client } = newServer();
    for (const _ of server.debugPopulate(client, 1, 'key', valueBytes));
    const values = named(asText(writer.takeAll())).filter((line) => line.includes('(value'));
    expect(values.map((line) => line.replace(/#\d+ /, ''))).toEqual(expected);
  });

  test('the bucket array of 100,000 keys has 131,072 slots', () => {
    const { server, client, writer } = newServer();
    const chunks = [...server.debugPopulate(client, 100_000, 'key', 10), ...writer.takeAll()];
    expect(named(asText(chunks)).filter((line) => line.includes('bucket'))).toEqual([
      'calloc #19 1048576 (bucket array)',
    ]);
    expect(server.keyspace.dict.used).toBe(100_000);
  });

  test('what is left when every key is gone is what an empty server had, and two histograms', () => {
    const { writer, server, client } = newServer();
    const live = new Map<number, string>();
    const apply = () => {
      for (const line of named(asText(writer.takeAll()))) {
        const [kind, handle, ...rest] = line.split(' ') as [string, string, ...string[]];
        if (kind === 'free') live.delete(Number(handle.slice(1)));
        else live.set(Number(handle.slice(1)), rest.join(' '));
      }
    };
    client.receive([1]);
    client.reset();
    apply();
    const before = [...live.values()];
    for (const _ of server.debugPopulate(client, 1000, 'key', 1000));
    for (let row = 0; row < 1000; row++) server.del(client, row);
    apply();
    const statistics = ['24576 (command statistics)', '104 (command statistics)'];
    expect([...live.values()].sort()).toEqual(
      [...before, '8192 (bucket array)', ...statistics, ...statistics].sort(),
    );
    expect(server.keyspace.dict.used).toBe(0);
  });
});

describe('Dict', () => {
  test('says so when it would have to rehash', () => {
    const { keyspace } = newServer().server;
    for (let index = 0; index < 4; index++) keyspace.dict.add();
    expect(() => keyspace.dict.add()).toThrow('a dict of 4 buckets is full: no rehashing');
    expect(() => keyspace.dict.expand(100)).toThrow('a dict of 4 buckets cannot be expanded');
  });
});

test('every owner has a name, and no two share a number', () => {
  const numbers = Object.values(Owner);
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const owner of numbers) expect(OWNER_NAMES[owner]).toBeTruthy();
});
