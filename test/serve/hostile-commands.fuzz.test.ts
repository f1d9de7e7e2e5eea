/** Commands of every kind with hostile arguments: each has a reply, and the lab follows. SLABLAB_FUZZ_COMMANDS of them. */
import { expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { type CommandInfo, commandsOf } from '#slablab/src/commands/index.js';
import { findServer } from '#slablab/src/model/index.js';
import { storeCommands } from '#slablab/src/store/commands/handlers.js';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { answered } from '../fidelity/answers/answering.js';
import { repliesOf } from '../fidelity/answers/exchange.js';
import { resp } from '../input/support/resp.js';
import { Server } from '../input/support/server.js';
import { withRealServer } from '../support/real-server.js';
import { printedSeed } from '../support/seed.js';
import { hostileRequests, SETUP, type Words } from './support/hostile-words.js';
import { RawClient, withStandalone } from './support/servers.js';

const COMMANDS = Number(process.env.SLABLAB_FUZZ_COMMANDS ?? 20_000);
const ROUND = 1000;
const VERSION = 'redis-7.0';

/** Commands that end the connection, or after which replies are no longer one for each command. */
const ENDING = new Set(['quit', 'client|reply']);
const SUBSCRIBING = new Set(
  'subscribe psubscribe ssubscribe unsubscribe punsubscribe sunsubscribe'.split(' '),
);
/** Commands that may have no reply before another client acts; XREAD has the word BLOCK for it. */
const WAITING = new Set(
  'wait waitaof blpop brpop blmove blmpop brpoplpush bzpopmin bzpopmax bzmpop'.split(' '),
);

function commandsBut(left: (info: CommandInfo) => boolean): CommandInfo[] {
  return [...commandsOf(findServer(VERSION)!).values()].filter((info) => !left(info));
}

function take<Item>(items: Iterator<Item>, count: number): Item[] {
  return Array.from({ length: count }, () => items.next().value as Item);
}

test(`${COMMANDS} commands: each is answered, and the lab is well`, () =>
  withStandalone(
    async (standalone) => {
      const requests = hostileRequests(
        new Random(printedSeed('hostile commands')),
        commandsBut(({ name }) => ENDING.has(name) || SUBSCRIBING.has(name) || WAITING.has(name)),
        { without: new Set(['MAXMEMORY', 'BLOCK']) },
      );
      for (let sent = 0; sent < COMMANDS; sent += ROUND) {
        // A transaction that nothing ends would queue all later commands.
        const round: Words[] = [...take(requests, ROUND), ['RESET']];
        expect(await repliesOf(standalone.port, round)).toHaveLength(round.length);
        const client = await RawClient.open(standalone.port);
        const health = await client.write('INFO memory\r\n').next();
        client.close();
        expect(health, `within the ${ROUND} commands from ${sent} on`).toContain('mem_lab_health:ok');
      }
      const { lab } = await standalone.summary();
      expect(lab?.failure).toBeNull();
      expect(lab?.snapshot.drainprof.reconciled).toBe(true);
    },
    { server: VERSION },
  ));

/** Commands that put something where clients wait for it, or change what they wait for. */
const SERVING = new Set(
  (
    'lpush rpush lmove rpoplpush zadd xadd xread xreadgroup xgroup|create xgroup|destroy del rename copy set ' +
    'publish spublish flushdb swapdb multi exec client|unblock'
  ).split(' '),
);

test('clients that wait and subscribe, and others that serve them: the lab is well', () =>
  withStandalone(
    async (standalone) => {
      const random = new Random(printedSeed('hostile waits'));
      const names = (name: string) => WAITING.has(name) || SUBSCRIBING.has(name) || SERVING.has(name);
      const requests = hostileRequests(
        random,
        commandsBut(({ name }) => !names(name)),
      );
      const control = await RawClient.open(standalone.port);
      const ask = (...words: Words) => control.write(resp(...words)).next();
      for (let sent = 0; sent < COMMANDS; sent += ROUND) {
        const clients = await Promise.all([1, 2, 3, 4].map(() => RawClient.open(standalone.port)));
        let finished = 0;
        for (const client of clients) {
          const own = [...take(requests, ROUND / 4), ['RESET'], ['ECHO', 'the-end']];
          client.write(own.map((words) => resp(...words)).join(''));
          void untilMark(client).then(() => finished++);
        }
        // What still waits is ended, as often as it takes.
        while (finished < clients.length) {
          const list = (await ask('CLIENT', 'LIST')) ?? '';
          for (const [, id = ''] of list.matchAll(/id=(\d+)[^\n]*flags=\w*b/g))
            await ask('CLIENT', 'UNBLOCK', id);
        }
        expect(await ask('INFO', 'memory')).toContain('mem_lab_health:ok');
        for (const client of clients) client.close();
      }
      control.close();
      const { lab } = await standalone.summary();
      expect(lab?.failure).toBeNull();
      expect(lab?.failedCommands.count).toBe(0);
      expect(lab?.snapshot.drainprof.reconciled).toBe(true);
    },
    { server: VERSION },
  ));

async function untilMark(client: RawClient): Promise<void> {
  for (;;) {
    const reply = await client.next();
    if (reply === undefined) throw new Error('the connection ended');
    if (reply.includes('the-end')) return;
  }
}

/** Commands whose replies depend on chance, on the clock, or on the order of a table, or for which a server waits. */
const NOT_COMPARED = new Set(
  (
    'randomkey spop srandmember hrandfield zrandmember scan sscan hscan zscan keys expire pexpire setex psetex getex ' +
    'subscribe psubscribe ssubscribe unsubscribe punsubscribe sunsubscribe waitaof ' +
    'ttl pttl expireat pexpireat time lastsave xclaim xautoclaim xpending wait blpop brpop blmove blmpop brpoplpush ' +
    'bzpopmin bzpopmax bzmpop info command config client debug slowlog hello quit reset auth function script ' +
    'xinfo|consumers object|idletime object|freq'
  ).split(' '),
);
/** Words that make a reply depend on the clock or on the order of a search. */
const NOT_SENT = new Set(['*', 'ANY', 'BLOCK', 'EX', 'PX']);

withRealServer(`${COMMANDS} commands are answered as by the server`, async (binary) => {
  const { version, product } = await inspectBinary(binary);
  const name = `${product}-${version.split('.').slice(0, 2).join('.')}`;
  const infos = commandsOf(findServer(name)!);
  const stored = [...storeCommands(infos).values()].filter(
    ({ name }) => !NOT_COMPARED.has(name) && !NOT_COMPARED.has(name.split('|')[0]!),
  );
  const requests = hostileRequests(new Random(printedSeed('hostile comparison')), stored, {
    without: NOT_SENT,
    long: 1,
  });
  // Long values would take the server's memory, and not add to what is compared.
  const prepared: Words[] = [['CONFIG', 'SET', 'proto-max-bulk-len', '1048576'], ...SETUP];
  const sent: Words[] = [...prepared, ...take(requests, Math.min(COMMANDS, 200_000))];
  const server = await Server.start(binary, []);
  try {
    await withStandalone(
      async ({ port }) => {
        const own = await repliesOf(port, sent);
        const theirs = await repliesOf(server.port, sent);
        const lines: string[] = [];
        for (const [at, { words, normal }] of [...answered(name, sent, Date.now())].entries()) {
          const [ours, other] = [normal(own[at]!), normal(theirs[at]!)];
          if (ours !== other)
            lines.push(
              `#${at} ${JSON.stringify(words).slice(0, 300)}: ${ours.slice(0, 200)}, the server ${other.slice(0, 200)}`,
            );
        }
        expect(lines.slice(0, 20)).toEqual([]);
      },
      { server: name },
    );
  } finally {
    await server.remove();
  }
});
