import { expect, test } from 'vitest';
import { asking } from './support.js';

test.each(['redis-7.4', 'redis-8.0', 'redis-8.6', 'valkey-9.1'])(
  '%s: a field is gone when its time is over, and no sooner',
  (version) => {
    const { connect, ask, wait } = asking(version);
    const session = connect();
    ask(session, 'HSET', 'h', 'brief', '1', 'stays', '2');
    expect(ask(session, 'HPEXPIRE', 'h', '1500', 'FIELDS', '2', 'brief', 'none')).toBe('*2\r\n:1\r\n:-2\r\n');
    wait(1500);
    expect(ask(session, 'HGET', 'h', 'brief')).toBe('$1\r\n1\r\n');
    expect(ask(session, 'HPTTL', 'h', 'FIELDS', '1', 'brief')).toBe('*1\r\n:0\r\n');
    wait(1);
    expect(ask(session, 'HGETALL', 'h')).toBe('*2\r\n$5\r\nstays\r\n$1\r\n2\r\n');
    expect(ask(session, 'HPTTL', 'h', 'FIELDS', '2', 'brief', 'stays')).toBe('*2\r\n:-2\r\n:-1\r\n');
  },
);

test.each(['redis-7.4', 'valkey-9.1'])(
  '%s: a hash is gone with its last field, asked for or not',
  (version) => {
    const { connect, ask, wait, answers } = asking(version);
    const [session, watching] = [connect(), connect()];
    for (const key of ['asked', 'watched', 'renamed']) ask(session, 'HSET', key, 'f', 'v');
    for (const key of ['asked', 'watched', 'renamed']) ask(session, 'HEXPIRE', key, '10', 'FIELDS', '1', 'f');
    ask(session, 'RENAME', 'renamed', 'other');
    ask(session, 'COPY', 'other', 'copied');
    ask(watching, 'WATCH', 'watched');
    wait(10_001);
    expect(ask(session, 'EXISTS', 'asked')).toBe(':0\r\n');
    expect(answers.expire(Date.UTC(2026, 0, 2))).toBe(3);
    expect(ask(session, 'DBSIZE')).toBe(':0\r\n');
    ask(watching, 'MULTI');
    expect(ask(watching, 'EXEC')).toBe('*-1\r\n');
  },
);

test.each(['redis-7.0', 'redis-7.2', 'valkey-8.0', 'valkey-8.1'])(
  '%s has no fields that expire',
  (version) => {
    const { connect, ask } = asking(version);
    const session = connect();
    for (const name of ['HEXPIRE', 'HTTL', 'HPERSIST', 'HSETEX', 'HGETEX', 'HGETDEL']) {
      expect(ask(session, name, 'h', '1', 'FIELDS', '1', 'f')).toBe(
        `-ERR unknown command '${name}', with args beginning with: 'h' '1' 'FIELDS' '1' 'f' \r\n`,
      );
    }
  },
);

test('HSETEX, HGETEX and HGETDEL came later than HEXPIRE', () => {
  const { connect, ask } = asking('redis-7.4');
  const session = connect();
  expect(ask(session, 'HSETEX', 'h', 'FIELDS', '1', 'f', 'v')).toMatch(/^-ERR unknown command 'HSETEX'/);
  expect(ask(session, 'HTTL', 'h', 'FIELDS', '1', 'f')).toBe('*1\r\n:-2\r\n');
});
