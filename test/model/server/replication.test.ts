import { expect, test } from 'vitest';
import { parseServerSettings, setSetting } from '#slablab/src/model/index.js';
import { newServer, type TestServer } from '../../support/redis.js';

function master(version = 'redis-7.2'): TestServer {
  const made = newServer(version);
  expect(setSetting(made.server.settings, 'replicas', '1')).toBe(true);
  made.operations();
  return made;
}

/** Bytes that the stream grew by. */
function sent({ server }: TestServer, work: () => void): number {
  const before = server.replication?.offset ?? Number.NaN;
  work();
  return (server.replication?.offset ?? Number.NaN) - before;
}

function resp(...words: readonly string[]): number {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`.length;
}

test('what changes something is sent as the client said it, behind a SELECT where the database changes', () => {
  const lab = master();
  const select = (database: string) => resp('SELECT', database);
  expect(sent(lab, () => lab.execute('SET', 'a', 'b'))).toBe(select('0') + resp('SET', 'a', 'b'));
  expect(sent(lab, () => lab.execute('SET', 'a', 'c'))).toBe(resp('SET', 'a', 'c'));
  expect(sent(lab, () => lab.execute('GET', 'a'))).toBe(0);
  expect(sent(lab, () => lab.execute('DEL', 'nothing'))).toBe(0);
  lab.execute('SELECT', '11');
  expect(sent(lab, () => lab.execute('INCR', 'n'))).toBe(select('11') + resp('INCR', 'n'));
});

test('times are sent as milliseconds since 1970, a transaction as one', () => {
  const lab = master('redis-7.0');
  lab.execute('SET', 'a', 'b');
  const at = '1234567890123';
  expect(sent(lab, () => lab.execute('EXPIRE', 'a', '10'))).toBe(resp('PEXPIREAT', 'a', at));
  expect(sent(lab, () => lab.execute('SETEX', 'a', '10', 'value'))).toBe(
    resp('SET', 'a', 'value', 'PXAT', at),
  );
  const transaction = () => {
    lab.execute('MULTI');
    lab.execute('SET', 'x', '1');
    lab.execute('GET', 'x');
    lab.execute('SET', 'y', '2');
    lab.execute('EXEC');
  };
  const wrapped = resp('MULTI') + 2 * resp('SET', 'x', '1') + resp('EXEC');
  expect(sent(lab, transaction)).toBe(wrapped);
});

test('keys that expire are sent as DEL', () => {
  const lab = master();
  lab.execute('SET', 'key', 'v', 'PX', '50');
  const ping = resp('PING');
  const bytes = sent(lab, () => lab.server.advanceTo(1500));
  expect(bytes).toBe(resp('DEL', 'key') + ping);
});

test('blocks of 20 KB up to the backlog, and no more; a smaller one is given up 64 blocks at a time', () => {
  const lab = master();
  lab.execute('CONFIG', 'SET', 'repl-backlog-size', '4mb');
  let blocks = 0;
  const count = () => {
    for (const operation of lab.operations()) {
      if (/^(malloc|free) 16424 \(replication backlog\)/.test(operation))
        blocks += operation.startsWith('m') ? 1 : -1;
    }
    return blocks;
  };
  const write = () => {
    for (let index = 0; index < 8000; index++) lab.execute('SET', 'key', 'v'.repeat(1000));
  };
  const inMemory = (bytes: number) => Math.ceil(bytes / (20_480 - 40));
  write();
  const full = inMemory(4 * 1024 ** 2);
  expect(Math.abs(count() - full)).toBeLessThanOrEqual(1);
  const before = count();
  lab.execute('CONFIG', 'SET', 'repl-backlog-size', '1mb');
  expect(before - count()).toBe(64);
  write();
  expect(Math.abs(count() - inMemory(1024 ** 2))).toBeLessThanOrEqual(1);
  expect(lab.server.heap.used).toBe(lab.liveBytes());
});

test('without replicas nothing is allocated for them, and CONFIG SET cannot attach one', () => {
  const lab = newServer();
  lab.execute('SET', 'a', 'b');
  lab.execute('CONFIG', 'SET', 'replicas', '1');
  expect(lab.server.replication).toBeUndefined();
  expect(lab.operations().filter((operation) => operation.includes('replication'))).toEqual([]);
  expect([...lab.server.unknown.counts.keys()]).toEqual(['CONFIG SET REPLICAS']);
});

test('how many replicas there are is a setting of a run', () => {
  const { settings } = parseServerSettings(['repl-backlog-size=64mb', 'replicas=1']);
  expect(settings).toEqual([
    ['repl-backlog-size', '64mb'],
    ['replicas', '1'],
  ]);
  expect(() => parseServerSettings(['replicas=many'])).toThrow(/0 to 64/);
  expect(() => parseServerSettings(['repl-backlog-size=0'])).toThrow(/would not take/);
});
