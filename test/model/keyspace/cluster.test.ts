import { describe, expect, test } from 'vitest';
import { keySlot } from '#slablab/src/model/keyspace/key-slot.js';
import { newServer } from '../../support/redis.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const slot = (text: string) => keySlot(bytes(text), 0, text.length);

describe('slots', () => {
  // What a real server answers to CLUSTER KEYSLOT.
  test.each([
    ['123456789', 12739],
    ['foo', 12182],
    ['{user1000}.following', 3443],
    ['{user1000}.followers', 3443],
    ['foo{}{bar}', 8363],
    ['foo{{bar}}zap', 4015],
    ['foo{bar}{zap}', 5061],
    ['{open', 7674],
    ['', 0],
  ])('%s', (name, expected) => {
    expect(slot(name)).toBe(expected);
  });
});

describe('cluster mode', () => {
  test('redis-7.0 and 7.2 link the entries of a slot: 16 bytes more each', () => {
    for (const version of ['redis-7.0', 'redis-7.2']) {
      const { execute, operations } = newServer(version, { isCluster: true });
      operations();
      execute('SET', 'a', 'x', 'EX', '100');
      const entries = operations().filter((line) => line.includes('dict entry'));
      expect(entries).toEqual(['malloc 40 (dict entry)', 'malloc 24 (dict entry)']);
    }
  });

  test('valkey-8.0 makes a table for the first key of a slot and frees it after the last', () => {
    const { execute, operations } = newServer('valkey-8.0', { isCluster: true });
    execute('SET', 'a', 'x');
    execute('DEL', 'b');
    const tables = () => operations().filter((line) => /\((dict|bucket array)\)/.test(line));
    tables();
    execute('SET', '{b}1', 'x');
    expect(tables()).toEqual(['malloc 72 (dict)', 'calloc 32 (bucket array)', ...MOVED]);
    execute('SET', '{b}2', 'x');
    execute('DEL', '{b}1');
    expect(tables()).toEqual([]);
    execute('DEL', '{b}2');
    expect(tables()).toEqual(['free 32 (bucket array)', 'free 72 (dict)']);
  });

  test.each(['redis-7.0', 'redis-7.2', 'redis-8.0', 'redis-8.6', 'valkey-8.0', 'valkey-8.1', 'valkey-9.1'])(
    '%s: what is live is what used memory says',
    (version) => {
      const { server, execute, executeAs, liveBytes } = newServer(version, { isCluster: true });
      for (let step = 0; step < 6000; step++) {
        const key = `key:${(step * 7919) % 1500}`;
        if (step % 5 === 4) execute('DEL', key);
        else if (step % 7 === 3) executeAs(0, step * 3, 'SET', key, 'x', 'PX', '900');
        else execute('SET', key, 'x'.repeat(step % 60));
      }
      let cursor = 0;
      for (let calls = 0; calls < 5000 && (cursor > 0 || calls === 0); calls++) {
        const database = server.databases[0];
        cursor = database?.keys.scan(cursor, () => {}) ?? 0;
      }
      expect(cursor).toBe(0);
      execute('RANDOMKEY');
      execute('KEYS', '*');
      server.advanceTo(60_000);
      expect(server.databases[0]?.expires.used).toBe(0);
      expect(server.heap.used).toBe(liveBytes());
      execute('FLUSHALL', 'ASYNC');
      execute('SELECT', '1');
      server.settle();
      expect(server.databases[0]?.size).toBe(0);
      expect(server.heap.used).toBe(liveBytes());
    },
  );
});

/** A table that gets its first array is in the list of moving ones for a moment. */
const MOVED = ['malloc 24 (dict)', 'free 24 (dict)'];
