import { expect, test } from 'vitest';
import { findServer } from '#slablab/src/model/index.js';
import { Store } from '#slablab/src/store/index.js';
import { latin1, START_MS } from './support.js';

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
