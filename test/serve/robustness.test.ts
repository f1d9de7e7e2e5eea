/** Malformed input, many clients and disconnects do not affect other clients. */
import { describe, expect, test } from 'vitest';
import { InputError, Random } from '#slablab/src/base/index.js';
import { RespParser } from '#slablab/src/resp/index.js';
import { Password } from '#slablab/src/serve/password.js';
import { Tap } from '#slablab/src/serve/tap/tap.js';
import { parseUpstream } from '#slablab/src/serve/upstream.js';
import { LONG_LENGTHS, longName } from '../support/long-names.js';
import { withRealServer } from '../support/real-server.js';
import { printedSeed } from '../support/seed.js';
import { OPTIONS, RawClient, withStandalone, withTap } from './support/servers.js';

/** Returns a message that is RESP, damaged RESP, or random bytes. */
function message(random: Random): Buffer {
  const words = Array.from({ length: 1 + random.below(4) }, () => 'GETSETxk1 '.slice(random.below(8)) || 'k');
  const good = `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
  const bytes = Buffer.from(random.below(3) === 0 ? `${words.join(' ')}\r\n` : good);
  for (let changes = random.below(4); changes > 0; changes--)
    bytes[random.below(bytes.length)] = random.below(256);
  const cut = random.below(5) === 0 ? random.below(bytes.length) : bytes.length;
  return bytes.subarray(0, cut);
}

const MESSAGES = 97_000;
const OVER_SOCKETS = 3000;
const CLIENTS = 100;
const ROUNDS = 40;

async function crowd(port: number, seed: number): Promise<number> {
  const random = new Random(seed);
  let lost = 0;
  const one = async (number: number, from: number) => {
    const own = new Random(from);
    let client = await RawClient.open(port);
    let count = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const commands = 1 + own.below(8);
      const said = Array.from(
        { length: commands },
        (_, at) => `ECHO ${number}.${round}.${at}\r\nINCR c:${number}\r\n`,
      );
      client.write(said.join(''));
      if (own.below(6) === 0) {
        client.close();
        lost++;
        client = await RawClient.open(port);
        const now =
          /^\$\d+\r\n(\d+)\r\n$/.exec((await client.write(`GET c:${number}\r\n`).next()) ?? '')?.[1] ?? '0';
        // Commands of the previous client may have been executed in part, or later.
        expect(Number(now)).toBeGreaterThanOrEqual(count);
        client.write(`SET c:${number} ${count}\r\n`);
        expect(await client.next()).toBe('+OK\r\n');
        // Commands in flight may still arrive, so each client uses a key of its own.
        number += CLIENTS;
        count = 0;
        continue;
      }
      for (let at = 0; at < commands; at++) {
        const word = `${number}.${round}.${at}`;
        expect(await client.next()).toBe(`$${word.length}\r\n${word}\r\n`);
        expect(await client.next()).toBe(`:${++count}\r\n`);
      }
    }
    client.close();
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => one(number, random.word())));
  return lost;
}

describe('clients do not harm each other', () => {
  test(`${MESSAGES} messages do not break the parser: each gives a command, needs more bytes, or is refused`, () => {
    const random = new Random(printedSeed('messages to the parser'));
    let refused = 0;
    let parser = new RespParser('query');
    for (let count = 0; count < MESSAGES; count++) {
      try {
        parser.feed(message(random));
        while (parser.next()) expect(parser.command.argumentCount).toBeGreaterThan(0);
      } catch (cause) {
        if (!(cause instanceof InputError)) throw cause;
        refused++;
        parser = new RespParser('query');
      }
    }
    expect(refused).toBeGreaterThan(MESSAGES / 100);
    expect(refused).toBeLessThan(MESSAGES);
  });

  test(`${OVER_SOCKETS} messages over sockets: another client is served throughout`, () =>
    withStandalone(async (standalone) => {
      const random = new Random(printedSeed('messages over sockets'));
      const witness = await RawClient.open(standalone.port);
      for (let count = 0; count < OVER_SOCKETS; ) {
        const guest = await RawClient.open(standalone.port);
        for (let sent = 0; sent < 100; sent++, count++) guest.write(message(random));
        expect(await witness.write(`ECHO ${count}\r\n`).next()).toBe(`$${`${count}`.length}\r\n${count}\r\n`);
        guest.close();
      }
      witness.close();
      const { lab } = await standalone.summary();
      expect(lab?.failure).toBeNull();
      expect(lab?.snapshot.drainprof.reconciled).toBe(true);
    }));

  test('100 clients, some of which disconnect abruptly: standalone', () =>
    withStandalone(async (standalone) => {
      const left = await crowd(standalone.port, printedSeed('a crowd'));
      expect(left).toBeGreaterThan(0);
      const { lab } = await standalone.summary();
      expect(lab).toMatchObject({ failure: null, unknown: [] });
      expect(lab?.snapshot.drainprof.reconciled).toBe(true);
    }));

  withRealServer('100 clients, some of which disconnect abruptly: tap', (binary) =>
    withTap(binary, async (tap) => {
      const left = await crowd(tap.port, printedSeed('a crowd'));
      expect(left).toBeGreaterThan(0);
      const result = await tap.verify();
      if (typeof result === 'string') throw new Error(result);
      expect(result.lab).toMatchObject({ failure: null, unknown: [] });
    }),
  );

  test('a protocol error follows the replies to earlier commands, and ends the connection', () =>
    withStandalone(async ({ port }) => {
      const client = await RawClient.open(port);
      client.write('PING\r\n*1\r\n!4\r\nPING\r\n');
      expect(await client.nexts(2)).toEqual(['+PONG\r\n', "-ERR Protocol error: expected '$', got '!'\r\n"]);
      await client.closed;
    }));
});

/** Returns the count once it stays unchanged for a while. */
async function inTheEnd(count: () => number | Promise<number>): Promise<number> {
  for (let before: number | undefined; ; ) {
    const now = await count();
    if (now === before) return now;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** Returns the number of commands that the server has executed. */
function commandsInTheEnd(client: RawClient): Promise<number> {
  let askedBefore = 0;
  return inTheEnd(async () => {
    const info = (await client.write('INFO stats\r\n').next()) ?? '';
    // Each query is a further command.
    return Number(/total_commands_processed:(\d+)/.exec(info)?.[1]) - askedBefore++;
  });
}

describe('a client that does not read its replies', () => {
  const MIB = 1024 * 1024;
  const ASKED = 150;
  const value = 'v'.repeat(MIB);
  const setK = `*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$${MIB}\r\n${value}\r\n`;

  for (const [form, before] of [
    ['', ''],
    [', where the model has to say which keys are evicted', 'CONFIG SET maxmemory 100mb\r\n'],
  ] as const) {
    test(`must read before it receives more, while other clients are served${form}`, () =>
      withStandalone(
        async ({ port }) => {
          const other = await RawClient.open(port);
          if (before !== '') expect(await other.write(before).next()).toBe('+OK\r\n');
          expect(await other.write(setK).next()).toBe('+OK\r\n');
          const greedy = await RawClient.open(port);
          greedy.socket.pause();
          greedy.write('GET k\r\n'.repeat(ASKED / 2)).write('GET k\r\n'.repeat(ASKED / 2));
          const done = await commandsInTheEnd(other);
          // 64 MiB, and the buffers of the sockets.
          expect(done).toBeGreaterThan(64);
          expect(done).toBeLessThan(140);
          greedy.write('ECHO end\r\n');
          greedy.socket.resume();
          const replies = await greedy.nexts(ASKED);
          expect(replies.every((reply) => reply === `$${MIB}\r\n${value}\r\n`)).toBe(true);
          expect(await greedy.next()).toBe('$3\r\nend\r\n');
          greedy.close();
          other.close();
        },
        { maxQueryBytes: 2 * MIB },
      ));
  }

  test('the unread replies of all clients are limited', () =>
    withStandalone(
      async ({ port }) => {
        const other = await RawClient.open(port);
        expect(await other.write(setK).next()).toBe('+OK\r\n');
        const greedy = await Promise.all(Array.from({ length: 10 }, () => RawClient.open(port)));
        for (const client of greedy) client.socket.pause();
        for (const client of greedy) client.write('GET k\r\n'.repeat(50));
        // For 500 clients: 20 MiB, one more reply each, and the buffers of the sockets.
        expect(await commandsInTheEnd(other)).toBeLessThan(150);
        for (const client of greedy) client.socket.resume();
        for (const client of greedy) {
          expect((await client.nexts(50)).every((reply) => reply?.length === MIB + 12)).toBe(true);
          client.close();
        }
        other.close();
      },
      { maxQueryBytes: 2 * MIB, maxRepliesBytes: 20 * MIB },
    ));

  test('a client that disconnects is removed, and its commands are executed', () =>
    withStandalone(
      async ({ port }) => {
        const other = await RawClient.open(port);
        expect(await other.write(setK).next()).toBe('+OK\r\n');
        const greedy = await RawClient.open(port);
        greedy.socket.pause();
        greedy.write(`${'GET k\r\n'.repeat(ASKED)}SET last there\r\n`);
        await new Promise((resolve) => setTimeout(resolve, 300));
        greedy.close();
        let last: string | undefined;
        while (last !== '$5\r\nthere\r\n') {
          last = await other.write('GET last\r\n').next();
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        expect(await other.write('INFO clients\r\n').next()).toContain('connected_clients:1\r\n');
        other.close();
      },
      { maxQueryBytes: 2 * MIB },
    ));

  test('replies of the lab are limited too', () =>
    withStandalone(
      async ({ port, lab }) => {
        const ask = lab.ask.bind(lab);
        let answered = 0;
        lab.ask = (...question) => {
          answered++;
          return ask(...question);
        };
        const other = await RawClient.open(port);
        const text = (await other.write('MEMORY MALLOC-STATS\r\n').next()) ?? '';
        const greedy = await RawClient.open(port);
        greedy.socket.pause();
        const count = Math.ceil((20 * MIB) / text.length);
        greedy.write('MEMORY MALLOC-STATS\r\n'.repeat(count));
        // A few MiB do not fit into the buffers of the sockets.
        expect(await inTheEnd(() => answered)).toBeLessThan(count * 0.6);
        expect(await other.write('PING\r\n').next()).toBe('+PONG\r\n');
        greedy.socket.resume();
        expect((await greedy.nexts(count)).every((reply) => reply?.startsWith('$') === true)).toBe(true);
        greedy.close();
        other.close();
      },
      { maxRepliesBytes: MIB },
    ));

  test('a reply longer than a string is refused', () =>
    withStandalone(
      async ({ port }) => {
        const client = await RawClient.open(port);
        expect(await client.write(setK).next()).toBe('+OK\r\n');
        const words = ['MGET', ...Array.from({ length: 600 }, () => 'k')];
        expect(await client.write(`${words.join(' ')}\r\n`).next()).toMatch(
          /^-ERR not supported by the lab: a reply of over 500000000 bytes/,
        );
        expect(await client.write('PING\r\n').next()).toBe('+PONG\r\n');
        client.close();
      },
      { maxQueryBytes: 2 * MIB },
    ));
});

describe('limits', () => {
  test('too many clients, too long a command', () =>
    withStandalone(
      async ({ port }) => {
        const first = await RawClient.open(port);
        expect(await first.write('PING\r\n').next()).toBe('+PONG\r\n');
        const second = await RawClient.open(port);
        expect(await second.next()).toBe('-ERR max number of clients reached\r\n');
        await second.closed;
        first.write(`*2\r\n$4\r\nECHO\r\n$9999999\r\n${'x'.repeat(100_000)}`);
        expect(await first.next()).toBe('-ERR Protocol error: a command of over 65536 bytes\r\n');
        await first.closed;
        const third = await RawClient.open(port);
        expect(await third.write('PING\r\n').next()).toBe('+PONG\r\n');
        third.close();
      },
      { maxClients: 1, maxQueryBytes: 65_536 },
    ));

  test('a password is required before any other command', () =>
    withStandalone(
      async ({ port }) => {
        const client = await RawClient.open(port);
        client.write('PING\r\nAUTH wrong\r\nAUTH other secret\r\nINFO memory\r\nAUTH secret\r\nPING\r\n');
        const replies = await client.nexts(6);
        expect(replies.map((reply) => reply?.split(' ', 1)[0])).toEqual([
          '-NOAUTH',
          '-WRONGPASS',
          '-WRONGPASS',
          '-NOAUTH',
          '+OK\r\n',
          '+PONG\r\n',
        ]);
        const other = await RawClient.open(port);
        other.write('HELLO 3 AUTH default secret\r\nPING\r\n');
        expect(await other.next()).toMatch(/^%/);
        expect(await other.next()).toBe('+PONG\r\n');
        const stranger = await RawClient.open(port);
        stranger.write(`*2\r\n$4\r\nECHO\r\n$99999\r\n${'x'.repeat(50_000)}`);
        expect(await stranger.next()).toBe('-ERR Protocol error: unauthenticated bulk length\r\n');
        client.close();
        other.close();
      },
      { password: new Password('secret') },
    ));

  test('listening beyond loopback without a password is refused', async () => {
    const upstream = parseUpstream('--upstream', 'redis://127.0.0.1:1');
    await expect(Tap.open(upstream, { ...OPTIONS, host: '0.0.0.0' })).rejects.toThrow(/--password-file/);
  });
});

test.each(LONG_LENGTHS)('a key of %d bytes is stored, found and read', async (length) => {
  const name = longName(length);
  await withStandalone(
    async (standalone) => {
      const client = await RawClient.open(standalone.port);
      client.write(`*3\r\n$3\r\nSET\r\n$${length}\r\n${name}\r\n$1\r\n1\r\nKEYS a*b\r\nPING\r\n`);
      const replies = await client.nexts(3);
      expect(replies.map((reply) => reply?.slice(0, 12))).toEqual([
        '+OK\r\n',
        `*1\r\n$${length}\r\n${name}`.slice(0, 12),
        '+PONG\r\n',
      ]);
      client.close();
    },
    { maxQueryBytes: 16 * 1024 * 1024, owners: [] },
  );
});
