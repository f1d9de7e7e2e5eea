/** What the lab tells of its commands, calls and clients is what happened, or is refused. */
import { describe, expect, test } from 'vitest';
import { asking } from './support.js';

describe('COMMAND', () => {
  const { connect, ask } = asking('redis-7.0');
  const session = connect();

  test('counts and lists all commands of the version, with those that are not carried out', () => {
    expect(ask(session, 'COMMAND', 'COUNT')).toBe(':240\r\n');
    expect(ask(session, 'COMMAND', 'INFO', 'EVAL')).toMatch(/^\*1\r\n\*10\r\n\$4\r\neval\r\n:-3\r\n/);
    expect(ask(session, 'COMMAND', 'INFO', 'EVAL')).toContain('+movablekeys\r\n');
    expect(ask(session, 'COMMAND', 'LIST', 'FILTERBY', 'PATTERN', 'CLIENT|l*')).toBe(
      '*1\r\n$11\r\nclient|list\r\n',
    );
    expect(ask(session, 'COMMAND', 'LIST', 'FILTERBY', 'MODULE', 'none')).toBe('*0\r\n');
    expect(ask(session, 'COMMAND', 'LIST', 'FILTERBY', 'ACLCAT', 'Transaction')).toBe(
      `*5\r\n${['discard', 'exec', 'multi', 'unwatch', 'watch'].map((name) => `$${name.length}\r\n${name}\r\n`).join('')}`,
    );
    expect(ask(session, 'COMMAND', 'DOCS')).toMatch(/^-ERR not supported/);
  });

  test.each([
    ['GET a', ['a']],
    ['SORT a STORE b GET x STORE c', ['a', 'c']],
    ['XREAD COUNT 2 STREAMS a b 0 0', ['a', 'b']],
    ['ZUNIONSTORE d 2 a b', ['d', 'a', 'b']],
    ['EVAL x 5 a', []],
    ['MEMORY USAGE a', ['a']],
  ])('GETKEYS %s', (command, keys) => {
    const reply = keys.map((key) => `$${key.length}\r\n${key}\r\n`).join('');
    expect(ask(session, 'COMMAND', 'GETKEYS', ...command.split(' '))).toBe(`*${keys.length}\r\n${reply}`);
  });

  test.each([
    ['PING x', 'The command has no key arguments'],
    ['SET a', 'Invalid number of arguments specified for command'],
    ['NOSUCH a', 'Invalid command specified'],
    ['CLIENT NOSUCH', 'Invalid command specified'],
    ['ZUNION 0 a', 'Invalid arguments specified for command'],
  ])('GETKEYS %s is refused', (command, why) => {
    expect(ask(session, 'COMMAND', 'GETKEYS', ...command.split(' '))).toBe(`-ERR ${why}\r\n`);
  });
});

test('INFO counts calls, failures and rejections of commands, and errors by their code', () => {
  const { connect, ask } = asking();
  const session = connect();
  ask(session, 'SET', 'a', 'x');
  ask(session, 'INCR', 'a');
  ask(session, 'LPUSH', 'a', '1');
  ask(session, 'SET', 'a');
  ask(session, 'NOSUCH');
  for (const name of ['MULTI', 'SET', 'INCR', 'EXEC']) {
    ask(session, ...({ SET: ['SET', 'b', '1'], INCR: ['INCR', 'a'] }[name] ?? [name]));
  }
  const commands = ask(session, 'INFO', 'commandstats');
  expect(commands).toMatch(
    /cmdstat_set:calls=2,usec=\d+,usec_per_call=[\d.]+,rejected_calls=1,failed_calls=0/,
  );
  expect(commands).toMatch(/cmdstat_incr:calls=2,.*failed_calls=2/);
  expect(commands).toMatch(/cmdstat_lpush:calls=1,.*failed_calls=1/);
  expect(ask(session, 'INFO', 'errorstats')).toContain(
    'errorstat_ERR:count=4\r\nerrorstat_WRONGTYPE:count=1',
  );
  expect(ask(session, 'INFO', 'stats')).toContain('total_error_replies:5\r\n');
  expect(ask(session, 'INFO')).not.toContain('cmdstat_');
  expect(ask(session, 'INFO', 'everything')).toContain('cmdstat_set');
  ask(session, 'CONFIG', 'RESETSTAT');
  expect(ask(session, 'INFO', 'errorstats')).not.toContain('errorstat_');
  expect(ask(session, 'INFO', 'latencystats')).toMatch(/^-ERR not supported by the lab: INFO latencystats/);
  expect(ask(session, 'INFO', 'nosuch')).toBe('$0\r\n\r\n');
});

describe('SLOWLOG', () => {
  test('keeps commands that take at least the given time, without passwords', () => {
    const { connect, ask } = asking();
    const session = connect();
    expect(ask(session, 'SLOWLOG', 'LEN')).toBe(':0\r\n');
    ask(session, 'CLIENT', 'SETNAME', 'me');
    expect(ask(session, 'CONFIG', 'SET', 'slowlog-log-slower-than', '0')).toBe('+OK\r\n');
    ask(session, 'AUTH', 'secret');
    ask(session, 'HELLO', '2', 'AUTH', 'default', 'secret');
    ask(session, 'SET', 'a', 'v'.repeat(200));
    ask(session, 'SADD', 's', ...Array.from({ length: 40 }, (_, at) => `m${at}`));
    ask(session, 'CONFIG', 'SET', 'slowlog-log-slower-than', '-1');
    const log = ask(session, 'SLOWLOG', 'GET', '-1');
    expect(log).not.toContain('secret');
    expect(log).toContain('... (72 more bytes)');
    expect(log).toContain('... (11 more arguments)');
    expect(log).toContain('$2\r\nme\r\n');
    expect(ask(session, 'SLOWLOG', 'GET', '1')).toMatch(/^\*1\r\n\*6\r\n:4\r\n/);
    expect(ask(session, 'SLOWLOG', 'LEN')).toBe(':5\r\n');
    expect(ask(session, 'SLOWLOG', 'GET', '-2')).toBe('-ERR count should be greater than or equal to -1\r\n');
    expect(ask(session, 'SLOWLOG', 'RESET')).toBe('+OK\r\n');
    expect(ask(session, 'SLOWLOG', 'GET')).toBe('*0\r\n');
  });

  test('keeps as many as it may, and each command of a transaction', () => {
    const { connect, ask } = asking();
    const session = connect();
    ask(session, 'CONFIG', 'SET', 'slowlog-log-slower-than', '0', 'slowlog-max-len', '2');
    for (const words of [['MULTI'], ['SET', 'a', '1'], ['GET', 'a'], ['EXEC']]) ask(session, ...words);
    ask(session, 'CONFIG', 'SET', 'slowlog-log-slower-than', '-1');
    const log = ask(session, 'SLOWLOG', 'GET');
    expect(log).toMatch(/\$3\r\nGET\r\n.*\$3\r\nSET\r\n/s);
    expect(log).not.toContain('EXEC');
    expect(ask(session, 'SLOWLOG', 'LEN')).toBe(':2\r\n');
  });
});

describe('OBJECT IDLETIME', () => {
  const { connect, ask, wait } = asking('redis-7.2');
  const session = connect();
  const idle = () => ask(session, 'OBJECT', 'IDLETIME', 'a');

  test('is the time since the last use, which reading, writing and TOUCH are, and EXISTS, TYPE and TTL are not', () => {
    expect(idle()).toBe('$-1\r\n');
    ask(session, 'SET', 'a', '1');
    wait(5000);
    for (const name of ['EXISTS', 'TYPE', 'TTL']) ask(session, name, 'a');
    expect(idle()).toBe(':5\r\n');
    for (const words of [
      ['GET', 'a'],
      ['TOUCH', 'a'],
      ['INCR', 'a'],
      ['SET', 'a', '2'],
      ['RENAME', 'a', 'a'],
    ]) {
      ask(session, ...words);
      expect(idle()).toBe(':0\r\n');
      wait(2000);
      expect(idle()).toBe(':2\r\n');
    }
  });

  test('CLIENT NO-TOUCH leaves it, but for TOUCH, and RESET ends that', () => {
    ask(session, 'GET', 'a');
    wait(3000);
    ask(session, 'CLIENT', 'NO-TOUCH', 'ON');
    expect(ask(session, 'CLIENT', 'LIST')).toContain(' flags=T ');
    ask(session, 'GET', 'a');
    expect(idle()).toBe(':3\r\n');
    ask(session, 'TOUCH', 'a');
    expect(idle()).toBe(':0\r\n');
    wait(1000);
    ask(session, 'RESET');
    ask(session, 'GET', 'a');
    expect(idle()).toBe(':0\r\n');
  });

  test('FREQ is not supported', () => {
    ask(session, 'CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lfu');
    expect(idle()).toMatch(/^-ERR An LFU maxmemory policy is selected, idle time not tracked/);
    expect(ask(session, 'OBJECT', 'FREQ', 'a')).toBe('-ERR not supported by the lab: OBJECT FREQ\r\n');
  });
});

describe('ACL: there is the default user alone', () => {
  test.each([
    ['redis-7.0', 'user default on nopass ~* &* +@all'],
    ['redis-7.2', 'user default on nopass sanitize-payload ~* &* +@all'],
    ['redis-8.6', 'user default on nopass sanitize-payload ~* &* +@all'],
    ['valkey-8.1', 'user default on nopass sanitize-payload ~* &* +@all'],
    ['valkey-9.1', 'user default on nopass ~* &* +@all'],
  ])('LIST of %s', (version, line) => {
    const { connect, ask } = asking(version);
    expect(ask(connect(), 'ACL', 'LIST')).toBe(`*1\r\n$${line.length}\r\n${line}\r\n`);
  });

  test('WHOAMI, USERS, CAT and GETUSER, as valkey 9.1.2 replies', () => {
    const { connect, ask } = asking('valkey-9.1');
    const session = connect();
    expect(ask(session, 'ACL', 'WHOAMI')).toBe('$7\r\ndefault\r\n');
    expect(ask(session, 'ACL', 'USERS')).toBe('*1\r\n$7\r\ndefault\r\n');
    expect(ask(session, 'ACL', 'CAT')).toMatch(
      /^\*21\r\n\$8\r\nkeyspace\r\n\$4\r\nread\r\n.*\$9\r\nscripting\r\n$/s,
    );
    expect(ask(session, 'ACL', 'CAT', 'Transaction')).toMatch(/^\*5\r\n/);
    expect(ask(session, 'ACL', 'CAT', 'nosuch')).toBe("-ERR Unknown category 'nosuch'\r\n");
    expect(ask(session, 'ACL', 'GETUSER', 'nobody')).toBe('$-1\r\n');
    expect(ask(session, 'ACL', 'GETUSER', 'default')).toBe(
      '*14\r\n$5\r\nflags\r\n*2\r\n$2\r\non\r\n$6\r\nnopass\r\n$9\r\npasswords\r\n*0\r\n$8\r\ncommands\r\n$5\r\n+@all\r\n' +
        '$4\r\nkeys\r\n$2\r\n~*\r\n$8\r\nchannels\r\n$2\r\n&*\r\n$9\r\ndatabases\r\n$6\r\nalldbs\r\n$9\r\nselectors\r\n*0\r\n',
    );
    expect(ask(session, 'ACL', 'SETUSER', 'x')).toBe('-ERR not supported by the lab: ACL SETUSER\r\n');
  });

  test('a user with a password is not shown', () => {
    const { connect, ask } = asking('redis-7.0', { password: 'secret' });
    const session = connect();
    ask(session, 'AUTH', 'secret');
    expect(ask(session, 'ACL', 'WHOAMI')).toBe('$7\r\ndefault\r\n');
    expect(ask(session, 'ACL', 'LIST')).toBe('-ERR not supported by the lab: ACL LIST with a password\r\n');
  });
});

test.each([
  ['redis-7.0', 288],
  ['redis-8.6', 339],
  ['valkey-9.1', 180],
])('LATENCY of %s is that of a server without its monitor', (version, length) => {
  const { connect, ask } = asking(version);
  const session = connect();
  expect(ask(session, 'LATENCY', 'LATEST')).toBe('*0\r\n');
  expect(ask(session, 'LATENCY', 'HISTORY', 'command')).toBe('*0\r\n');
  expect(ask(session, 'LATENCY', 'RESET', 'x', 'y')).toBe(':0\r\n');
  expect(ask(session, 'LATENCY', 'GRAPH', 'x')).toBe("-ERR No samples available for event 'x'\r\n");
  expect(ask(session, 'LATENCY', 'DOCTOR')).toMatch(new RegExp(`^\\$${length}\\r\\nI'm sorry, Dave`));
  expect(ask(session, 'LATENCY', 'HISTOGRAM')).toBe('-ERR not supported by the lab: LATENCY HISTOGRAM\r\n');
});

test('DEBUG PROTOCOL has each type of both protocols', () => {
  const { connect, ask } = asking();
  const session = connect();
  expect(ask(session, 'DEBUG', 'PROTOCOL', 'true')).toBe(':1\r\n');
  expect(ask(session, 'DEBUG', 'PROTOCOL', 'push')).toMatch(/^-ERR RESP2 is not supported/);
  ask(session, 'HELLO', '3');
  expect(ask(session, 'DEBUG', 'PROTOCOL', 'true')).toBe('#t\r\n');
  expect(ask(session, 'DEBUG', 'PROTOCOL', 'bignum')).toBe('(1234567999999999999999999999999999999\r\n');
  expect(ask(session, 'DEBUG', 'PROTOCOL', 'attrib')).toMatch(/^\|1\r\n\$14\r\nkey-popularity\r\n/);
  expect(ask(session, 'DEBUG', 'PROTOCOL', 'map')).toBe('%3\r\n:0\r\n#f\r\n:1\r\n#t\r\n:2\r\n#f\r\n');
});
