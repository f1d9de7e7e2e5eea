import { describe, expect, test } from 'vitest';
import { findServer } from '#slablab/src/model/index.js';
import { Store } from '#slablab/src/store/index.js';
import { asking, latin1, START_MS } from './support.js';

test('evicted keys, and keys that no command asks for, are events', () => {
  const store = new Store({ version: findServer('redis-7.0')!, startMs: START_MS });
  let received = '';
  const events = {
    released: () => {},
    pushed: (message: Uint8Array) => {
      received += Buffer.from(message).toString('latin1');
    },
  };
  const listener = store.connect({ id: 1, nowMs: START_MS, events });
  const writer = store.connect({ id: 2, nowMs: START_MS });
  const ask = (session: typeof writer, ...words: string[]) =>
    store.answer(session, words.map(latin1), START_MS);
  ask(writer, 'CONFIG', 'SET', 'notify-keyspace-events', 'Kxe');
  ask(writer, 'SET', 'gone', 'v');
  ask(writer, 'SET', 'late', 'v', 'PX', '5');
  ask(listener, 'PSUBSCRIBE', '*');
  const evicted = [{ database: 0, name: latin1('gone') }];
  store.answer(writer, [latin1('PING')], START_MS, { evicted });
  expect(received).toContain('__keyspace@0__:gone\r\n$7\r\nevicted\r\n');
  store.expire(START_MS + 100);
  expect(received).toContain('__keyspace@0__:late\r\n$7\r\nexpired\r\n');
});

/** What real servers count as misses and publish as such (7.0.15, 8.6.3 and Valkey 9.1.2). */
describe('misses of keys', () => {
  test.each([
    ['redis-7.0', 'GET SET|GET GETEX GETDEL BITFIELD|GET PFCOUNT XREADGROUP XACK XCLAIM XAUTOCLAIM', 1, 1],
    ['redis-7.0', 'OBJECT|ENCODING OBJECT|IDLETIME', 0, 1],
    ['redis-7.0', 'SET INCR APPEND BITFIELD|SET PFADD LPOP HDEL XDEL DEL', 0, 0],
    ['redis-8.6', 'XACKDEL DELEX|IFEQ', 1, 1],
    ['redis-8.6', 'DELEX HGETEX', 0, 0],
    ['valkey-9.1', 'HGETEX', 1, 1],
  ])('%s: %s', (version, commands, events, misses) => {
    const requests: Record<string, string> = {
      'SET|GET': 'SET k v GET',
      SET: 'SET k v',
      'BITFIELD|GET': 'BITFIELD k GET u1 0',
      'BITFIELD|SET': 'BITFIELD k SET u1 0 1',
      XREADGROUP: 'XREADGROUP GROUP g c STREAMS k >',
      XACK: 'XACK k g 1-1',
      XCLAIM: 'XCLAIM k g c 0 1-1',
      XAUTOCLAIM: 'XAUTOCLAIM k g c 0 0',
      XACKDEL: 'XACKDEL k g IDS 1 1-1',
      'DELEX|IFEQ': 'DELEX k IFEQ v',
      'OBJECT|ENCODING': 'OBJECT ENCODING k',
      'OBJECT|IDLETIME': 'OBJECT IDLETIME k',
      HGETEX: 'HGETEX k FIELDS 1 f',
      APPEND: 'APPEND k v',
      HDEL: 'HDEL k f',
      XDEL: 'XDEL k 1-1',
    };
    for (const command of commands.split(' ')) {
      const messages: string[] = [];
      const { answers, ask } = asking(version);
      const session = answers.connect({ id: 1, nowMs: START_MS });
      const subscriber = answers.connect({
        id: 2,
        nowMs: START_MS,
        events: { released: () => {}, pushed: (message) => messages.push(Buffer.from(message).toString()) },
      });
      ask(subscriber, 'SUBSCRIBE', '__keyevent@0__:keymiss');
      ask(session, 'CONFIG', 'SET', 'notify-keyspace-events', 'Em');
      ask(session, ...(requests[command] ?? `${command} k`).split(' '));
      expect([command, messages.length]).toEqual([command, events]);
      expect(ask(session, 'INFO', 'stats')).toContain(`keyspace_misses:${misses}\r\n`);
    }
  });
});
