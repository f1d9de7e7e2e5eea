/** The lab follows what the server did, and reports what it cannot know while it runs. */
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { type ExchangeKind, exchangeOf } from '#slablab/src/serve/tap/exchange.js';
import { emitLastBytes } from '#slablab/src/serve/tap/last-bytes.js';
import { Tap } from '#slablab/src/serve/tap/tap.js';
import { firstOf, unansweredIn } from '#slablab/src/serve/tap/unanswered.js';
import { parseUpstream } from '#slablab/src/serve/upstream.js';
import { configurationOf } from '#slablab/src/verify/configuration.js';
import { RealServer } from '#slablab/src/verify/real-server.js';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { withRealServer } from '../support/real-server.js';
import { OPTIONS, RawClient, startServer, withTap } from './support/servers.js';

/** Returns a command in RESP. */
function resp(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
}

const SCRIPT = resp('EVAL', "return redis.call('SET', KEYS[1], 'x')", '1', 'scripted');

describe('gaps are reported while the tap runs', () => {
  withRealServer('scripts: in the log once, in INFO memory, in the comparison', async (binary) => {
    const notes: string[] = [];
    await withTap(
      binary,
      async (tap) => {
        const client = await RawClient.open(tap.port);
        expect(await client.write('INFO memory\r\n').next()).toMatch(
          /mem_lab_incomplete:0\r\nmem_lab_gaps:0\r\n/,
        );
        client.write(SCRIPT + SCRIPT);
        expect(await client.nexts(2)).toEqual(['+OK\r\n', '+OK\r\n']);
        expect(await client.write('INFO memory\r\n').next()).toMatch(
          /mem_lab_incomplete:1\r\nmem_lab_gaps:1\r\nmem_lab_incomplete_since_unix_ms:\d{13}\r\n/,
        );
        expect(notes.filter((note) => note.includes('scripts'))).toHaveLength(1);
        const verified = await client.write('MEMORY VERIFY\r\n').next();
        expect(verified).toContain('scripts are executed');
        client.close();
      },
      { onNote: (note) => notes.push(note) },
    );
  });

  withRealServer('a script that the server refuses is none', (binary) =>
    withTap(binary, async (tap) => {
      const client = await RawClient.open(tap.port);
      client.write(`EVALSHA ${'0'.repeat(40)} 0\r\nINFO memory\r\n`);
      expect(await client.next()).toMatch(/^-NOSCRIPT/);
      expect(await client.next()).toContain('mem_lab_gaps:0');
      client.close();
    }),
  );

  withRealServer('keys from before, of which MEMORY USAGE is the answer of the server', (binary) =>
    withTap(
      binary,
      async (tap) => {
        const client = await RawClient.open(tap.port);
        expect(await client.write('INFO memory\r\n').next()).toContain('mem_lab_gaps:1');
        expect(await client.write('MEMORY USAGE before\r\n').next()).toMatch(/^:\d+\r\n$/);
        client.close();
      },
      {},
      async ({ port }) => {
        const direct = await RawClient.open(port);
        expect(await direct.write('SET before 1\r\n').next()).toBe('+OK\r\n');
        direct.close();
      },
    ),
  );

  withRealServer('a replica that is fed through the tap', (binary) =>
    withTap(binary, async (tap) => {
      const [replica, client] = [await RawClient.open(tap.port), await RawClient.open(tap.port)];
      let stream = '';
      replica.socket.removeAllListeners('data').setEncoding('latin1');
      replica.socket.on('data', (text: string) => {
        stream += text;
      });
      expect(await client.write('CONFIG SET repl-diskless-sync-delay 0\r\n').next()).toBe('+OK\r\n');
      replica.write('PING\r\nREPLCONF capa eof\r\nREPLCONF ACK 0\r\n');
      await expect.poll(() => stream).toBe('+PONG\r\n+OK\r\n');
      replica.write('PSYNC ? -1\r\n');
      await expect.poll(() => stream).toMatch(/FULLRESYNC .*REDIS00/s);
      // The server sends further commands only to a replica that has loaded its data.
      replica.write('REPLCONF ACK 0\r\n');
      expect(await client.write('SET a through\r\n').next()).toBe('+OK\r\n');
      await expect.poll(() => stream).toContain('$1\r\na\r\n$7\r\nthrough\r\n');
      expect(await client.write('INFO memory\r\n').next()).toContain('mem_lab_gaps:1');
      expect((await tap.summary()).gaps[0]?.why).toContain('a replica is fed through the tap');
      replica.close();
      client.close();
    }),
  );
});

describe('a connection that changes', () => {
  withRealServer('MONITOR ends with RESET, and what follows is modelled', (binary) =>
    withTap(binary, async (tap) => {
      const [watching, other] = [await RawClient.open(tap.port), await RawClient.open(tap.port)];
      expect(await watching.write('MONITOR\r\n').next()).toBe('+OK\r\n');
      expect(await other.write('SET a 1\r\n').next()).toBe('+OK\r\n');
      expect(await watching.next()).toMatch(/^\+\d+\.\d+ \[0 .*"SET" "a" "1"\r\n$/);
      watching.write('RESET\r\nSET after x\r\nINFO rdb_stats\r\n');
      expect(await watching.nexts(2)).toEqual(['+RESET\r\n', '+OK\r\n']);
      expect(await watching.next()).toContain('rdb_stats_string:keys=2,');
      watching.close();
      other.close();
    }),
  );

  withRealServer('the control connection is opened again when the server has closed it', (binary) =>
    withTap(binary, async (tap) => {
      const client = await RawClient.open(tap.port);
      expect(await client.write('CLIENT KILL TYPE normal SKIPME yes\r\n').next()).toBe(':1\r\n');
      let verified: string | undefined;
      do {
        verified = await client.write('MEMORY VERIFY\r\n').next();
      } while (verified?.startsWith('-') === true);
      expect(verified).toContain('slablab.verify-live');
      expect((await tap.summary()).gaps).toEqual([]);
      client.close();
    }),
  );

  withRealServer('a server that was started again is noticed', async (binary) => {
    const first = await startServer(binary);
    const { port } = first;
    const tap = await Tap.open(parseUpstream('--upstream', `redis://127.0.0.1:${port}`), OPTIONS);
    try {
      const client = await RawClient.open(tap.port);
      expect(await client.write('SET a 1\r\n').next()).toBe('+OK\r\n');
      await first.stop();
      await client.closed;
      const inspected = await inspectBinary(binary);
      const second = await RealServer.start(inspected, {
        configuration: configurationOf(inspected, []),
        port,
        conf: '',
        patience: { replyMs: 600_000 },
      });
      try {
        await expect
          .poll(async () => (await tap.summary()).gaps.map(({ why }) => why).join('\n'))
          .toContain('was started again');
        const late = await RawClient.open(tap.port);
        expect(await late.write('GET a\r\n').next()).toBe('$-1\r\n');
        expect(await late.write('INFO memory\r\n').next()).toContain('mem_lab_incomplete:1');
        late.close();
      } finally {
        await second.stop();
      }
    } finally {
      await tap.close();
    }
  });
});

describe('a connection that the server closes', () => {
  withRealServer('writes that it may have carried out are named', (binary) =>
    withTap(binary, async (tap, server) => {
      const [direct, victim] = [await RawClient.open(server.port), await RawClient.open(tap.port)];
      const id = /^:(\d+)/.exec((await victim.write('CLIENT ID\r\n').next()) ?? '')?.[1];
      expect(await direct.write('CLIENT PAUSE 600000 WRITE\r\n').next()).toBe('+OK\r\n');
      victim.write(`${resp('SET', 'a', '1')}${resp('GET', 'a')}${resp('LPUSH', 'l', '1')}`);
      await expect.poll(async () => direct.write(`CLIENT LIST ID ${id}\r\n`).next()).toContain(' flags=b ');
      expect(await direct.write(`CLIENT KILL ID ${id}\r\n`).next()).toBe(':1\r\n');
      await victim.closed;
      const whys = (await tap.summary()).gaps.map(({ why }) => why);
      expect(whys).toEqual([expect.stringMatching(/client \d+ and left 2 commands .*: "SET", "LPUSH"$/)]);
      direct.close();
    }),
  );

  test('commands that change nothing, that waited, or that follow QUIT are none that may have had an effect', () => {
    const left = (...commands: readonly (readonly [ExchangeKind, ...string[]])[]) =>
      unansweredIn(commands.map(([kind, ...words]) => exchangeOf(kind, [Buffer.from(resp(...words))])));
    expect(left(['commands', 'GET', 'a'], ['commands', 'PING'], ['multi', 'MULTI'])).toEqual([]);
    expect(left(['blocking', 'BLPOP', 'a', '0'], ['commands', 'SET', 'a', '1'])).toEqual([]);
    expect(left(['quit', 'QUIT'], ['commands', 'SET', 'a', '1'])).toEqual([]);
    expect(left(['own', 'SET', 'a', '1'])).toEqual([]);
    const named = left(['commands', 'SET', 'a', '1'], ['opaque', 'My.Module'], ['exec', 'EXEC']);
    expect(named).toEqual(['"SET"', '"My.Module"', '"EXEC"']);
    expect(firstOf([...named, ...named])).toBe('"SET", "My.Module", "EXEC"');
    expect(firstOf(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('a, b, c, d, e and others');
  });
});

describe('clients do not wait for each other', () => {
  withRealServer('CLIENT PAUSE WRITE: reads are answered while a write waits', (binary) =>
    withTap(binary, async (tap, server) => {
      const direct = await RawClient.open(server.port);
      const writing = await RawClient.open(tap.port);
      const reading = await Promise.all(Array.from({ length: 6 }, () => RawClient.open(tap.port)));
      expect(await direct.write('CLIENT PAUSE 600000 WRITE\r\n').next()).toBe('+OK\r\n');
      let isWritten = false;
      const written = writing
        .write('SET a 1\r\n')
        .next()
        .then((reply) => {
          isWritten = true;
          return reply;
        });
      for (let round = 0; round < 10; round++) {
        for (const client of reading) client.write('GET k\r\n');
        for (const client of reading) expect(await client.next()).toBe('$-1\r\n');
      }
      expect(isWritten).toBe(false);
      expect(await direct.write('CLIENT UNPAUSE\r\n').next()).toBe('+OK\r\n');
      expect(await written).toBe('+OK\r\n');
      for (const client of [direct, writing, ...reading]) client.close();
    }),
  );

  withRealServer('a script that does not end: others are told so, and may kill it', (binary) =>
    withTap(binary, async (tap) => {
      const [busy, other] = [await RawClient.open(tap.port), await RawClient.open(tap.port)];
      expect(await other.write('CONFIG SET busy-reply-threshold 10\r\n').next()).toBe('+OK\r\n');
      busy.write(resp('EVAL', 'while true do end', '0'));
      let reply: string | undefined;
      do {
        reply = await other.write('GET k\r\n').next();
      } while (reply === '$-1\r\n');
      expect(reply).toMatch(/^-BUSY/);
      expect(await other.write('INFO memory\r\n').next()).toMatch(/^-BUSY/);
      expect(await other.write('SCRIPT KILL\r\n').next()).toBe('+OK\r\n');
      expect(await busy.next()).toMatch(/^-ERR Error running script|^-ERR .*killed/);
      expect(await other.write('GET k\r\n').next()).toBe('$-1\r\n');
      busy.close();
      other.close();
    }),
  );

  withRealServer('an unfinished command is the server’s to refuse', (binary) =>
    withTap(binary, async (tap) => {
      const client = await RawClient.open(tap.port);
      expect(await client.write('CONFIG SET client-query-buffer-limit 1mb\r\n').next()).toBe('+OK\r\n');
      const socket = connect({ host: '127.0.0.1', port: tap.port });
      socket.on('error', () => {});
      socket.write('*2\r\n$3\r\nGET\r\n$8000000\r\n');
      const piece = Buffer.alloc(100_000, 'x');
      const send = () => {
        if (socket.writable) socket.write(piece, send);
      };
      send();
      await expect.poll(() => socket.destroyed).toBe(true);
      expect(await client.write('PING\r\n').next()).toBe('+PONG\r\n');
      client.close();
    }),
  );
});

withRealServer('the refusal of a server reaches a client that goes on sending', (binary) =>
  withTap(binary, async (tap) => {
    for (const start of ['\0', '*\0', '$\0']) {
      const socket = connect({ host: '127.0.0.1', port: tap.port });
      emitLastBytes(socket);
      let answered = '';
      socket.on('data', (bytes) => {
        answered += bytes.toString('latin1');
      });
      socket.on('error', () => {});
      const piece = Buffer.from(`${start}${'A'.repeat(1024)}`, 'latin1');
      const send = () => {
        if (socket.writable) socket.write(piece, send);
      };
      send();
      await expect.poll(() => socket.destroyed).toBe(true);
      expect(answered).toMatch(/^-ERR Protocol error/);
    }
  }),
);

withRealServer('a client with too many unanswered bytes is served on, without being followed', (binary) =>
  withTap(
    binary,
    async (tap) => {
      const [large, other] = [await RawClient.open(tap.port), await RawClient.open(tap.port)];
      const value = 'v'.repeat(1_000_000);
      large.write(`${resp('SET', 'a', value)}${resp('STRLEN', 'a')}`);
      expect(await large.nexts(2)).toEqual(['+OK\r\n', ':1000000\r\n']);
      other.write(`${resp('SET', 'b', 'x')}INFO memory\r\n`);
      expect(await other.next()).toBe('+OK\r\n');
      expect(await other.next()).toContain('mem_lab_gaps:1');
      const { gaps, lab } = await tap.summary();
      expect(gaps[0]?.why).toMatch(/client \d+ is not followed any more: over 500000 bytes of commands/);
      expect(lab?.keys).toBe(1);
      large.close();
      other.close();
    },
    { maxQueriesBytes: 500_000 },
  ),
);

const CROWD = 100;
const ROUNDS = 30;

withRealServer(
  `${CROWD} users whose rights change: each has its own replies, and no rights of others`,
  (binary) =>
    withTap(binary, async (tap, server) => {
      const admin = await RawClient.open(server.port);
      const allow = (user: number) =>
        `ACL SETUSER u${user} reset on >p${user} ~k${user}:* &* +@all -debug -acl\r\n`;
      for (let user = 0; user < CROWD; user++) admin.write(allow(user));
      expect(new Set(await admin.nexts(CROWD))).toEqual(new Set(['+OK\r\n']));
      let isOver = false;
      const changing = (async () => {
        for (let turn = 0; !isOver; turn++) {
          const user = turn % CROWD;
          admin.write(`CONFIG SET requirepass ${turn % 2 === 0 ? 'pw' : '""'}\r\n`);
          admin.write(`ACL SETUSER u${user} -get\r\nACL SETUSER u${user} +get\r\n`);
          expect(await admin.nexts(3)).toEqual(['+OK\r\n', '+OK\r\n', '+OK\r\n']);
        }
      })();
      const one = async (user: number) => {
        const client = await RawClient.open(tap.port);
        const other = (user + 1) % CROWD;
        for (let round = 0; round < ROUNDS; round++) {
          const word = `${user}.${round}`;
          client.write(`AUTH u${user} p${user}\r\nSELECT ${user % 16}\r\nECHO ${word}\r\n`);
          client.write(
            `SET k${user}:a ${word}\r\nGET k${user}:a\r\nGET k${other}:a\r\nSET k${other}:a ${word}\r\n`,
          );
          client.write(`MEMORY USAGE k${other}:a\r\nMULTI\r\nSET k${other}:b 1\r\nEXEC\r\n`);
          expect(await client.nexts(4)).toEqual([
            '+OK\r\n',
            '+OK\r\n',
            `$${word.length}\r\n${word}\r\n`,
            '+OK\r\n',
          ]);
          expect(await client.next()).toMatch(new RegExp(`^\\$\\d+\\r\\n${word}\\r\\n$|^-NOPERM`));
          const [get, set, usage, multi, queued, exec] = await client.nexts(6);
          for (const reply of [get, set, usage, queued]) expect(reply).toMatch(/^-NOPERM/);
          expect(multi).toBe('+OK\r\n');
          expect(exec).toMatch(/^-EXECABORT/);
          if (round % 5 !== 4) continue;
          expect(await client.write('RESET\r\n').next()).toBe('+RESET\r\n');
          // The default user may do all, unless it needs a password now.
          expect(await client.write(`GET k${user}:a\r\n`).next()).toMatch(/^-NOAUTH|^\$/);
        }
        client.close();
      };
      await Promise.all(Array.from({ length: CROWD }, (_, user) => one(user)));
      isOver = true;
      await changing;
      expect(await admin.write('DBSIZE\r\n').next()).toBeDefined();
      const { lab, gaps } = await tap.summary();
      expect(gaps).toEqual([]);
      expect(lab).toMatchObject({ failure: null, keys: CROWD });
      expect(lab?.snapshot.drainprof.reconciled).toBe(true);
      admin.close();
    }),
);
