/** EXEC is carried out unless a watched key was changed, by the rules of a server. */
import { describe, expect, test } from 'vitest';
import { asking } from './support.js';

type Words = readonly string[];

/** What comes before WATCH, what another client does then, and whether EXEC is carried out nonetheless (recorded from redis-7.0.15). */
const CHANGES: readonly (readonly [
  before: readonly Words[],
  key: string,
  change: readonly Words[],
  isCarriedOut: boolean,
])[] = [
  [
    [
      ['SADD', 'src', 'a', 'b'],
      ['SADD', 'dst', 'a'],
    ],
    'dst',
    [['SMOVE', 'src', 'dst', 'a']],
    true,
  ],
  [
    [
      ['SADD', 'src', 'a', 'b'],
      ['SADD', 'dst', 'c'],
    ],
    'dst',
    [['SMOVE', 'src', 'dst', 'a']],
    false,
  ],
  [[['SADD', 'src', 'a', 'b']], 'src', [['SMOVE', 'src', 'dst', 'a']], false],
  [[['SET', 'k', '1']], 'k', [['SET', 'k', '2']], false],
  [[['SET', 'k', '1']], 'k', [['EXPIRE', 'k', '100']], false],
  [[], 'k', [['FLUSHALL']], true],
  [[['SET', 'k', 'abc']], 'k', [['SETRANGE', 'k', '0', '']], true],
  [[['SET', 'k', 'abc']], 'k', [['APPEND', 'k', '']], false],
  [[['RPUSH', 'k', '1']], 'k', [['LTRIM', 'k', '0', '-1']], false],
  [[['ZADD', 'k', '1', 'a']], 'k', [['ZADD', 'k', '1', 'a']], true],
  [[['HSET', 'k', 'f', '1']], 'k', [['HSET', 'k', 'f', '1']], false],
  [[['SET', 'k', '1']], 'k', [['COPY', 'k', 'dd']], true],
  [[['PFADD', 'k', 'a']], 'k', [['PFCOUNT', 'k']], false],
  [
    [
      ['PFADD', 'k', 'a'],
      ['PFCOUNT', 'k'],
    ],
    'k',
    [['PFCOUNT', 'k']],
    true,
  ],
  [[['RPUSH', 'k', '2', '1']], 'k', [['SORT', 'k']], true],
  [[], 'k', [['GETDEL', 'k']], true],
  [[['SET', 'k', '1']], 'k', [['PERSIST', 'k']], true],
  [[['XADD', 'k', '1-1', 'a', 'b']], 'k', [['XGROUP', 'CREATE', 'k', 'g', '0']], true],
  [
    [
      ['XADD', 'k', '1-1', 'a', 'b'],
      ['XGROUP', 'CREATE', 'k', 'g', '0'],
    ],
    'k',
    [['XREADGROUP', 'GROUP', 'g', 'c', 'STREAMS', 'k', '>']],
    true,
  ],
  [[['SET', 'k', 'a']], 'k', [['BITFIELD', 'k', 'GET', 'u8', '0']], true],
];

test.each(CHANGES)('%j, WATCH %s, %j: carried out: %s', (before, key, change, isCarriedOut) => {
  const { connect, ask } = asking();
  const [own, other] = [connect(), connect()];
  for (const words of before) ask(own, ...words);
  ask(own, 'WATCH', key);
  for (const words of change) ask(other, ...words);
  ask(own, 'MULTI');
  ask(own, 'PING');
  expect(ask(own, 'EXEC')).toBe(isCarriedOut ? '*1\r\n+PONG\r\n' : '*-1\r\n');
});

describe('a watched key that expires', () => {
  const executed = (expiredBefore: boolean, ...then: readonly Words[]) => {
    const { connect, ask, wait, answers } = asking();
    const session = connect();
    const other = connect();
    ask(session, 'SET', 'k', 'v', 'PX', '100');
    if (expiredBefore) wait(200);
    ask(session, 'WATCH', 'k');
    if (!expiredBefore) wait(200);
    for (const words of then) {
      if (words[0] === 'expire') answers.expire(Date.UTC(2026, 0, 1) + 200);
      else ask(other, ...words);
    }
    ask(session, 'MULTI');
    ask(session, 'PING');
    return ask(session, 'EXEC') !== '*-1\r\n';
  };

  test('has changed, however it is removed', () => {
    expect(executed(false)).toBe(false);
    expect(executed(false, ['expire'])).toBe(false);
    expect(executed(false, ['GET', 'k'])).toBe(false);
  });

  test('has not changed if it had expired before, until it is set', () => {
    expect(executed(true)).toBe(true);
    expect(executed(true, ['expire'])).toBe(true);
    expect(executed(true, ['GET', 'k'])).toBe(true);
    expect(executed(true, ['FLUSHALL'])).toBe(true);
    expect(executed(true, ['SET', 'k', 'w'])).toBe(false);
    expect(executed(true, ['GET', 'k'], ['SET', 'k', 'w'])).toBe(false);
  });
});
