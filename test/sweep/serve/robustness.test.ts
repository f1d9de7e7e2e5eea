/** Garbage, crowds and those who leave: nobody else may notice. */
import { describe, expect, test } from 'vitest';
import { RespParser } from '#slablab/src/redis/input/index.js';
import { Password } from '#slablab/src/sweep/serve/password.js';
import { Tap } from '#slablab/src/sweep/serve/tap.js';
import { InputError, Random } from '#slablab/src/trace/index.js';
import { withRealServer } from '../../support/real-server.js';
import { printedSeed } from '../../support/seed.js';
import { OPTIONS, RawClient, withStandalone, withTap } from './support/servers.js';

/** A message that is RESP, nearly RESP, or nothing of the kind. */
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
        // What the one before sent may have been carried out, in part or later.
        expect(Number(now)).toBeGreaterThanOrEqual(count);
        client.write(`SET c:${number} ${count}\r\n`);
        expect(await client.next()).toBe('+OK\r\n');
        // Behind it, what was on its way may still arrive: a key of its own is not shared with a ghost.
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
  test(`${MESSAGES} messages leave a parser in one piece: a command, more to come, or a refusal`, () => {
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

  test(`${OVER_SOCKETS} messages over sockets: another client is answered all along`, () =>
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

  test('100 clients, some of whom leave without a word: standalone', () =>
    withStandalone(async (standalone) => {
      const left = await crowd(standalone.port, printedSeed('a crowd'));
      expect(left).toBeGreaterThan(0);
      const { lab } = await standalone.summary();
      expect(lab).toMatchObject({ failure: null, unknown: [] });
      expect(lab?.snapshot.drainprof.reconciled).toBe(true);
    }));

  for (const [form, sharesConnections] of [
    ['tap', false],
    ['tap, connections shared', true],
  ] as const) {
    withRealServer(`100 clients, some of whom leave without a word: ${form}`, (binary) =>
      withTap(
        binary,
        async (tap) => {
          const left = await crowd(tap.port, printedSeed('a crowd'));
          expect(left).toBeGreaterThan(0);
          const result = await tap.verify();
          if (typeof result === 'string') throw new Error(result);
          expect(result.lab).toMatchObject({ failure: null, unknown: [] });
        },
        { sharesConnections },
      ),
    );
  }

  test('a protocol error comes behind the replies to what was sent before it, and ends the connection', () =>
    withStandalone(async ({ port }) => {
      const client = await RawClient.open(port);
      client.write('PING\r\n*1\r\n!4\r\nPING\r\n');
      expect(await client.nexts(2)).toEqual([
        '+PONG\r\n',
        expect.stringMatching(/^-ERR Protocol error: byte 10: expected '\$' before argument 0 of 1/),
      ]);
      await client.closed;
    }));
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

  test('a password is asked for before anything else', () =>
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
        expect(await stranger.next()).toMatch(/^-ERR Protocol error: a command of over 16384 bytes/);
        client.close();
        other.close();
      },
      { password: new Password('secret') },
    ));

  test('an open door is refused', async () => {
    const upstream = {
      url: '',
      host: '127.0.0.1',
      port: 1,
      user: undefined,
      password: undefined,
      database: 0,
    };
    await expect(
      Tap.open(upstream, { ...OPTIONS, sharesConnections: false, host: '0.0.0.0' }),
    ).rejects.toThrow(/--password-file/);
  });
});
