import { afterEach, expect, test } from 'vitest';
import { openEngine } from '#slablab/src/engine/node.js';
import { commandTable, findServer, StructKind } from '#slablab/src/model/index.js';
import type { Handler } from '#slablab/src/model/server/index.js';
import { newServer, type TestServer } from '../../support/redis.js';

const VERSIONS = ['redis-7.0', 'redis-7.2', 'valkey-8.0'];

let restore: (() => void)[] = [];
afterEach(() => {
  for (const undo of restore) undo();
  restore = [];
});

/** A server on which a command has another handler. */
function serverWith(
  version: string,
  name: string,
  handler: Handler,
  sizeClasses?: readonly number[],
): TestServer {
  const commands = commandTable(findServer(version)!);
  const spec = commands.named(name)!;
  const { handler: original } = spec;
  Object.assign(spec, { handler });
  restore.push(() => Object.assign(spec, { handler: original }));
  return newServer(version, { commands, ...(sizeClasses === undefined ? {} : { sizeClasses }) });
}

/** Fails after it has replied in part, allocated something, and freed an argument. */
const failsHalfway: Handler = ({ heap, reply, args }) => {
  reply.startDeferredArray();
  reply.bulk(100);
  heap.malloc(1000, StructKind.temporary);
  args.release(1);
  heap.malloc(2 ** 63, StructKind.valueString);
};

test.each(VERSIONS)('%s: a handler that fails at once leaves no trace but a gap', (version) => {
  const { server, execute, liveBytes } = serverWith(version, 'append', ({ heap }) => {
    heap.malloc(-8, StructKind.valueString);
  });
  execute('SET', 'k', 'v');
  execute('APPEND', 'k', 'x');
  server.settle();
  const before = liveBytes();
  execute('APPEND', 'k', 'x'.repeat(3000));
  server.settle();
  expect(liveBytes()).toBe(before);
  expect(server.databases[0]?.size).toBe(1);
  expect(server.gaps).toMatchObject({ count: 2 });
  expect(server.gaps.first[1]).toEqual({
    command: 3,
    name: 'APPEND',
    problem: 'RangeError: size -8: must be a whole number of bytes from 1 to 1879048192',
    isPartial: false,
  });
  execute('DEL', 'k');
  expect(server.databases[0]?.size).toBe(0);
});

test.each(VERSIONS)(
  '%s: a handler that fails halfway takes its keys out, and the ledger reconciles',
  async (version) => {
    const engine = await openEngine({ build: 'q3', conf: '', hooks: 'complete', runtime: 'wasm' });
    const { server, execute, executeAs, writer } = serverWith(
      version,
      'rpush',
      failsHalfway,
      engine.info.sizeClasses,
    );
    execute('LPUSH', 'l', 'a', 'b');
    execute('SET', 'k', 'v', 'EX', '100');
    execute('RPUSH', 'l', 'x'.repeat(500), 'k');
    expect(server.gaps.first).toMatchObject([{ command: 3, name: 'RPUSH', isPartial: true }]);
    // The names of both keys are arguments, and either may be a key of the command.
    expect(server.databases[0]?.size).toBe(0);
    executeAs(1, 0, 'MULTI');
    executeAs(1, 0, 'RPUSH', 'l', 'y');
    executeAs(1, 0, 'SET', 'after', '1');
    executeAs(1, 0, 'EXEC');
    expect(server.gaps.count).toBe(2);
    for (let count = 0; count < 100; count++) execute('LPUSH', 'l', `${count}`);
    execute('KEYS', '*');
    execute('FLUSHALL');
    server.advanceTo(60_000);
    server.settle();
    for (const chunk of writer.takeAll()) await engine.replay(chunk);
    const { memory } = await engine.survey(0);
    expect(memory.usedMemory).toBe(server.heap.used);
    await engine.close();
  },
);

test('a failure outside of a handler forgets the client, and the next one is served', () => {
  const { server, execute, executeAs } = newServer();
  execute('SET', 'k', 'v');
  const client = server.connections.byNumber.get(0)!;
  client.queryBuffer.receive = () => {
    throw new Error('no bytes');
  };
  execute('GET', 'k');
  expect(server.gaps.first).toMatchObject([{ command: 2, name: 'GET', problem: 'Error: no bytes' }]);
  execute('SET', 'k2', 'v');
  executeAs(1, 5, 'SET', 'k3', 'v');
  expect(server.databases[0]?.size).toBe(3);
  expect(server.gaps.count).toBe(1);
});

test('the first gaps are kept, all are counted, and names are bounded and escaped', () => {
  const { server, execute } = serverWith('redis-7.2', 'get', () => {
    throw new Error(`\u001b[31m${'x'.repeat(1000)}`);
  });
  for (let count = 0; count < 50; count++) execute('GET', 'k');
  expect(server.gaps.count).toBe(50);
  expect(server.gaps.first).toHaveLength(10);
  expect(server.gaps.first[0]?.problem).toMatch(/^Error: \\x1b\[31mx{185,190}…$/);
});

test('names of unknown commands are bounded in number and length', () => {
  const { server, execute } = newServer();
  for (let count = 0; count < 5000; count++) execute(`NO${count}\u0007${'x'.repeat(5000)}`);
  const { counts } = server.unknown;
  expect(counts.size).toBe(101);
  expect(counts.get('(other names)')).toBe(4900);
  for (const name of counts.keys()) expect(name.length).toBeLessThan(80);
  expect([...counts.keys()][0]).toMatch(/^NO0\\x07X{59}…$/);
});
