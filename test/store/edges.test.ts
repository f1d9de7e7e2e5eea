/** Requests at the edges of what a server accepts, with the replies of redis-7.0.15. */
import { expect, test } from 'vitest';
import { newServer } from '../support/redis.js';
import { asking, latin1 } from './support.js';

const MAX = '18446744073709551615';
const TOO_SMALL = '-ERR The ID specified in XADD is equal or smaller than the target stream top item\r\n';

function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

test('ids of streams are exact up to 2^64 - 1', () => {
  const { connect, ask } = asking();
  const session = connect();
  const add = (key: string, id: string) => ask(session, 'XADD', key, id, 'f', 'v');
  expect(add('x', `2577343934890-${MAX}`)).toBe(bulk(`2577343934890-${MAX}`));
  expect(add('x', '*')).toBe(bulk('2577343934891-0'));
  expect(ask(session, 'XRANGE', 'x', `(2577343934890-${MAX}`, '+')).toMatch(
    /^\*1\r\n\*2\r\n\$15\r\n2577343934891-0/,
  );
  expect(add('y', `0-${MAX}`)).toBe(bulk(`0-${MAX}`));
  expect(add('y', '0-*')).toBe('-ERR Elements are too large to be stored\r\n');
  expect(add('y', '1-0')).toBe(bulk('1-0'));
  expect(add('y', '1-*')).toBe(bulk('1-1'));
  expect(add('y', '42-*')).toBe(bulk('42-0'));
  expect(add('y', '9007199254740993-9007199254740993')).toBe(bulk('9007199254740993-9007199254740993'));
  expect(add('y', '9007199254740993-9007199254740992')).toBe(TOO_SMALL);
  expect(add('y', '9007199254740993-*')).toBe(bulk('9007199254740993-9007199254740994'));
  expect(add('y', `${MAX}-18446744073709551614`)).toBe(bulk(`${MAX}-18446744073709551614`));
  expect(add('y', `${MAX}-${MAX}`)).toBe(bulk(`${MAX}-${MAX}`));
  expect(add('y', '*')).toMatch(/^-ERR The stream has exhausted the last possible ID/);
  expect(add('y', '00-00')).toBe('-ERR The ID specified in XADD must be greater than 0-0\r\n');
  expect(add('y', '18446744073709551616-0')).toMatch(/^-ERR Invalid stream ID/);
  expect(ask(session, 'XRANGE', 'y', `(${MAX}-${MAX}`, '+')).toBe(
    '-ERR invalid start ID for the interval\r\n',
  );
  expect(ask(session, 'XRANGE', 'y', '-', '(0-0')).toBe('-ERR invalid end ID for the interval\r\n');
  expect(ask(session, 'XREAD', 'STREAMS', 'y', `${MAX}-${MAX}`)).toBe('*-1\r\n');
  expect(ask(session, 'XGROUP', 'CREATE', 'y', 'g', '$')).toBe('+OK\r\n');
  for (const id of ['-', '+', '0']) expect(ask(session, 'XGROUP', 'SETID', 'y', 'g', id)).toBe('+OK\r\n');
});

test('a HyperLogLog is a string that any command may have written', () => {
  const { connect, ask } = asking();
  const session = connect();
  ask(session, 'PFADD', 'hll', 'a', 'b', 'c');
  expect(ask(session, 'PFCOUNT', 'hll')).toBe(':3\r\n');
  const text = ask(session, 'GET', 'hll')
    .replace(/^\$\d+\r\n/, '')
    .slice(0, -2);
  ask(session, 'SET', 'copy', text);
  expect(ask(session, 'PFADD', 'copy', 'd')).toBe(':1\r\n');
  expect(ask(session, 'PFCOUNT', 'copy', 'hll')).toBe(':4\r\n');
  // The estimate that the text holds counts, until an element is added.
  ask(session, 'SETRANGE', 'copy', '8', '\x07\0\0\0\0\0\0\0');
  expect(ask(session, 'PFCOUNT', 'copy')).toBe(':7\r\n');
  ask(session, 'PFADD', 'bad', 'a', 'b', 'c');
  ask(session, 'APPEND', 'bad', 'hello');
  const corrupt = '-INVALIDOBJ Corrupted HLL object detected\r\n';
  expect(ask(session, 'PFCOUNT', 'bad')).toBe(corrupt);
  expect(ask(session, 'PFCOUNT', 'bad', 'hll')).toBe(corrupt);
  expect(ask(session, 'PFMERGE', 'hll', 'bad')).toBe(corrupt);
  ask(session, 'PFADD', 'cut', 'a', 'b', 'c');
  ask(
    session,
    'SET',
    'cut',
    ask(session, 'GETRANGE', 'cut', '0', '17')
      .replace(/^\$\d+\r\n/, '')
      .slice(0, -2),
  );
  expect(ask(session, 'PFADD', 'cut', 'e', 'f', 'g')).toBe(corrupt);
  for (const other of [
    '',
    'HYLL',
    'HYLX'.padEnd(40, '\0'),
    `HYLL\x02${'\0'.repeat(20)}`,
    `HYLL${'\0'.repeat(20)}`,
  ]) {
    ask(session, 'SET', 'other', other);
    expect(ask(session, 'PFCOUNT', 'other')).toMatch(/^-WRONGTYPE Key is not a valid HyperLogLog/);
  }
});

test('a command that MULTI does not take is refused, and breaks the transaction', () => {
  const { connect, ask } = asking();
  const session = connect();
  for (const words of [['SAVE'], ['SHUTDOWN'], ['PSYNC', 'a', '1'], ['SYNC']]) {
    ask(session, 'MULTI');
    expect(ask(session, ...words)).toBe('-ERR Command not allowed inside a transaction\r\n');
    expect(ask(session, 'EXEC')).toBe('-EXECABORT Transaction discarded because of previous errors.\r\n');
  }
  expect(ask(session, 'SAVE', 'x')).toBe("-ERR wrong number of arguments for 'save' command\r\n");
  expect(ask(session, 'DEBUG', 'RELOAD')).toBe('-ERR not supported by the lab: DEBUG RELOAD\r\n');
});

test('patterns match as on a server, in a time that does not explode', () => {
  const { connect, ask } = asking();
  const session = connect();
  ask(session, 'SET', 'a'.repeat(50), '1');
  expect(ask(session, 'KEYS', `${'a*'.repeat(21)}b`)).toBe('*0\r\n');
  expect(ask(session, 'SCAN', '0', 'MATCH', `${'a*'.repeat(21)}b`)).toBe('*2\r\n$1\r\n0\r\n*0\r\n');
  ask(session, 'FLUSHALL');
  ask(session, 'MSET', 'b', '1', 'c', '2');
  const both = '*2\r\n$1\r\nb\r\n$1\r\nc\r\n';
  expect(ask(session, 'KEYS', '[c-a]')).toBe(both);
  expect(ask(session, 'KEYS', '[b-]')).toBe('*1\r\n$1\r\nb\r\n');
  expect(ask(session, 'KEYS', '[^c]')).toBe('*1\r\n$1\r\nb\r\n');
  expect(ask(session, 'KEYS', '[\\\\]]')).toBe('*0\r\n');
  expect(ask(session, 'SCAN', '0', 'MATCH', '[c-a]', 'COUNT', '100')).toBe(`*2\r\n$1\r\n0\r\n${both}`);
  ask(session, 'SET', 'a'.repeat(200_000), '1');
  expect(ask(session, 'KEYS', 'a*')).toBe(`*1\r\n$200000\r\n${'a'.repeat(200_000)}\r\n`);
});

test('a reply has a limit', () => {
  const { connect, ask } = asking();
  const session = connect();
  ask(session, 'SADD', 's', 'a');
  ask(session, 'HSET', 'h', 'a', '1');
  ask(session, 'ZADD', 'z', '1', 'a');
  for (const words of [
    ['SRANDMEMBER', 's', '-1000000000'],
    ['HRANDFIELD', 'h', '-1000000000'],
    ['ZRANDMEMBER', 'z', '-1000000000'],
  ]) {
    expect(ask(session, ...words)).toBe(
      '-ERR not supported by the lab: over 10000000 elements with repetitions\r\n',
    );
  }
  ask(session, 'SETRANGE', 'k', '300000000', 'x');
  const refused = '-ERR not supported by the lab: a reply of over 500000000 bytes\r\n';
  expect(ask(session, 'MGET', 'k', 'k')).toBe(refused);
  for (const words of [['MULTI'], ['PING'], ['MGET', 'k', 'k'], ['PING']]) ask(session, ...words);
  expect(ask(session, 'EXEC')).toBe(`*3\r\n+PONG\r\n${refused}+PONG\r\n`);
});

test('a defect while a command is carried out is an error for its client, and is reported', () => {
  const defects: string[] = [];
  const { connect, ask, answers } = asking('redis-7.0', { onDefect: (command) => defects.push(command) });
  const session = connect();
  answers.store.databases[0]!.keys.get = () => {
    throw new RangeError('made for this test');
  };
  expect(ask(session, 'GET', 'k')).toBe(
    '-ERR not supported by the lab: this GET (a defect of the lab: made for this test)\r\n',
  );
  expect(defects).toEqual(['get']);
  expect(ask(session, 'PING')).toBe('+PONG\r\n');
});

test('a command that may wait is carried out at once if there is something for it, or in a transaction', () => {
  const { connect, ask } = asking();
  const session = connect();
  ask(session, 'RPUSH', 'l', 'a', 'b', 'c', 'd', 'e');
  ask(session, 'ZADD', 'z', '1', 'a', '2', 'b');
  ask(session, 'XADD', 'x', '1-1', 'f', 'v');
  expect(ask(session, 'BLPOP', 'none', 'l', '0')).toBe('*2\r\n$1\r\nl\r\n$1\r\na\r\n');
  expect(ask(session, 'BRPOP', 'l', '0')).toBe('*2\r\n$1\r\nl\r\n$1\r\ne\r\n');
  expect(ask(session, 'BLMOVE', 'l', 'm', 'LEFT', 'RIGHT', '0')).toBe('$1\r\nb\r\n');
  expect(ask(session, 'BRPOPLPUSH', 'l', 'm', '0')).toBe('$1\r\nd\r\n');
  expect(ask(session, 'BLMPOP', '0', '2', 'none', 'm', 'LEFT')).toBe('*2\r\n$1\r\nm\r\n*1\r\n$1\r\nd\r\n');
  expect(ask(session, 'BZPOPMAX', 'z', '0')).toBe('*3\r\n$1\r\nz\r\n$1\r\nb\r\n$1\r\n2\r\n');
  expect(ask(session, 'BZMPOP', '0', '1', 'z', 'MIN')).toBe(
    '*2\r\n$1\r\nz\r\n*1\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n',
  );
  expect(ask(session, 'XREAD', 'BLOCK', '0', 'STREAMS', 'x', '0')).toMatch(/^\*1\r\n\*2\r\n\$1\r\nx/);
  const waits = [
    ['BLPOP', 'none', '0'],
    ['BZPOPMIN', 'none', '0'],
    ['BLMOVE', 'none', 'm', 'LEFT', 'LEFT', '0'],
    ['XREAD', 'BLOCK', '0', 'STREAMS', 'x', '$'],
  ];
  ask(session, 'MULTI');
  for (const words of waits) expect(ask(session, ...words)).toBe('+QUEUED\r\n');
  expect(ask(session, 'EXEC')).toBe('*4\r\n*-1\r\n*-1\r\n$-1\r\n*-1\r\n');
  expect(ask(session, 'BLPOP', 'x', '0')).toMatch(/^-WRONGTYPE/);
  expect(ask(session, 'BLPOP', 'none', 'x')).toBe('-ERR timeout is not a float or out of range\r\n');
});

test('LCS reports the places of matches', () => {
  const { connect, ask } = asking();
  const session = connect();
  ask(session, 'MSET', 'a', 'ohmytext', 'b', 'mynewtext');
  const text = (reply: string) =>
    reply
      .split('\r\n')
      .filter((line) => !/^[$]/.test(line))
      .join(' ');
  expect(text(ask(session, 'LCS', 'a', 'b', 'IDX'))).toBe(
    '*4 matches *2 *2 *2 :4 :7 *2 :5 :8 *2 *2 :2 :3 *2 :0 :1 len :6 ',
  );
  expect(text(ask(session, 'LCS', 'a', 'b', 'IDX', 'MINMATCHLEN', '4', 'WITHMATCHLEN'))).toBe(
    '*4 matches *1 *3 *2 :4 :7 *2 :5 :8 :4 len :6 ',
  );
});

test('what is set has an effect, or is refused', () => {
  const { connect, ask } = asking();
  const session = connect();
  const set = (...words: string[]) => ask(session, 'CONFIG', 'SET', ...words);
  expect(set('appendonly', 'yes')).toBe('-ERR not supported by the lab: CONFIG SET appendonly yes\r\n');
  expect(set('appendonly', 'no')).toBe('+OK\r\n');
  expect(set('list-compress-depth', '1')).toMatch(
    /^-ERR not supported by the lab: CONFIG SET list-compress-depth 1/,
  );
  expect(set('loglevel', 'debug')).toBe('+OK\r\n');
  expect(set('hash-max-listpack-entries', '7', 'appendonly', 'yes')).toMatch(
    /^-ERR not supported by the lab/,
  );
  expect(ask(session, 'CONFIG', 'GET', 'hash-max-listpack-entries')).toMatch(/\r\n512\r\n$/);
  expect(set('nosuch', '1')).toMatch(/^-ERR Unknown option/);
});

test('a key that expires is removed when it is asked for, if active expiry is off', () => {
  const { connect, ask, wait, answers } = asking();
  const session = connect();
  ask(session, 'SET', 'k', 'v', 'PX', '100');
  expect(ask(session, 'DEBUG', 'SET-ACTIVE-EXPIRE', '0')).toBe('+OK\r\n');
  wait(200);
  expect(answers.expire(Date.UTC(2026, 0, 1) + 200)).toBe(0);
  expect(ask(session, 'DBSIZE')).toBe(':1\r\n');
  expect(ask(session, 'EXISTS', 'k')).toBe(':0\r\n');
  expect(ask(session, 'DBSIZE')).toBe(':0\r\n');
});

test('BITOP of a single source keeps it, unless it is NOT', () => {
  const { connect, ask } = asking();
  const session = connect();
  ask(session, 'SET', 'a', '\x01\x02\xff');
  for (const operation of ['AND', 'OR', 'XOR']) {
    ask(session, 'BITOP', operation, 'b', 'a');
    expect(ask(session, 'GET', 'b')).toBe('$3\r\n\x01\x02\xff\r\n');
  }
  ask(session, 'BITOP', 'NOT', 'b', 'a');
  expect(ask(session, 'GET', 'b')).toBe('$3\r\n\xfe\xfd\0\r\n');
});

test('a subcommand is no command by the name that the table gives it', () => {
  const { connect, ask, answers } = asking();
  const session = connect();
  expect(ask(session, 'config|get', 'get_xx')).toBe(
    "-ERR unknown command 'config|get', with args beginning with: 'get_xx' \r\n",
  );
  expect(answers.knows(['config|get', 'x'].map(latin1))).toBe(true);
  expect(ask(session, 'COMMAND', 'LIST', 'FILTERBY', 'PATTERN', 'set')).toBe('*1\r\n$3\r\nset\r\n');
});

test('a string that a server could keep and the store cannot is refused at once, by its length', () => {
  const { connect, ask } = asking();
  const session = connect();
  for (const words of ['SETRANGE k 536870911 x', 'SETBIT k 4294967295 1', 'BITFIELD k SET u1 4294967295 1']) {
    expect(ask(session, ...words.split(' '))).toBe(
      '-ERR not supported by the lab: a string of 536870912 bytes, which is over 500000000\r\n',
    );
  }
  expect(ask(session, 'EXISTS', 'k')).toBe(':0\r\n');
});

test('XSETID below a deleted id is refused by store and model alike, also in a copy', () => {
  for (const [version, refuses] of [
    ['redis-7.0', false],
    ['redis-7.2', true],
    ['valkey-9.1', true],
  ] as const) {
    const { connect, ask } = asking(version);
    const session = connect();
    const { execute, operations } = newServer(version);
    const both = (...words: string[]) => {
      execute(...words);
      return ask(session, ...words);
    };
    both('XADD', 's', '5-1', 'f', 'v');
    both('XDEL', 's', '5-1');
    both('COPY', 's', 'copy');
    both('XSETID', 'new', '1-1');
    for (const key of ['s', 'copy']) {
      expect(both('XSETID', key, '3-1').startsWith('-'), version).toBe(refuses);
      operations();
      expect(both('XADD', key, '4-1', 'f', 'v').startsWith('-'), version).toBe(refuses);
      const isAdded = operations().some((line) => line.includes('listpack'));
      expect(isAdded, `${version}, the model`).toBe(!refuses);
    }
  }
});
