/** The change from the multiplexed to the dedicated connection must not affect other clients. */
import { describe, expect } from 'vitest';
import { withRealServer } from '../support/real-server.js';
import { ALWAYS_MULTIPLEXED, openMultiplexed, RawClient, TAP_FORMS, withTap } from './support/servers.js';

/** The input of one client that is multiplexed with others. */
const OTHERS_ARE_ANSWERED: readonly [name: string, said: string][] = [
  ['is not answered at all', 'REPLCONF ACK 0\r\n'],
  ['asks to be debugged', 'SCRIPT DEBUG YES\r\nEVAL "return 1" 0\r\n'],
  ['waits for an AOF', 'WAITAOF 0 9 0\r\n'],
  ['waits for replicas', 'SET a 1\r\nWAIT 9 0\r\n'],
  ['has a zero byte in its line', 'SET a \0b\r\n'],
  [
    'has a value that is longer than the server takes',
    `*3\r\n$3\r\nSET\r\n$1\r\na\r\n$2097152\r\n${'v'.repeat(2 << 20)}\r\n`,
  ],
  ['has lines and counts without a word between its own', '\r\n*0\r\n \r\n\t\0\r\nPING\r\n'],
];

describe('other participants are served when one of them', () => {
  for (const [name, said] of OTHERS_ARE_ANSWERED) {
    withRealServer(name, (binary) =>
      withTap(
        binary,
        async (tap, server) => {
          const direct = await RawClient.open(server.port);
          expect(await direct.write('CONFIG SET proto-max-bulk-len 1mb\r\n').next()).toBe('+OK\r\n');
          const [one, other] = (await openMultiplexed(tap, server, 2)) as [RawClient, RawClient];
          one.write(said);
          // The reply to a third client shows that the tap has received the input.
          await new Promise((resolve) => setTimeout(resolve, 50));
          for (const word of ['a', 'bc', 'def']) {
            expect(await other.write(`ECHO ${word}\r\n`).next()).toBe(`$${word.length}\r\n${word}\r\n`);
          }
          for (const client of [direct, one, other]) client.close();
        },
        ALWAYS_MULTIPLEXED,
      ),
    );
  }
});

for (const [name, form] of TAP_FORMS) {
  withRealServer(
    `a client without a reply to its first commands is removed when it disconnects: ${name}`,
    (binary) =>
      withTap(
        binary,
        async (tap) => {
          const before = await tap.summary();
          for (let count = 0; count < 20; count++) {
            const client = await RawClient.open(tap.port);
            client.write('CLIENT REPLY SKIP\r\nSET a 1\r\nQUIT\r\n');
            expect(await client.next()).toBe('+OK\r\n');
            await client.closed;
          }
          const usedBytes = ({ lab }: typeof before) => lab?.snapshot.memory.allocated ?? 0;
          // The buffers of each client take 36 KiB, some of which remain in tcaches.
          const most = usedBytes(before) + 5 * 36 * 1024;
          await expect.poll(async () => usedBytes(await tap.summary())).toBeLessThan(most);
        },
        form,
      ),
  );

  withRealServer(
    `a client that has ended its input receives all replies, those of the lab too: ${name}`,
    (binary) =>
      withTap(
        binary,
        async ({ port }) => {
          const client = await RawClient.open(port);
          client.socket.end('SET a 1\r\nINFO rdb_stats\r\nGET a\r\nBGSAVE STAT_MEMORY\r\nMEMORY USAGE a\r\n');
          expect(await client.nexts(6)).toEqual([
            '+OK\r\n',
            expect.stringContaining('rdb_stats_string:keys=1,'),
            '$1\r\n1\r\n',
            expect.stringContaining('total keys=1 '),
            expect.stringMatching(/^:\d+/),
            undefined,
          ]);
        },
        form,
      ),
  );
}

withRealServer(
  'commands without replies change the route in order, before an intercepted command',
  (binary) =>
    withTap(
      binary,
      async (tap, server) => {
        const [client, other] = (await openMultiplexed(tap, server, 2)) as [RawClient, RawClient];
        client.write(
          'SET a 1\r\nCLIENT REPLY SKIP\r\nSET b 2\r\nRPUSH l x\r\nCLIENT REPLY OFF\r\nSET c 3\r\nCLIENT REPLY ON\r\n' +
            'CLIENT REPLY SKIP\r\nSET d 4\r\nINFO rdb_stats\r\nGET d\r\n',
        );
        expect(await client.nexts(5)).toEqual([
          '+OK\r\n',
          ':1\r\n',
          '+OK\r\n',
          expect.stringContaining('rdb_stats_string:keys=4,'),
          '$1\r\n4\r\n',
        ]);
        other.write('SET a 1\r\nCLIENT REPLY SKIP\r\nPING\r\nINFO rdb_stats\r\nGET a\r\n');
        expect(await other.nexts(3)).toEqual([
          '+OK\r\n',
          expect.stringContaining('rdb_stats_string:keys=4,'),
          '$1\r\n1\r\n',
        ]);
        client.close();
        other.close();
      },
      ALWAYS_MULTIPLEXED,
    ),
);

withRealServer('the dedicated connection is lost: replies in flight arrive before the error', (binary) =>
  withTap(
    binary,
    async (tap, server) => {
      const [client] = (await openMultiplexed(tap, server, 1)) as [RawClient];
      const direct = await RawClient.open(server.port);
      expect(await client.write('CLIENT ID\r\nPING\r\n').nexts(2)).toEqual([
        expect.stringMatching(/^:\d+\r\n$/),
        '+PONG\r\n',
      ]);
      const id = /:(\d+)/.exec((await client.write('CLIENT ID\r\n').next()) ?? '')?.[1];
      // A multiplexed reply is outstanding when the server ends the dedicated connection.
      expect(await direct.write('CLIENT PAUSE 300 WRITE\r\n').next()).toBe('+OK\r\n');
      client.write('SET a 2\r\nGET a\r\nSELECT 1\r\nGET a\r\n');
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await direct.write(`CLIENT KILL ID ${id}\r\n`).next()).toBe(':1\r\n');
      expect(await client.nexts(4)).toEqual([
        '+OK\r\n',
        '$1\r\n2\r\n',
        expect.stringMatching(/^-ERR redis:\S+ closed a connection: 2 commands are unanswered\r\n$/),
        undefined,
      ]);
      direct.close();
    },
    ALWAYS_MULTIPLEXED,
  ),
);

withRealServer('the input of a client that changes its route is limited', (binary) =>
  withTap(
    binary,
    async (tap, server) => {
      const [client] = (await openMultiplexed(tap, server, 1)) as [RawClient];
      const direct = await RawClient.open(server.port);
      expect(await direct.write('CLIENT PAUSE 1000 ALL\r\n').next()).toBe('+OK\r\n');
      client.write('SET a 1\r\nSELECT 1\r\n');
      const value = `SET a ${'v'.repeat(60_000)}\r\n`;
      const many = 1000;
      for (let sent = 0; sent < many; sent++) client.write(value);
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(client.socket.writableLength).toBeGreaterThan((many * value.length) / 2);
      expect(new Set(await client.nexts(many + 2))).toEqual(new Set(['+OK\r\n']));
      client.close();
      direct.close();
    },
    ALWAYS_MULTIPLEXED,
  ),
);
