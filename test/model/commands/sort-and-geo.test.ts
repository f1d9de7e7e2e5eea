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

const of = (bytes: number) => `${bytes} (temporary of a container command)`;

describe('SORT', () => {
  test('a list: options, vector, iterator, an object each that is no small integer; all given back', () => {
    const server = newServer('redis-7.2');
    quiet(server, 'RPUSH', 'l', '3', '20000', 'x');
    quiet(server, 'SORT', 'l', 'ALPHA');
    expect(during(server, 'SORT', 'l', 'ALPHA')).toEqual([
      'malloc 48 (temporary of a container command)',
      `malloc ${of(48)}`,
      `malloc ${of(32)}`,
      `malloc ${of(16)}`,
      'malloc 21 (temporary)',
      `free ${of(32)}`,
      `free ${of(16)}`,
      'free 21 (temporary)',
      `free ${of(48)}`,
      `free ${of(48)}`,
    ]);
  });

  test('STORE makes a quicklist, which redis-7.2 on turns into a listpack if it is small', () => {
    for (const [version, isListpack] of [
      ['redis-7.0', false],
      ['redis-7.2', true],
      ['valkey-8.0', true],
    ] as const) {
      const server = newServer(version);
      quiet(server, 'RPUSH', 'l', '3', '1', '2');
      const lines = during(server, 'SORT', 'l', 'STORE', 'o');
      expect(lines).toContain('malloc 40 (quicklist)');
      expect(lines.includes('free 40 (quicklist)')).toBe(isListpack);
    }
  });

  test('STORE over the list itself frees the old one at the end', () => {
    const server = newServer('redis-7.2');
    quiet(server, 'RPUSH', 'l', '3', '1', '2');
    const before = server.liveBytes();
    quiet(server, 'SORT', 'l', 'STORE', 'l');
    server.server.settle();
    expect(server.server.heap.used).toBe(server.liveBytes());
    // The statistics of a command that was not called before are all that is new.
    expect(server.liveBytes() - before).toBe(24_576 + 112);
  });

  test('a sorted set is made a skiplist for good', () => {
    const server = newServer('redis-7.0');
    quiet(server, 'ZADD', 'z', '1', 'a', '2', 'b');
    expect(
      during(server, 'SORT', 'z', 'BY', 'nosort').filter((line) => line.includes('skiplist')),
    ).toHaveLength(4);
    expect(during(server, 'SORT', 'z', 'BY', 'nosort').filter((line) => line.includes('skiplist'))).toEqual(
      [],
    );
  });

  test('BY and GET in cluster mode are refused, and nothing stays allocated', () => {
    const server = newServer('redis-7.2', { isCluster: true });
    quiet(server, 'RPUSH', 'l', '3', '1');
    quiet(server, 'SORT', 'l', 'GET', '#');
    expect(during(server, 'SORT', 'l', 'GET', '#')).toEqual([`malloc ${of(48)}`, `free ${of(48)}`]);
    expect(during(server, 'SORT', 'l', 'BY', 'w_*')).toEqual([`malloc ${of(48)}`, `free ${of(48)}`]);
  });
});

describe('places', () => {
  test('GEOADD is rewritten as ZADD: a vector, its name, a score for each place', () => {
    const server = newServer('redis-7.2');
    quiet(server, 'GEOADD', 'g', '13.361389', '38.115556', 'Palermo');
    const lines = during(server, 'GEOADD', 'g', '13.361389', '38.115556', 'Palermo');
    expect(lines.slice(0, 5)).toEqual([
      `calloc ${of(32)}`,
      `malloc ${of(6)}`,
      `malloc ${of(16)}`,
      // 3479099956230698, as the reference documentation has it, in an object with its text.
      'malloc 36 (temporary)',
      `malloc ${of(8)}`,
    ]);
    expect(lines.filter((line) => line.startsWith('free'))).toHaveLength(5);
  });

  test.each([
    ['two centres', 'FROMMEMBER', 'Palermo', 'FROMLONLAT', '15', '37', 'BYRADIUS', '100', 'km'],
    ['two shapes', 'FROMLONLAT', '15', '37', 'BYRADIUS', '100', 'km', 'BYBOX', '1', '1', 'km'],
    ['no shape', 'FROMLONLAT', '15', '37', 'ASC'],
  ])('GEOSEARCHSTORE with %s looks for nothing and stores nothing', (_, ...options) => {
    const server = newServer('redis-7.2');
    quiet(server, 'GEOADD', 'g', '13.361389', '38.115556', 'Palermo');
    // The first error of a name has its counter allocated.
    quiet(server, 'GEOSEARCHSTORE', 'near', 'g');
    expect(during(server, 'GEOSEARCHSTORE', 'near', 'g', ...options)).toEqual([]);
  });

  test('GEOSEARCHSTORE takes the strings it found into the new set', () => {
    const server = newServer('redis-7.2');
    quiet(server, 'GEOADD', 'g', '13.361389', '38.115556', 'Palermo', '15.087269', '37.502669', 'Catania');
    const lines = during(
      server,
      'GEOSEARCHSTORE',
      'near',
      'g',
      'FROMLONLAT',
      '15',
      '37',
      'BYRADIUS',
      '100',
      'km',
    );
    expect(lines.slice(0, 3)).toEqual([
      `malloc ${of(24)}`,
      'malloc 9 (sorted set member)',
      `malloc ${of(320)}`,
    ]);
    expect(lines).toContain('free 9 (sorted set member)');
    expect(server.server.databases[0]?.size).toBe(2);
  });
});
