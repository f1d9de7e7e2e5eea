/** CLIENT REPLY: a server's replies are the same through the tap, whose lab knows when it cannot follow them. */
import { describe, expect } from 'vitest';
import { Password } from '#slablab/src/serve/password.js';
import { withRealServer } from '../support/real-server.js';
import { RawClient, startServer, withStandalone, withTap } from './support/servers.js';

/** Commands, each with the number of replies that a server sends. */
type Dialogue = readonly (readonly [command: string, replies: number])[];

const FOLLOWED: Readonly<Record<string, Dialogue>> = {
  'RESET while replies are off is answered, and switches them on': [
    ['CLIENT REPLY OFF', 0],
    ['SET a 1', 0],
    ['RESET', 1],
    ['SET b 1', 1],
    ['GET a', 1],
  ],
  'RESET after SKIP is not answered': [
    ['CLIENT REPLY SKIP', 0],
    ['RESET', 0],
    ['SET a 1', 1],
  ],
  'RESET with an argument is refused': [
    ['MULTI', 1],
    ['RESET now', 1],
    ['EXEC', 1],
    ['SET a 1', 1],
  ],
  'SKIP after SKIP': [
    ['CLIENT REPLY SKIP', 0],
    ['CLIENT REPLY SKIP', 0],
    ['SET a 1', 0],
    ['SET b 1', 1],
  ],
  'OFF after SKIP': [
    ['CLIENT REPLY SKIP', 0],
    ['CLIENT REPLY OFF', 0],
    ['SET a 1', 0],
    ['SET b 1', 0],
    ['CLIENT REPLY ON', 1],
    ['SET c 1', 1],
  ],
  'ON after SKIP': [
    ['CLIENT REPLY SKIP', 0],
    ['CLIENT REPLY ON', 1],
    ['SET a 1', 1],
  ],
  'SKIP while replies are off': [
    ['CLIENT REPLY OFF', 0],
    ['CLIENT REPLY SKIP', 0],
    ['SET a 1', 0],
    ['CLIENT REPLY ON', 1],
    ['SET b 1', 1],
  ],
  'a mode that does not exist': [
    ['CLIENT REPLY OFF', 0],
    ['CLIENT REPLY maybe', 0],
    ['SET a 1', 0],
    ['CLIENT REPLY ON', 1],
    ['CLIENT REPLY maybe', 1],
    ['CLIENT REPLY', 1],
    ['SET b 1', 1],
  ],
  'an error after SKIP, and one after that': [
    ['CLIENT REPLY SKIP', 0],
    ['GET', 0],
    ['GET', 1],
    ['SET a 1', 1],
  ],
  'a transaction after SKIP': [
    ['CLIENT REPLY SKIP', 0],
    ['MULTI', 0],
    ['SET a 1', 1],
    ['EXEC', 1],
    ['SET b 1', 1],
  ],
  'a transaction that ends with RESET while replies are off': [
    ['CLIENT REPLY OFF', 0],
    ['MULTI', 0],
    ['SET a 1', 0],
    ['RESET', 1],
    ['SET b 1', 1],
  ],
  'HELLO while replies are off changes the protocol': [
    ['CLIENT REPLY OFF', 0],
    ['HELLO 3', 0],
    ['CLIENT REPLY ON', 1],
    ['HGETALL none', 1],
    ['SET a 1', 1],
  ],
  'EXEC with an argument ends a transaction': [
    ['MULTI', 1],
    ['EXEC now', 1],
    ['SET a 1', 1],
    ['EXEC', 1],
  ],
};

const OF_THE_TAP: Readonly<Record<string, Dialogue>> = {
  'CLIENT REPLY while subscribed is refused': [
    ['SUBSCRIBE ch', 1],
    ['CLIENT REPLY OFF', 1],
    ['PING', 1],
    ['UNSUBSCRIBE', 1],
    ['SET a 1', 1],
  ],
  'MONITOR while replies are off, and RESET': [
    ['CLIENT REPLY OFF', 0],
    ['MONITOR', 0],
    ['SET a 1', 0],
    ['RESET', 1],
    ['SET b 1', 1],
  ],
  'MONITOR in a transaction is refused': [
    ['MULTI', 1],
    ['MONITOR', 1],
    ['EXEC', 1],
    ['SET a 1', 1],
  ],
};

const LOST: Readonly<Record<string, readonly [Dialogue, why: RegExp]>> = {
  'replies that are switched off in a transaction': [
    [
      ['MULTI', 1],
      ['SET a 1', 1],
      ['CLIENT REPLY SKIP', 1],
      ['DISCARD', 1],
      ['SET b 1', 1],
    ],
    /CLIENT REPLY in a transaction/,
  ],
  'replies that are switched on in a transaction': [
    [
      ['CLIENT REPLY OFF', 0],
      ['MULTI', 0],
      ['CLIENT REPLY ON', 0],
      ['EXEC', 1],
      ['SET b 1', 1],
    ],
    /CLIENT REPLY in a transaction/,
  ],
  'a subscription while replies are off, which is confirmed': [
    [
      ['CLIENT REPLY OFF', 0],
      ['SUBSCRIBE a b', 2],
      ['CLIENT REPLY ON', 0],
      ['RESET', 1],
      ['SET b 1', 1],
    ],
    /subscriptions without replies/,
  ],
  'a script while replies are off': [
    [
      ['CLIENT REPLY OFF', 0],
      ['EVAL return 0', 0],
      ['CLIENT REPLY ON', 1],
    ],
    /scripts are executed/,
  ],
  'a command that waits while replies are off': [
    [
      ['CLIENT REPLY OFF', 0],
      ['BLPOP list 0.01', 0],
      ['CLIENT REPLY ON', 1],
    ],
    /may have to wait/,
  ],
  'a command that is not known while replies are off': [
    [
      ['CLIENT REPLY SKIP', 0],
      ['NOSUCH command', 0],
      ['PING', 1],
    ],
    /"NOSUCH command" may have been executed/,
  ],
};

const SIGN = 'echo-after-the-command';

/** Returns the replies to each command, which are all before the reply to the next one. */
async function played(port: number, dialogue: Dialogue): Promise<string[]> {
  const client = await RawClient.open(port);
  const seen: string[] = [];
  for (const [command, replies] of dialogue) {
    client.write(`${command}\r\n`);
    for (const reply of await client.nexts(replies)) {
      seen.push(`${command}: ${reply?.replaceAll(/(\$2\r\nid\r\n):\d+/g, '$1:ID')}`);
    }
  }
  seen.push((await client.write(`ECHO ${SIGN}\r\n`).next()) ?? 'end');
  client.close();
  return seen;
}

async function keysOf(port: number): Promise<number> {
  const client = await RawClient.open(port);
  const reply = (await client.write('DBSIZE\r\n').next()) ?? '';
  client.close();
  return Number(reply.slice(1));
}

async function direct(binary: string, dialogue: Dialogue): Promise<string[]> {
  const server = await startServer(binary);
  try {
    const replies = await played(server.port, dialogue);
    expect(replies.at(-1)).toContain(SIGN);
    return replies;
  } finally {
    await server.stop();
  }
}

describe('the tap follows', () => {
  for (const [name, dialogue] of Object.entries({ ...FOLLOWED, ...OF_THE_TAP })) {
    withRealServer(name, async (binary) => {
      const expected = await direct(binary, dialogue);
      await withTap(binary, async (tap, { port }) => {
        expect(await played(tap.port, dialogue)).toEqual(expected);
        const { gaps, lab } = await tap.summary();
        expect(gaps).toEqual([]);
        expect(lab?.keys).toBe(await keysOf(port));
      });
    });
  }
});

describe('the tap says what it cannot follow', () => {
  for (const [name, [dialogue, why]] of Object.entries(LOST)) {
    withRealServer(name, async (binary) => {
      const expected = await direct(binary, dialogue);
      await withTap(binary, async (tap) => {
        expect(await played(tap.port, dialogue)).toEqual(expected);
        const { gaps, lab } = await tap.summary();
        expect(gaps.map((gap) => gap.why)).toEqual([expect.stringMatching(why)]);
        expect(lab?.failure).toBeNull();
      });
    });
  }
});

describe('the lab by itself replies as a server', () => {
  for (const [name, dialogue] of Object.entries(FOLLOWED)) {
    withRealServer(name, async (binary) => {
      const expected = await direct(binary, dialogue);
      await withStandalone(
        async ({ port }) => {
          const sameServer = (text: string) => text.replaceAll(/\d+\.\d+\.\d+/g, 'VERSION');
          expect((await played(port, dialogue)).map(sameServer)).toEqual(expected.map(sameServer));
        },
        { server: 'redis-7.0' },
      );
    });
  }
});

withRealServer(
  'the protocol of the lab’s own answers follows HELLO without a reply, and in a transaction',
  (binary) =>
    withTap(binary, async (tap) => {
      const client = await RawClient.open(tap.port);
      client.write('CLIENT REPLY OFF\r\nHELLO 3\r\nCLIENT REPLY ON\r\nMEMORY STATS\r\n');
      expect(await client.next()).toBe('+OK\r\n');
      expect(await client.next()).toMatch(/^%/);
      client.write('MULTI\r\nHELLO 2\r\nDISCARD\r\nMEMORY STATS\r\n');
      expect((await client.nexts(4))[3]).toMatch(/^%/);
      client.write('MULTI\r\nHELLO 2\r\nEXEC\r\nMEMORY STATS\r\n');
      expect((await client.nexts(4))[3]).toMatch(/^\*/);
      client.close();
    }),
);

withRealServer('CLIENT REPLY that an unauthenticated client may not send leaves its replies on', (binary) =>
  withTap(binary, async (tap) => {
    const admin = await RawClient.open(tap.port);
    expect(await admin.write('CONFIG SET requirepass pw\r\n').next()).toBe('+OK\r\n');
    const client = await RawClient.open(tap.port);
    expect(await client.write('CLIENT REPLY OFF\r\n').next()).toMatch(/^-NOAUTH/);
    client.write(
      'MEMORY PINS\r\nCLUSTER SLOT-STATS SLOTSRANGE 0 1\r\nMEMORY STATS\r\nAUTH pw\r\nSET a 1\r\n',
    );
    for (const reply of await client.nexts(3)) expect(reply).toMatch(/^-NOAUTH/);
    expect(await client.nexts(2)).toEqual(['+OK\r\n', '+OK\r\n']);
    const { gaps, lab } = await tap.summary();
    expect(gaps).toEqual([]);
    expect(lab?.keys).toBe(1);
    admin.close();
    client.close();
  }),
);

withRealServer('a password is asked for again after RESET that is not answered', (binary) =>
  withTap(
    binary,
    async (tap) => {
      const client = await RawClient.open(tap.port);
      client.write('AUTH secret\r\n');
      expect(await client.next()).toBe('+OK\r\n');
      client.write('CLIENT REPLY SKIP\r\nRESET\r\nPING\r\nAUTH secret\r\nPING\r\n');
      expect(await client.nexts(3)).toEqual([expect.stringMatching(/^-NOAUTH/), '+OK\r\n', '+PONG\r\n']);
      client.write('RESET now\r\nPING\r\n');
      expect(await client.nexts(2)).toEqual([expect.stringMatching(/^-ERR wrong number/), '+PONG\r\n']);
      client.close();
    },
    { password: new Password('secret') },
  ),
);

describe('questions to the lab by itself while replies are off', () => {
  withRealServer('they have no reply, and count as the command of SKIP', () =>
    withStandalone(async ({ port }) => {
      const client = await RawClient.open(port);
      client.write('CLIENT REPLY SKIP\r\nMEMORY STATS\r\nPING\r\n');
      expect(await client.next()).toBe('+PONG\r\n');
      client.write('CLIENT REPLY OFF\r\nINFO memory\r\nDEBUG POPULATE 3\r\nCLIENT REPLY ON\r\nDBSIZE\r\n');
      expect(await client.nexts(2)).toEqual(['+OK\r\n', ':3\r\n']);
      client.close();
    }),
  );
});
