import { expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { commands, isComparable } from '../fidelity/replies/grammar.js';
import { modelReplyLengths } from '../fidelity/replies/lengths.js';
import { printedSeed } from '../support/seed.js';
import { asking, latin1 } from './support.js';

test.each(['redis-7.0', 'redis-7.2', 'valkey-8.0'])(
  '%s: replies are as long as the model says',
  (version) => {
    // What the model does not say: bits, and how many elements a HyperLogLog has.
    const sent = [...commands(new Random(printedSeed(version)), 4000)];
    const { connect, ask } = asking(version);
    const session = connect();
    const own = sent.map((words) => ask(session, ...words).length);
    const model = modelReplyLengths(version, sent);
    const different = sent.flatMap((words, at) =>
      own[at] === model[at] || !isComparable(words)
        ? []
        : [`#${at} ${words.join(' ').slice(0, 100)}: ${own[at]}, the model ${model[at]}`],
    );
    expect(different).toEqual([]);
  },
);

test('a key is gone when its time is over, and no sooner', () => {
  const { connect, ask, wait, answers } = asking();
  const session = connect();
  ask(session, 'SET', 'k', 'v', 'PX', '1500');
  ask(session, 'SET', 'other', 'v', 'PX', '1500');
  wait(1500);
  expect(ask(session, 'GET', 'k')).toBe('$1\r\nv\r\n');
  expect(ask(session, 'PTTL', 'k')).toBe(':0\r\n');
  wait(1);
  expect(ask(session, 'GET', 'k')).toBe('$-1\r\n');
  expect(ask(session, 'DBSIZE')).toBe(':1\r\n');
  expect(answers.expire(Date.UTC(2026, 0, 2))).toBe(1);
  expect(ask(session, 'DBSIZE')).toBe(':0\r\n');
});

test('a transaction is not carried out if another client changed what is watched', () => {
  const { connect, ask } = asking();
  const [one, other] = [connect(), connect()];
  ask(one, 'WATCH', 'k');
  ask(one, 'MULTI');
  expect(ask(one, 'SET', 'k', 'mine')).toBe('+QUEUED\r\n');
  ask(other, 'SET', 'k', 'other');
  expect(ask(one, 'EXEC')).toBe('*-1\r\n');
  expect(ask(one, 'GET', 'k')).toBe('$5\r\nother\r\n');
});

test('a watched key whose time runs out counts as changed', () => {
  const { connect, ask, wait } = asking();
  const session = connect();
  ask(session, 'SET', 'k', 'v', 'PX', '10');
  ask(session, 'WATCH', 'k');
  wait(11);
  ask(session, 'MULTI');
  expect(ask(session, 'EXEC')).toBe('*-1\r\n');
});

test('what the model decided is followed: members that SPOP takes, keys that are evicted, no room', () => {
  const { connect, askWith, ask } = asking();
  const session = connect();
  ask(session, 'SADD', 's', 'a', 'b', 'c', 'd');
  expect(askWith(session, { popped: [latin1('c')] }, 'SPOP', 's')).toBe('$1\r\nc\r\n');
  ask(session, 'MULTI');
  ask(session, 'SPOP', 's', '2');
  ask(session, 'SPOP', 's');
  expect(askWith(session, { popped: ['d', 'a', 'b'].map(latin1) }, 'EXEC')).toBe(
    '*2\r\n*2\r\n$1\r\nd\r\n$1\r\na\r\n$1\r\nb\r\n',
  );
  ask(session, 'SET', 'k', 'v');
  expect(askWith(session, { evicted: [{ database: 0, name: latin1('k') }] }, 'GET', 'k')).toBe('$-1\r\n');
  expect(askWith(session, { isFull: true }, 'SET', 'k', 'v')).toBe(
    "-OOM command not allowed when used memory > 'maxmemory'.\r\n",
  );
});

test('the same seed takes the same members', () => {
  const taken = [7, 7, 8].map((seed) => {
    const { connect, ask } = asking('redis-7.0', { seed });
    const session = connect();
    ask(session, 'SADD', 's', ...Array.from({ length: 100 }, (_, at) => `m${at}`));
    return ask(session, 'SPOP', 's', '10');
  });
  expect(taken[1]).toBe(taken[0]);
  expect(taken[2]).not.toBe(taken[0]);
});

test('SCAN says each key that is there all the time exactly once, whatever comes and goes', () => {
  const { connect, ask } = asking();
  const session = connect();
  const random = new Random(printedSeed('scan'));
  for (let at = 0; at < 500; at++) ask(session, 'SET', `stays${at}`, 'v');
  for (let at = 0; at < 500; at++) ask(session, 'SET', `goes${at}`, 'v');
  const found: string[] = [];
  let cursor = '0';
  do {
    const reply = ask(session, 'SCAN', cursor, 'COUNT', '7');
    const [next = '', ...names] = [...reply.matchAll(/\$\d+\r\n(.*)\r\n/g)].map(([, text]) => text!);
    cursor = next;
    found.push(...names);
    ask(session, 'DEL', `goes${random.below(500)}`, `goes${random.below(500)}`);
    ask(session, 'SET', `new${random.below(20)}`, 'v');
  } while (cursor !== '0');
  const stays = found.filter((name) => name.startsWith('stays'));
  expect(stays.length).toBe(500);
  expect(new Set(stays).size).toBe(500);
});

test('without the password nothing is told', () => {
  const { connect, ask } = asking('redis-7.0', { password: 'secret' });
  const session = connect();
  expect(ask(session, 'GET', 'k')).toBe('-NOAUTH Authentication required.\r\n');
  expect(ask(session, 'AUTH', 'wrong')).toMatch(/^-WRONGPASS/);
  expect(ask(session, 'HELLO', '3')).toMatch(/^-NOAUTH HELLO must be called/);
  expect(ask(session, 'HELLO', '3', 'AUTH', 'default', 'secret')).toMatch(/^%7/);
  expect(ask(session, 'GET', 'k')).toBe('_\r\n');
});

test('what is not carried out says so, and is not for the model', () => {
  const { connect, ask, answers } = asking();
  const session = connect();
  const refused = [['EVAL', 'x', '0'], ['monitor']];
  for (const words of refused) {
    expect(ask(session, ...words)).toMatch(/^-ERR not supported by the lab: /);
    expect(answers.knows(words.map(latin1))).toBe(false);
  }
  expect(answers.knows([latin1('get')])).toBe(true);
  expect(answers.knows([latin1('nosuch')])).toBe(true);
});

test('CLIENT REPLY: no replies, or none to the next command', () => {
  const { connect, ask } = asking();
  const session = connect();
  expect(ask(session, 'CLIENT', 'REPLY', 'SKIP')).toBe('');
  expect(ask(session, 'PING')).toBe('');
  expect(ask(session, 'PING')).toBe('+PONG\r\n');
  expect(ask(session, 'CLIENT', 'REPLY', 'OFF')).toBe('');
  expect(ask(session, 'PING')).toBe('');
  expect(ask(session, 'CLIENT', 'REPLY', 'ON')).toBe('+OK\r\n');
});

test('CLIENT REPLY in a transaction would break the reply of a server, and is refused', () => {
  const { connect, ask } = asking();
  const session = connect();
  expect(ask(session, 'MULTI')).toBe('+OK\r\n');
  expect(ask(session, 'CLIENT', 'REPLY', 'OFF')).toMatch(/^-ERR not supported by the lab: CLIENT REPLY in a/);
  expect(ask(session, 'EXEC')).toMatch(/^-EXECABORT/);
  expect(ask(session, 'PING')).toBe('+PONG\r\n');
});
