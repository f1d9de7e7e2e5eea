/** From a shared connection to one of its own: what may go wrong on the way, and whom it may not concern. */
import { describe, expect } from 'vitest';
import { withRealServer } from '../../support/real-server.js';
import { RawClient, withTap } from './support/servers.js';

const SHARING = { sharesConnections: true };

/** What one client says, that others share a connection with. */
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

describe('others are answered when one that shares with them', () => {
  for (const [name, said] of OTHERS_ARE_ANSWERED) {
    withRealServer(name, (binary) =>
      withTap(
        binary,
        async ({ port }, server) => {
          const direct = await RawClient.open(server.port);
          expect(await direct.write('CONFIG SET proto-max-bulk-len 1mb\r\n').next()).toBe('+OK\r\n');
          const [one, other] = [await RawClient.open(port), await RawClient.open(port)];
          expect(await one.write('PING\r\n').next()).toBe('+PONG\r\n');
          expect(await other.write('PING\r\n').next()).toBe('+PONG\r\n');
          one.write(said);
          // Not behind it by chance: the tap has it when it answers a third.
          await new Promise((resolve) => setTimeout(resolve, 50));
          for (const word of ['a', 'bc', 'def']) {
            expect(await other.write(`ECHO ${word}\r\n`).next()).toBe(`$${word.length}\r\n${word}\r\n`);
          }
          for (const client of [direct, one, other]) client.close();
        },
        SHARING,
      ),
    );
  }
});

for (const sharesConnections of [false, true]) {
  const form = sharesConnections ? 'shared' : 'own';

  withRealServer(`a client whose first words are not answered is gone when it has left: ${form}`, (binary) =>
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
        // The buffers of each take 36 KiB; of some the allocator's caches are not rid yet.
        const most = usedBytes(before) + 5 * 36 * 1024;
        await expect.poll(async () => usedBytes(await tap.summary())).toBeLessThan(most);
      },
      { sharesConnections },
    ),
  );

  withRealServer(`a client that has said all is answered to the end, questions too: ${form}`, (binary) =>
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
      { sharesConnections },
    ),
  );
}

withRealServer('commands that no reply answers move in their order, and a question behind them', (binary) =>
  withTap(
    binary,
    async ({ port }) => {
      const client = await RawClient.open(port);
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
      const other = await RawClient.open(port);
      other.write('SET a 1\r\nCLIENT REPLY SKIP\r\nPING\r\nINFO rdb_stats\r\nGET a\r\n');
      expect(await other.nexts(3)).toEqual([
        '+OK\r\n',
        expect.stringContaining('rdb_stats_string:keys=4,'),
        '$1\r\n1\r\n',
      ]);
      client.close();
      other.close();
    },
    SHARING,
  ),
);

withRealServer('no connection of its own is to be had: first the replies, then why', (binary) =>
  withTap(
    binary,
    async ({ port }, server) => {
      const [direct, client] = [await RawClient.open(server.port), await RawClient.open(port)];
      expect(await client.write('PING\r\n').next()).toBe('+PONG\r\n');
      const list = await direct.write('CLIENT LIST\r\n').next();
      const taken = list?.match(/^id=/gm)?.length;
      expect(await direct.write(`CONFIG SET maxclients ${taken}\r\n`).next()).toBe('+OK\r\n');
      // What is outstanding is still so when the server has turned the new connection away.
      direct.write('CLIENT PAUSE 300 WRITE\r\n');
      client.write('SET a 2\r\nGET a\r\nSELECT 1\r\nGET a\r\n');
      expect(await client.nexts(5)).toEqual([
        '+OK\r\n',
        '$1\r\n2\r\n',
        '-ERR max number of clients reached\r\n',
        expect.stringMatching(/^-ERR redis:\S+ closed a connection.*: 1 commands are unanswered\r\n$/),
        undefined,
      ]);
      direct.close();
    },
    SHARING,
  ),
);

withRealServer('who is on its way to a connection of its own is not read without bound', (binary) =>
  withTap(
    binary,
    async ({ port }, server) => {
      const [direct, client] = [await RawClient.open(server.port), await RawClient.open(port)];
      expect(await client.write('PING\r\n').next()).toBe('+PONG\r\n');
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
    SHARING,
  ),
);
