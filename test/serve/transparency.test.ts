/** Clients of the tap see what they would see without it. Each script is played at the server, and through the tap. */
import { describeDialogues } from './support/dialogues.js';
import { END, resp, type Step } from './support/script.js';

const AS_LIMITED: readonly Step[] = [
  ['A', resp('ACL SETUSER limited on >pw ~* +@all resetchannels'), 1],
  ['B', resp('AUTH limited pw'), 1],
];

const LONG = 'x'.repeat(100_000);

const SCRIPTS: Readonly<Record<string, readonly Step[]>> = Object.fromEntries<readonly Step[]>([
  [
    'an array that begins with "message", after UNSUBSCRIBE',
    [
      ['A', resp('SUBSCRIBE ch'), 1],
      ['A', resp('UNSUBSCRIBE ch', 'RPUSH l message b c', 'LRANGE l 0 -1', 'SET a 1', 'GET a'), 5],
      ['B', resp('GET a'), 1],
      ['A', resp('PING'), 1],
    ],
  ],
  [
    'the same array, while subscribed in RESP3',
    [
      ['A', resp('HELLO 3'), 1],
      ['A', resp('SUBSCRIBE ch', 'RPUSH l message b c', 'LRANGE l 0 -1', 'PUBLISH ch x', 'ECHO end'), 6],
    ],
  ],
  [
    'SUBSCRIBE that is refused, with commands behind it',
    [
      ...AS_LIMITED,
      ['B', resp('SUBSCRIBE ch', 'SET big1 x', 'SET big2 x', 'ECHO after'), 4],
      ['B', resp('PING'), 1],
    ],
  ],
  [
    'SUBSCRIBE that is refused, with a blocking command behind it',
    [...AS_LIMITED, ['B', resp('SUBSCRIBE ch', 'BLPOP nokey 0.1', 'ECHO after'), 3], ['B', resp('PING'), 1]],
  ],
  [
    'SUBSCRIBE in a transaction',
    [
      ['A', resp('MULTI', 'SUBSCRIBE ch other', 'EXEC'), 4],
      ['B', resp('PUBLISH ch hello'), 1],
      ['A', '', 1],
      ['A', resp('PING', 'PING', 'UNSUBSCRIBE ch'), 3],
      ['B', resp('PUBLISH ch hello', 'PUBLISH other there'), 2],
      ['A', '', 1],
      ['A', resp('UNSUBSCRIBE', 'SET k1 v', 'LRANGE none 0 -1', 'PING'), 4],
    ],
  ],
  [
    'all kinds of subscriptions, and UNSUBSCRIBE without names',
    [
      ['A', resp('SUBSCRIBE a', 'PSUBSCRIBE p*', 'SSUBSCRIBE s'), 3],
      ['B', resp('PUBLISH a 1', 'PUBLISH px 2', 'SPUBLISH s 3'), 3],
      ['A', '', 3],
      ['A', resp('UNSUBSCRIBE', 'PUNSUBSCRIBE', 'SUNSUBSCRIBE', 'SUNSUBSCRIBE', 'SET x 1'), 5],
    ],
  ],
  [
    'CLIENT TRACKING with BCAST in RESP3',
    [
      ['A', resp('HELLO 3'), 1],
      ['A', resp('CLIENT TRACKING ON BCAST PREFIX t:', 'GET t:1'), 2],
      ['B', resp('SET t:1 v'), 1],
      ['A', '', 1],
      ['A', resp('GET t:1'), 1],
    ],
  ],
  [
    'RESET ends a subscription, a transaction and RESP3',
    [
      ['A', resp('HELLO 3'), 1],
      ['A', resp('SUBSCRIBE ch', 'RESET', 'MULTI', 'SET a 1', 'RESET', 'EXEC', 'LRANGE none 0 -1'), 7],
    ],
  ],
  [
    'CLIENT REPLY',
    [
      [
        'A',
        resp(
          'CLIENT REPLY SKIP',
          'SET a 1',
          'GET a',
          'CLIENT REPLY OFF',
          'SET b 2',
          'CLIENT REPLY ON',
          'GET b',
        ),
        3,
      ],
      ['A', resp('PING'), 1],
    ],
  ],
  [
    'CLIENT REPLY that is refused',
    [
      ['A', resp('ACL SETUSER mute on >pw ~* &* +@all -client|reply'), 1],
      [
        'B',
        resp('AUTH mute pw', 'CLIENT REPLY OFF', 'SET a 1', 'GET a', 'CLIENT REPLY SKIP', 'GET a', 'PING'),
        7,
      ],
      ['B', resp('GET a', 'LRANGE none 0 -1'), 2],
    ],
  ],
  ['QUIT, and what is behind it', [['A', resp('PING', 'QUIT', 'SET a 1'), END]]],
  [
    'a client that is killed while it is blocked',
    [
      ['A', resp('CLIENT SETNAME victim'), 1],
      ['A', resp('BLPOP nokey 0'), 0],
      ['B', resp('CLIENT UNPAUSE'), 1],
      ['B', resp('CLIENT KILL TYPE normal SKIPME yes'), 0],
      ['A', '', END],
    ],
  ],
  ['an announcement of too many arguments', [['A', '*3000000000\r\n', END]]],
  ['an argument without its end', [['A', '*3\r\n$3\r\nSET\r\n$1\r\nx\r\nfooz\r\n', END]]],
  ['an argument of negative length', [['A', '*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$-10\r\n', END]]],
  ['an argument that is too long', [['A', '*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$2000000000\r\n', END]]],
  ['an argument without a length', [['A', '*1\r\nfoo\r\n', END]]],
  ['an argument whose length is no number', [['A', '*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$blabla\r\n', END]]],
  ['quotes that are not closed', [['A', 'set """test-key""" test-value\r\n', END]]],
  ['a line that is too long', [['A', LONG, END]]],
  [
    'damaged bytes after commands',
    [['A', `${resp('SET a 1', 'GET a')}*1\r\nfoo\r\n${resp('SET b 1')}`, END]],
  ],
  ['a request of a browser', [['A', 'POST / HTTP/1.1\r\nHost: localhost\r\n\r\n', END]]],
  [
    'empty commands between others',
    [['A', `*0\r\n\r\n${resp('PING')}*-1\r\n${resp('GET a')}\r\nPING\r\n`, 3]],
  ],
  ['inline commands', [['A', 'SET "a b" \'c\'\r\nGET "a b"\r\nEXISTS a\r\n', 3]]],
  [
    'requirepass, set while clients are connected',
    [
      ['A', resp('CONFIG SET requirepass pw'), 1],
      ['B', resp('GET', 'GET a', 'SET a 1', 'CLIENT REPLY OFF', 'PING', 'INFO memory', 'MEMORY STATS'), 7],
      ['B', resp('MEMORY USAGE a', 'BGSAVE STAT_MEMORY'), 0],
      ['C', '*100\r\n', END],
      ['D', '*1\r\n$16385\r\n', END],
      ['B', resp('AUTH pw'), 3],
      ['B', resp('GET a'), 1],
    ],
  ],
  [
    'a user without the right to ask',
    [
      ['A', resp('ACL SETUSER bob on >pw ~pub:* &* +@all -memory -bgsave -info', 'SET secret:1 x'), 2],
      [
        'B',
        resp('AUTH bob pw', 'MEMORY DOCTOR', 'MEMORY USAGE secret:1', 'MEMORY STATS', 'BGSAVE STAT_MEMORY'),
        5,
      ],
      ['B', resp('INFO', 'INFO memory'), 2],
    ],
  ],
  [
    'a user without the right to a key',
    [
      ['A', resp('ACL SETUSER eve on >pw ~pub:* &* +@all', 'SET secret:1 x'), 2],
      [
        'B',
        resp('AUTH eve pw', 'MEMORY USAGE secret:1', 'MULTI', 'MEMORY USAGE secret:1', 'EXEC', 'PING'),
        6,
      ],
    ],
  ],
  [
    'EXEC that a script prevents',
    [
      ['A', resp('SET y foo', 'WATCH y'), 2],
      [
        'B',
        `*5\r\n$4\r\nEVAL\r\n$38\r\nreturn redis.call("set",KEYS[1],"zz1")\r\n$1\r\n1\r\n$1\r\ny\r\n$1\r\nx\r\n`,
        1,
      ],
      ['A', resp('MULTI', 'SET big 1', 'EXEC', 'EXISTS big'), 4],
    ],
  ],
  [
    'EXEC, of which the server refuses a command',
    [
      ['A', resp('ACL SETUSER max on >pw ~* &* +@all'), 1],
      ['B', resp('AUTH max pw', 'MULTI', 'SET big1 1', 'SET big2 1', 'SADD big3 a'), 5],
      ['A', resp('ACL SETUSER max -set'), 1],
      ['B', resp('EXEC', 'EXISTS big1 big2 big3'), 2],
    ],
  ],
  [
    'errors of commands in a data set that the lab does not know',
    [
      ['A', `*3\r\n$4\r\nEVAL\r\n$36\r\nreturn redis.call("set","k","value")\r\n$1\r\n0\r\n`, 1],
      ['A', resp('LPUSH k a', 'SADD k a', 'INCR k', 'DEL k'), 4],
    ],
  ],
  [
    'a transaction that fails in part',
    [
      ['A', resp('SET s x', 'MULTI', 'LPUSH s 1', 'SET t y', 'INCR s', 'EXEC', 'GET t'), 7],
      ['A', resp('MULTI', 'NOSUCH', 'SET u 1', 'EXEC', 'EXISTS u'), 5],
      ['A', resp('EXEC', 'MULTI', 'EXEC x', 'MULTI', 'DISCARD', 'DISCARD'), 6],
    ],
  ],
]);

describeDialogues(SCRIPTS);
