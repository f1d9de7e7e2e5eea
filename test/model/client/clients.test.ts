import { describe, expect, test } from 'vitest';
import { newServer } from '../../support/redis.js';

const VERSIONS = ['redis-7.0', 'redis-7.2', 'valkey-8.0'];

describe.each(VERSIONS)('%s: a client that goes leaves nothing behind', (version) => {
  /** What is live once client 0 has called everything that keeps something for good. */
  function warmed(...calls: readonly (readonly string[])[]) {
    const model = newServer(version);
    for (const words of calls) model.execute(...words);
    model.execute('DISCARD');
    model.execute('UNWATCH');
    model.execute('CLIENT', 'SETNAME', '');
    model.execute('DEL', 'list', 'k');
    model.server.settle();
    return model;
  }

  test.each([
    ['QUIT', [['QUIT']]],
    ['QUIT within MULTI', [['MULTI'], ['SET', 'k', 'v'], ['QUIT']]],
    ['QUIT with a watch', [['WATCH', 'k'], ['QUIT']]],
    ['QUIT with a name', [['CLIENT', 'SETNAME', 'n'.repeat(60)], ['QUIT']]],
  ])('%s', (_, calls) => {
    const model = warmed(...calls.slice(0, -1));
    model.execute('QUIT');
    model.execute('PING');
    model.server.settle();
    const before = model.server.heap.used;
    for (const words of calls) model.executeAs(7, 0, ...words);
    expect(model.server.heap.used).toBe(before);
    expect(model.liveBytes()).toBe(before);
    expect([...model.server.connections.byNumber.keys()]).toEqual([0]);
  });

  test('closed by the other side, waiting for a list', () => {
    const model = warmed(['RPUSH', 'list', 'x'], ['BLPOP', 'list', '0']);
    const before = model.server.heap.used;
    model.executeAs(7, 0, 'BLPOP', 'list', '0');
    expect(model.server.heap.used).toBeGreaterThan(before);
    model.server.disconnect(7);
    expect(model.server.heap.used).toBe(before);
    expect(model.liveBytes()).toBe(before);
    // It is not served any more.
    model.execute('RPUSH', 'list', 'x');
    expect(model.server.databases[0]?.size).toBe(1);
  });

  test('300 clients: the index of ids gets back to what it was', () => {
    const model = warmed();
    const before = model.server.heap.used;
    for (let client = 1; client <= 300; client++) model.server.connect(client);
    for (let client = 300; client >= 1; client--) model.server.freeClient(found(model, client));
    expect(model.liveBytes()).toBe(model.server.heap.used);
    // A joined node of the index may keep a byte or two more than before.
    expect(model.server.heap.used - before).toBeLessThanOrEqual(16);
  });

  test('CLIENT KILL: by id, by type, not oneself unless asked to', () => {
    const model = warmed();
    for (const client of [1, 2, 3]) model.executeAs(client, 0, 'PING');
    const numbers = () => [...model.server.connections.byNumber.keys()];
    model.execute('CLIENT', 'KILL', 'ID', `${found(model, 2).id}`);
    expect(numbers()).toEqual([0, 1, 3]);
    model.execute('CLIENT', 'KILL', 'TYPE', 'pubsub');
    expect(numbers()).toEqual([0, 1, 3]);
    model.execute('CLIENT', 'KILL', 'ADDR', '127.0.0.1:6000');
    expect(numbers()).toEqual([0, 1, 3]);
    expect([...model.server.unknown.counts]).toEqual([['CLIENT KILL BY ADDRESS', 1]]);
    model.execute('CLIENT', 'KILL', 'TYPE', 'normal');
    expect(numbers()).toEqual([0]);
    model.execute('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no');
    expect(numbers()).toEqual([]);
  });

  test('behind QUIT the same number is another connection, in database 0', () => {
    const model = warmed();
    model.execute('SELECT', '3');
    model.execute('QUIT');
    model.execute('SET', 'k', 'v');
    expect(model.server.databases[0]?.size).toBe(1);
  });
});

function found(model: ReturnType<typeof newServer>, number: number) {
  const client = model.server.connections.byNumber.get(number);
  if (client === undefined) throw new Error(`client ${number} is not connected`);
  return client;
}
