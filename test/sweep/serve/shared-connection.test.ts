/** Clients of a tap that share a connection: each is answered as if it had one of its own. */
import { expect } from 'vitest';
import type { RealServer } from '#slablab/src/sweep/verify/real-server.js';
import { Random } from '#slablab/src/trace/index.js';
import { withRealServer } from '../../support/real-server.js';
import { printedSeed } from '../../support/seed.js';
import { RawClient, startServer, withTap } from './support/servers.js';

const SHARING = { sharesConnections: true };
const CLIENTS = 20;
const PIPELINES = 60;

/** Commands whose replies depend on nobody else, and how many replies they get. */
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

/** These are about the connection, which is the client's own from then on. */
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

/** What one client sends, pipeline by pipeline: plain commands until its time has come, then of both kinds. */
function scriptOf(seed: number, key: string): (readonly [text: string, replies: number])[] {
  const random = new Random(seed);
  const plainFor = random.below(2 * PIPELINES);
  return Array.from({ length: PIPELINES }, (_, pipeline) => {
    const steps = pipeline < plainFor ? PLAIN : [...PLAIN, ...OF_CONNECTION];
    const drawn = Array.from({ length: 1 + random.below(12) }, () =>
      (steps[random.below(steps.length)] as Step)(random, key),
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

/** Connections that clients have to the server; the one that asks is none of them. */
async function connectionsOf({ port }: RealServer): Promise<number> {
  const asking = await RawClient.open(port);
  const list = await asking.write('CLIENT LIST TYPE normal\r\n').next();
  asking.close();
  return (list?.match(/^id=/gm)?.length ?? 0) - 1;
}

/** Servers note that a client has gone when they next look. */
async function expectConnections(server: RealServer, count: number): Promise<void> {
  await expect.poll(() => connectionsOf(server), { timeout: 10_000 }).toBe(count);
}

withRealServer(
  `${CLIENTS} clients, of whom some come to need a connection of their own, are answered as without a tap`,
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
        // Of so few slabs a share says nothing.
        expect(result.comparison.measures.usedMemory).toBeLessThan(result.thresholds.usedMemory);
      },
      SHARING,
    ),
);

withRealServer('one connection is there for all of them, for as long as one of them is there', (binary) =>
  withTap(
    binary,
    async (tap, server) => {
      const before = await connectionsOf(server);
      const clients = await Promise.all(Array.from({ length: 10 }, () => RawClient.open(tap.port)));
      for (const client of clients) expect(await client.write('PING\r\n').next()).toBe('+PONG\r\n');
      await expectConnections(server, before + 1);
      const [own] = clients as [RawClient, ...RawClient[]];
      expect(await own.write('SET a 1\r\nSELECT 1\r\nGET a\r\n').nexts(3)).toEqual([
        '+OK\r\n',
        '+OK\r\n',
        '$-1\r\n',
      ]);
      await expectConnections(server, before + 2);
      for (const client of clients) client.close();
      await expectConnections(server, before);
      expect((await tap.summary()).lab?.keys).toBe(1);
    },
    SHARING,
  ),
);

withRealServer('who has sent all that it has to say is answered to the end', (binary) =>
  withTap(
    binary,
    async ({ port }) => {
      const [plain, moving] = [await RawClient.open(port), await RawClient.open(port)];
      plain.socket.end('SET a 1\r\nGET a\r\n');
      expect(await plain.nexts(3)).toEqual(['+OK\r\n', '$1\r\n1\r\n', undefined]);
      moving.socket.end('GET a\r\nSELECT 1\r\nGET a\r\n');
      expect(await moving.nexts(4)).toEqual(['$1\r\n1\r\n', '+OK\r\n', '$-1\r\n', undefined]);
    },
    SHARING,
  ),
);

withRealServer('who asks for more than it reads is turned away, and nobody waits for it', (binary) =>
  withTap(
    binary,
    async ({ port }) => {
      const [reader, greedy] = [await RawClient.open(port), await RawClient.open(port)];
      const value = 'v'.repeat(1 << 20);
      expect(
        await reader.write(`*3\r\n$3\r\nSET\r\n$1\r\na\r\n$${value.length}\r\n${value}\r\n`).next(),
      ).toBe('+OK\r\n');
      greedy.socket.pause();
      greedy.write('GET a\r\n'.repeat(200));
      for (let asked = 0; asked < 300; asked++) {
        expect(await reader.write(`ECHO ${asked}\r\n`).next()).toBe(`$${`${asked}`.length}\r\n${asked}\r\n`);
      }
      greedy.socket.resume();
      await greedy.closed;
      expect(await greedy.nexts(201)).toContain(undefined);
      reader.close();
    },
    SHARING,
  ),
);
