import { describe, expect, test } from 'vitest';
import { LONG_LENGTHS, longName } from '../support/long-names.js';
import { asking, latin1, START_MS } from './support.js';

describe.each(LONG_LENGTHS)('names of %d bytes', (length) => {
  const name = longName(length);
  const bulk = `$${length}\r\n${name}\r\n`;

  test('keys are found by patterns', () => {
    const { connect, ask } = asking();
    const session = connect();
    expect(ask(session, 'SET', name, '1')).toBe('+OK\r\n');
    expect(ask(session, 'KEYS', 'a*b') === `*1\r\n${bulk}`).toBe(true);
    expect(ask(session, 'SCAN', '0', 'MATCH', '*x*b') === `*2\r\n$1\r\n0\r\n*1\r\n${bulk}`).toBe(true);
    expect(ask(session, 'KEYS', name) === `*1\r\n${bulk}`).toBe(true);
  });

  test('members, fields and values are kept', () => {
    const { connect, ask } = asking();
    const session = connect();
    ask(session, 'SADD', 's', name);
    ask(session, 'HSET', 'h', name, name);
    ask(session, 'ZADD', 'z', '1', name);
    ask(session, 'APPEND', 'v', name);
    expect(ask(session, 'SMEMBERS', 's') === `*1\r\n${bulk}`).toBe(true);
    expect(ask(session, 'SSCAN', 's', '0', 'MATCH', 'a*b').endsWith(`*1\r\n${bulk}`)).toBe(true);
    expect(ask(session, 'HGET', 'h', name) === bulk).toBe(true);
    expect(ask(session, 'ZRANGE', 'z', '0', '-1') === `*1\r\n${bulk}`).toBe(true);
    expect(ask(session, 'SETBIT', 'v', '7', '0')).toBe(':1\r\n');
    expect(ask(session, 'GETRANGE', 'v', '1', '-1').length).toBe(`$${length - 1}\r\n`.length + length + 1);
  });
});

test('BITOP of 200,000 keys', () => {
  const { answers, connect, ask } = asking();
  const session = connect();
  ask(session, 'SET', 'a', 'x');
  const words = ['BITOP', 'OR', 'to', ...Array.from({ length: 200_000 }, () => 'a')];
  const { reply } = answers.answer(session, words.map(latin1), START_MS);
  expect(Buffer.from(reply).toString()).toBe(':1\r\n');
});
