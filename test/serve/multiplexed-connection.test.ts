/** Clients of a tap on a multiplexed connection receive the same replies as on dedicated ones. */
import { expect } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { withRealServer } from '../support/real-server.js';
import { printedSeed } from '../support/seed.js';
import {
  ALWAYS_MULTIPLEXED,
  expectConnections,
  openMultiplexed,
  processIdOf,
  RawClient,
  startServer,
  withTap,
} from './support/servers.js';

const CLIENTS = 20;
const PIPELINES = 60;

/** Commands whose replies do not depend on other clients, with their number of replies. */
type Step = (random: Random, key: string) => readonly [text: string, replies: number];

const PLAIN: readonly Step[] = [
  (random, key) => [`SET ${key} ${random.below(1e6)}\r\n`, 1],
  (random, key) => [`SET ${key} ${'v'.repeat(random.below(20_000))}\r\n`, 1],
  (_, key) => [`GET ${key}\r\n`, 1],
  (_, key) => [`INCR ${key}\r\n`, 1],
  (random, key) => [`RPUSH ${key}:l ${random.below(1e6)} b c\r\n`, 1],
  (_, key) => [`LRANGE ${key}:l 0 -1\r\n`, 1],
  (random, key) => [`HSET ${key}:h f${random.below(9)} v\r\n`, 1],
  (_, key) => [`HGETALL ${key}:h\r\n`, 1],
  (random) => [`ECHO ${random.below(1e6)}\r\n`, 1],
  () => ['NOSUCH command\r\n', 1],
];

/** Commands that need the dedicated connection, alone or with all later commands. */
const OF_CONNECTION: readonly Step[] = [
  (random) => [`SELECT ${random.below(4)}\r\n`, 1],
  (_, key) => [`MULTI\r\nINCR ${key}:n\r\nGET ${key}:n\r\nEXEC\r\n`, 4],
  (_, key) => [`WATCH ${key}\r\nMULTI\r\nSET ${key} x\r\nEXEC\r\n`, 4],
  (_, key) => [`RPUSH ${key}:b x\r\nBLPOP ${key}:b 1\r\n`, 2],
  (random) => [`CLIENT SETNAME n${random.below(9)}\r\nCLIENT GETNAME\r\n`, 2],
  (_, key) => [`CLIENT REPLY SKIP\r\nSET ${key} unanswered\r\nGET ${key}\r\n`, 1],
  (_, key) => [`CLIENT REPLY OFF\r\nRPUSH ${key}:l x\r\nGET ${key}\r\nCLIENT REPLY ON\r\n`, 1],
  (_, key) => [`PING\r\n\r\n*0\r\nSET "${key}" 'in \\'line'\r\n`, 2],
];

/** Returns the pipelines of one client: plain commands at first, later commands of both kinds. */
function scriptOf(seed: number, key: string): (readonly [text: string, replies: number])[] {
  const random = new Random(seed);
  const plainFor = random.below(2 * PIPELINES);
  return Array.from({ length: PIPELINES }, (_, pipeline) => {
    const steps = pipeline < plainFor ? PLAIN : [...PLAIN, ...OF_CONNECTION];
    const drawn = Array.from({ length: 1 + random.below(12) }, () =>
      steps[random.below(steps.length)]!(random, key),
    );
    return [drawn.map(([text]) => text).join(''), drawn.reduce((sum, [, count]) => sum + count, 0)];
  });
}

async function played(port: number, seed: number, number: number): Promise<(string | undefined)[]> {
  const client = await RawClient.open(port);
  const replies: (string | undefined)[] = [];
  for (const [text, count] of scriptOf(seed, `c${number}`)) {
    replies.push(...(await client.write(text).nexts(count)));
  }
  client.close();
  return replies;
}

withRealServer(
  `${CLIENTS} clients, some of which change to dedicated connections, receive the replies of the server`,
  (binary) =>
    withTap(
      binary,
      async (tap) => {
        const seeds = new Random(printedSeed('clients that share'));
        const seedOf = Array.from({ length: CLIENTS }, () => seeds.word());
        const direct = await startServer(binary);
        try {
          const answers = (port: number) =>
            Promise.all(seedOf.map((seed, number) => played(port, seed, number)));
          expect(await answers(tap.port)).toEqual(await answers(direct.port));
        } finally {
          await direct.stop();
        }
        const result = await tap.verify();
        if (typeof result === 'string') throw new Error(result);
        expect(result.lab).toMatchObject({ failure: null });
        expect(result.gaps).toEqual([]);
        // With so few slabs, a share has no meaning.
        expect(result.comparison.measures.usedMemory).toBeLessThan(result.thresholds.usedMemory);
      },
      ALWAYS_MULTIPLEXED,
    ),
);

withRealServer('the multiplexed connection is open as long as one participant is connected', (binary) =>
  withTap(
    binary,
    async (tap, server) => {
      const clients = await openMultiplexed(tap, server, 10);
      const modelled = (await tap.summary()).lab?.clients;
      const [own] = clients as [RawClient, ...RawClient[]];
      expect(await own.write('SET a 1\r\nSELECT 1\r\nGET a\r\n').nexts(3)).toEqual([
        '+OK\r\n',
        '+OK\r\n',
        '$-1\r\n',
      ]);
      expect(modelled).toBe(12);
      for (const client of clients) client.close();
      // The control connection of the tap remains.
      await expectConnections(server, 1);
      expect((await tap.summary()).lab).toMatchObject({ keys: 1, clients: 1 });
    },
    ALWAYS_MULTIPLEXED,
  ),
);

withRealServer('by default only clients that send in the same turn are multiplexed', (binary) =>
  withTap(binary, async (tap, server) => {
    const clients = await Promise.all(Array.from({ length: 20 }, () => RawClient.open(tap.port)));
    const [alone] = clients as [RawClient, ...RawClient[]];
    for (let count = 0; count < 50; count++) await alone.write('PING\r\n').next();
    await expectConnections(server, 21);
    for (let round = 0; round < 50; round++) {
      for (const client of clients) client.write('PING\r\n');
      for (const client of clients) expect(await client.next()).toBe('+PONG\r\n');
    }
    await expectConnections(server, 22);
    for (const client of clients) client.close();
  }),
);

withRealServer('a server with an idle timeout does not disconnect multiplexed clients', (binary) =>
  withTap(
    binary,
    async (tap, server) => {
      const clients = await openMultiplexed(tap, server, 5);
      const direct = await RawClient.open(server.port);
      expect(await direct.write('CONFIG SET timeout 1\r\n').next()).toBe('+OK\r\n');
      for (let round = 0; round < 60; round++) {
        for (const client of clients) expect(await client.write('PING\r\n').next()).toBe('+PONG\r\n');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      for (const client of clients) client.close();
      direct.close();
    },
    { multiplexing: { minSenders: 1, dedicatedEveryMs: 500 } },
  ),
);

withRealServer('a client without access gains none from other clients', (binary) =>
  withTap(
    binary,
    async (tap, server) => {
      const [admitted] = (await openMultiplexed(tap, server, 1)) as [RawClient];
      const direct = await RawClient.open(server.port);
      expect(await direct.write('CONFIG SET requirepass secret\r\n').next()).toBe('+OK\r\n');
      const stranger = await RawClient.open(tap.port);
      for (let count = 0; count < 5; count++) {
        expect(await stranger.write('SET a 1\r\n').next()).toMatch(/^-NOAUTH /);
        expect(await admitted.write('GET a\r\n').next()).toBe('$-1\r\n');
      }
      expect(await stranger.write('AUTH secret\r\nSET a 1\r\n').nexts(2)).toEqual(['+OK\r\n', '+OK\r\n']);
      expect((await tap.summary()).lab?.keys).toBe(1);
      for (const client of [admitted, direct, stranger]) client.close();
    },
    ALWAYS_MULTIPLEXED,
  ),
);

withRealServer('WAIT waits for writes on the multiplexed connection', async (binary) => {
  const replica = await startServer(binary);
  try {
    await withTap(
      binary,
      async (tap, server) => {
        const [first, second] = (await openMultiplexed(tap, server, 2)) as [RawClient, RawClient];
        const toReplica = await RawClient.open(replica.port);
        expect(await toReplica.write(`REPLICAOF 127.0.0.1 ${server.port}\r\n`).next()).toBe('+OK\r\n');
        await expect
          .poll(() => first.write('SET a 1\r\nWAIT 1 1000\r\n').nexts(2))
          .toEqual(['+OK\r\n', ':1\r\n']);
        // The replica has the writes of the dedicated connection of `second`, but not the next ones.
        const processId = await processIdOf(toReplica);
        process.kill(processId, 'SIGSTOP');
        try {
          expect(await second.write('SET b 2\r\n').next()).toBe('+OK\r\n');
          expect(await second.write('WAIT 1 100\r\n').next()).toBe(':0\r\n');
        } finally {
          process.kill(processId, 'SIGCONT');
        }
        for (const client of [first, second, toReplica]) client.close();
      },
      ALWAYS_MULTIPLEXED,
    );
  } finally {
    await replica.stop();
  }
});

withRealServer('its end is an error for waiting clients, and the others use a new one', (binary) =>
  withTap(
    binary,
    async (tap, server) => {
      const direct = await RawClient.open(server.port);
      const [waiting, other] = (await openMultiplexed(tap, server, 2)) as [RawClient, RawClient];
      expect(await direct.write('CLIENT PAUSE 60000 WRITE\r\n').next()).toBe('+OK\r\n');
      waiting.write('SET a 1\r\n');
      // The connection whose command is held back.
      const list = async () => (await direct.write('CLIENT LIST TYPE normal\r\n').next()) ?? '';
      await expect.poll(list).toMatch(/ cmd=set /);
      const id = /^id=(\d+) .* cmd=set /m.exec(await list())?.[1];
      expect(await direct.write(`CLIENT KILL ID ${id}\r\nCLIENT UNPAUSE\r\n`).nexts(2)).toEqual([
        ':1\r\n',
        '+OK\r\n',
      ]);
      expect(await waiting.nexts(2)).toEqual([
        expect.stringMatching(/^-ERR redis:\S+ closed a connection: 1 commands are unanswered\r\n$/),
        undefined,
      ]);
      for (let count = 0; count < 12; count++) {
        expect(await other.write('GET a\r\n').next()).toBe('$-1\r\n');
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      // The control connection, that of the other client, and a new multiplexed one.
      await expectConnections(server, 4);
      direct.close();
      other.close();
    },
    ALWAYS_MULTIPLEXED,
  ),
);

/** Settings with which a server refuses the multiplexed connection, but serves clients. */
const REFUSALS: readonly (readonly [name: string, setting: (connections: number) => string])[] = [
  [
    'a server at maxclients refuses the multiplexed connection, and clients use dedicated ones',
    (connections) => `maxclients ${connections}`,
  ],
  [
    'a server with a new password refuses the multiplexed connection, and admitted clients use dedicated ones',
    () => 'requirepass secret',
  ],
];

for (const [name, setting] of REFUSALS) {
  withRealServer(name, (binary) =>
    withTap(
      binary,
      async ({ port }, server) => {
        const [direct, client] = [await RawClient.open(server.port), await RawClient.open(port)];
        await expectConnections(server, 3);
        const list = await direct.write('CLIENT LIST\r\n').next();
        const connections = list?.match(/^id=/gm)?.length ?? 0;
        expect(await direct.write(`CONFIG SET ${setting(connections)}\r\n`).next()).toBe('+OK\r\n');
        for (let count = 0; count < 20; count++) {
          expect(await client.write(`ECHO ${count}\r\n`).next()).toBe(
            `$${`${count}`.length}\r\n${count}\r\n`,
          );
        }
        direct.close();
        client.close();
      },
      ALWAYS_MULTIPLEXED,
    ),
  );
}

withRealServer('a client that has ended its input receives all replies', (binary) =>
  withTap(
    binary,
    async (tap, server) => {
      const [plain, moving] = (await openMultiplexed(tap, server, 2)) as [RawClient, RawClient];
      plain.socket.end('SET a 1\r\nGET a\r\n');
      expect(await plain.nexts(3)).toEqual(['+OK\r\n', '$1\r\n1\r\n', undefined]);
      moving.socket.end('GET a\r\nSELECT 1\r\nGET a\r\n');
      expect(await moving.nexts(4)).toEqual(['$1\r\n1\r\n', '+OK\r\n', '$-1\r\n', undefined]);
    },
    ALWAYS_MULTIPLEXED,
  ),
);

withRealServer(
  'a client with too many unread replies is disconnected, and others do not wait for it',
  (binary) =>
    withTap(
      binary,
      async (tap, server) => {
        const [reader, greedy] = (await openMultiplexed(tap, server, 2)) as [RawClient, RawClient];
        const value = 'v'.repeat(1 << 20);
        expect(
          await reader.write(`*3\r\n$3\r\nSET\r\n$1\r\na\r\n$${value.length}\r\n${value}\r\n`).next(),
        ).toBe('+OK\r\n');
        greedy.socket.pause();
        greedy.write('GET a\r\n'.repeat(200));
        for (let asked = 0; asked < 300; asked++) {
          expect(await reader.write(`ECHO ${asked}\r\n`).next()).toBe(
            `$${`${asked}`.length}\r\n${asked}\r\n`,
          );
        }
        greedy.socket.resume();
        await greedy.closed;
        expect(await greedy.nexts(201)).toContain(undefined);
        reader.close();
      },
      ALWAYS_MULTIPLEXED,
    ),
);

withRealServer(
  'who is known for long replies gets them over its own connection, however slowly it reads',
  (binary) =>
    withTap(
      binary,
      async (tap, server) => {
        const [client] = (await openMultiplexed(tap, server, 1)) as [RawClient];
        const value = 'v'.repeat(1 << 20);
        const reply = `$${value.length}\r\n${value}\r\n`;
        client.write(`*3\r\n$3\r\nSET\r\n$1\r\na\r\n${reply}GET a\r\n`);
        expect(await client.nexts(2)).toEqual(['+OK\r\n', reply]);
        client.socket.pause();
        client.write('GET a\r\n'.repeat(200));
        await new Promise((resolve) => setTimeout(resolve, 500));
        client.socket.resume();
        for (let count = 0; count < 200; count++) expect((await client.next())?.length).toBe(reply.length);
        client.close();
      },
      ALWAYS_MULTIPLEXED,
    ),
);
