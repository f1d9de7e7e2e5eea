import { describe, expect, test } from 'vitest';
import { newServer } from '../../support/redis.js';

const keysOf = ({ server }: ReturnType<typeof newServer>) => server.databases[0]?.size;

describe.each(['redis-7.0', 'redis-7.2', 'valkey-8.0'])('%s', (version) => {
  test.each([
    ['BLPOP', ['BLPOP', 'q', '0'], ['RPUSH', 'q', 'x']],
    ['BRPOP of the second key', ['BRPOP', 'none', 'q', '0'], ['LPUSH', 'q', 'x']],
    ['BLMPOP', ['BLMPOP', '0', '2', 'p', 'q', 'LEFT'], ['RPUSH', 'q', 'x']],
    ['BZPOPMIN', ['BZPOPMIN', 'q', '0'], ['ZADD', 'q', '1', 'x']],
    ['BZMPOP', ['BZMPOP', '0', '1', 'q', 'MAX'], ['ZADD', 'q', '1', 'x']],
  ])('%s takes what another client brings', (_, waits, brings) => {
    const server = newServer(version);
    server.executeAs(0, 0, ...waits);
    expect(server.server.blocking.clients.isEmpty).toBe(false);
    server.executeAs(1, 5, 'SET', 'other', 'x');
    server.executeAs(1, 10, ...brings);
    expect(server.server.blocking.clients.isEmpty).toBe(true);
    expect(keysOf(server)).toBe(1);
    server.server.settle();
    expect(server.server.heap.used).toBe(server.liveBytes());
  });

  test('who came first is served first, and what BLMOVE moves on serves the next', () => {
    const server = newServer(version);
    server.executeAs(0, 0, 'BLMOVE', 'in', 'out', 'LEFT', 'RIGHT', '0');
    server.executeAs(1, 0, 'BLPOP', 'in', '0');
    server.executeAs(2, 0, 'BLPOP', 'out', '0');
    server.executeAs(3, 0, 'RPUSH', 'in', 'a');
    // The one went from `in` to `out` and away; whoever came second still waits.
    expect(keysOf(server)).toBe(0);
    expect(server.server.blocking.clients.isEmpty).toBe(false);
    server.executeAs(3, 0, 'RPUSH', 'in', 'b', 'c');
    expect(server.server.blocking.clients.isEmpty).toBe(true);
    expect(keysOf(server)).toBe(1);
  });

  test('its arguments stay until it has waited long enough', () => {
    const server = newServer(version);
    server.executeAs(1, 0, 'PING');
    server.server.settle();
    server.executeAs(0, 0, 'BLPOP', 'q', '2.5');
    server.operations();
    server.executeAs(1, 2000, 'PING');
    expect(server.server.blocking.clients.isEmpty).toBe(false);
    server.executeAs(1, 3000, 'PING');
    expect(server.server.blocking.clients.isEmpty).toBe(true);
    server.executeAs(1, 3000, 'RPUSH', 'q', 'x');
    expect(keysOf(server)).toBe(1);
    server.server.settle();
    expect(server.server.heap.used).toBe(server.liveBytes());
  });

  test('inside a transaction nobody waits', () => {
    const server = newServer(version);
    for (const words of [['MULTI'], ['BLPOP', 'q', '0'], ['BZPOPMAX', 'z', '0'], ['EXEC']])
      server.execute(...words);
    expect(server.server.blocking.clients.isEmpty).toBe(true);
  });

  test('a transaction that pushes serves when it is over', () => {
    const server = newServer(version);
    server.executeAs(0, 0, 'BLPOP', 'q', '0');
    for (const words of [['MULTI'], ['RPUSH', 'q', 'a'], ['LLEN', 'q'], ['EXEC']])
      server.executeAs(1, 0, ...words);
    expect(keysOf(server)).toBe(0);
  });

  test('groups: an entry goes to the consumer that waits', () => {
    const server = newServer(version);
    server.executeAs(1, 0, 'XGROUP', 'CREATE', 's', 'g', '$', 'MKSTREAM');
    server.executeAs(0, 0, 'XREADGROUP', 'GROUP', 'g', 'c', 'BLOCK', '0', 'STREAMS', 's', '>');
    server.executeAs(2, 0, 'XREAD', 'BLOCK', '500', 'STREAMS', 's', '$');
    server.executeAs(1, 10, 'XADD', 's', '1-1', 'f', 'v');
    expect(server.server.blocking.clients.isEmpty).toBe(true);
    server.operations();
    server.executeAs(1, 10, 'XACK', 's', 'g', '1-1');
    expect(server.operations().filter((line) => line.includes('pending entry'))).toEqual([
      'free 24 (pending entry)',
    ]);
  });

  test('a client that sends something else has not waited', () => {
    const server = newServer(version);
    server.executeAs(0, 0, 'BLPOP', 'q', '0');
    server.executeAs(0, 0, 'RPUSH', 'q', 'x');
    expect(server.server.blocking.clients.isEmpty).toBe(true);
    expect(keysOf(server)).toBe(1);
    server.server.settle();
    expect(server.server.heap.used).toBe(server.liveBytes());
  });
});
