/** Arguments that a server refuses are refused by model and store alike, by the facts of the command table. */
import { expect, test } from 'vitest';
import { commandsOf } from '#slablab/src/commands/index.js';
import { SERVERS } from '#slablab/src/model/index.js';
import { CommandTable, type Handlers } from '#slablab/src/model/server/index.js';
import { asking } from '../../store/support.js';
import { newServer } from '../../support/redis.js';

const ARITY_ERROR = (name: string) => `-ERR wrong number of arguments for '${name}' command\r\n`;

/** Whether the model lets EXEC carry out a transaction with this command in it. */
function isQueued(version: string, words: readonly string[]): boolean {
  const { server, execute } = newServer(version);
  execute('MULTI');
  execute(...words);
  return server.connections.byNumber.get(0)?.transaction.isBroken === false;
}

test.each([
  ['ROLE', 'x'],
  ['SPUBLISH', 'c'],
  ['ASKING', 'x'],
  ['SUBSCRIBE'],
  ['REPLICAOF', 'host'],
  ['CONFIG', 'GET'],
  ['XGROUP', 'DESTROY', 'k'],
])('%s %s %s: the model refuses it', (...words) => {
  expect(isQueued('redis-7.2', words)).toBe(false);
});

test.each([['ROLE'], ['SPUBLISH', 'c', 'm'], ['COMMAND'], ['COMMAND', 'COUNT'], ['CONFIG', 'GET', 'x']])(
  '%s %s %s: the model queues it',
  (...words) => {
    expect(isQueued('redis-7.2', words)).toBe(true);
  },
);

test('an unknown subcommand breaks a transaction', () => {
  expect(isQueued('redis-7.2', ['CLIENT', 'SETINFO', 'lib-name', 'x'])).toBe(true);
  expect(isQueued('redis-7.0', ['CLIENT', 'SETINFO', 'lib-name', 'x'])).toBe(false);
  expect(isQueued('redis-7.2', ['CLIENT', 'NOSUCH'])).toBe(false);
});

test('ZRANK has WITHSCORE from 7.2 on, in model and store', () => {
  for (const [version, has] of [
    ['redis-7.0', false],
    ['redis-7.2', true],
    ['valkey-8.0', true],
  ] as const) {
    for (const name of ['ZRANK', 'ZREVRANK']) {
      expect(isQueued(version, [name, 'k', 'm', 'WITHSCORE'])).toBe(has);
      const { connect, ask } = asking(version);
      const reply = ask(connect(), name, 'k', 'm', 'WITHSCORE');
      expect(reply).toBe(has ? '*-1\r\n' : ARITY_ERROR(name.toLowerCase()));
    }
  }
});

test('DEBUG with one argument is refused for what it asks, not for their number', () => {
  const { connect, ask } = asking();
  const session = connect();
  expect(ask(session, 'DEBUG')).toBe(ARITY_ERROR('debug'));
  expect(ask(session, 'DEBUG', 'HELP')).toMatch(/^-ERR not supported by the lab: DEBUG HELP/);
  expect(ask(session, 'DEBUG', 'POPULATE')).toMatch(/^-ERR unknown subcommand or wrong number of arguments/);
});

test('a version refuses the commands of later versions', () => {
  const reply = (version: string, ...words: string[]) => {
    const { connect, ask } = asking(version);
    return ask(connect(), ...words);
  };
  expect(reply('redis-7.0', 'WAITAOF', '0', '0', '0')).toMatch(/^-ERR unknown command 'WAITAOF'/);
  expect(reply('redis-7.2', 'WAITAOF', '0', '0', '0')).toBe('*2\r\n:0\r\n:0\r\n');
  expect(reply('redis-7.0', 'CLIENT', 'NO-TOUCH', 'on')).toMatch(/^-ERR unknown subcommand 'NO-TOUCH'/);
  expect(reply('redis-7.2', 'CLIENT', 'NO-TOUCH', 'on')).toBe('+OK\r\n');
  expect(reply('valkey-8.0', 'HEXPIRE', 'k', '1', 'FIELDS', '1', 'f')).toMatch(/^-ERR unknown command/);
});

test('COMMAND INFO prints flags and keys of the table', () => {
  const { connect, ask } = asking('redis-7.2');
  const reply = ask(connect(), 'COMMAND', 'INFO', 'set').split('\r\n');
  expect(reply.slice(0, 10)).toEqual([
    '*1',
    '*10',
    '$3',
    'set',
    ':-3',
    '*2',
    '+write',
    '+denyoom',
    ':1',
    ':1',
  ]);
});

test('the join refuses a handler without a row, and two handlers of one command', () => {
  const infos = commandsOf(SERVERS[0]!);
  const handlers: Handlers = { get() {} };
  expect(new CommandTable(infos, handlers).named('get')?.arity).toBe(2);
  expect(() => new CommandTable(infos, { nosuch() {} })).toThrow("'nosuch' has a handler, but no row");
  expect(() => new CommandTable(infos, handlers, handlers)).toThrow("'get' has two handlers");
});
