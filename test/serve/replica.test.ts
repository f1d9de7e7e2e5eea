/** A lab that follows a server as its replica: its data, its changes, and a connection that is lost. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { Attach } from '#slablab/src/serve/attach.js';
import { parseUpstream } from '#slablab/src/serve/upstream.js';
import { configurationOf } from '#slablab/src/verify/configuration.js';
import { RealServer } from '#slablab/src/verify/real-server.js';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { withObtainedServer, withRealServer } from '../support/real-server.js';
import { OPTIONS, RawClient } from './support/servers.js';

const WAIT = { interval: 100 };
const FAST_SYNC = ['repl-diskless-sync-delay 0'];

async function withServer(
  path: string,
  configuration: readonly string[],
  work: (server: RealServer, client: RawClient) => Promise<void>,
): Promise<void> {
  const binary = await inspectBinary(path);
  const server = await RealServer.start(binary, {
    configuration: configurationOf(binary, [...FAST_SYNC, ...configuration]),
    port: undefined,
    conf: '',
    patience: { replyMs: 600_000 },
  });
  try {
    const client = await RawClient.open(server.port);
    await work(server, client);
    client.close();
  } finally {
    await server.stop();
  }
}

function attachTo(port: number, notes: string[] = []): Promise<Attach> {
  const onNote = (note: string) => {
    notes.push(note);
  };
  return Attach.open(parseUpstream('redis', `redis://127.0.0.1:${port}`), { ...OPTIONS, onNote }, 'replica');
}

async function keysOf(attach: Attach): Promise<number | undefined> {
  return (await attach.summary()).lab?.keys;
}

async function sizeOf(client: RawClient): Promise<number> {
  return Number(/:(\d+)/.exec((await client.write('DBSIZE\r\n').next()) ?? '')?.[1]);
}

async function say(client: RawClient, ...commands: readonly string[]): Promise<void> {
  client.write(commands.map((command) => `${command}\r\n`).join(''));
  const refused = (await client.nexts(commands.length)).filter((reply) => reply?.startsWith('-') ?? true);
  expect(refused).toEqual([]);
}

const numbered = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index));

const DATA = [
  ...numbered(3000, (index) => `SET string:${index} ${'x'.repeat(index % 300)}y`),
  ...numbered(300, (index) => `HSET hash:${index % 20} field:${index} value`),
  ...numbered(300, (index) => `RPUSH list:${index % 20} z${'z'.repeat(index)}`),
  ...numbered(300, (index) => `ZADD zset:${index % 20} ${index} member:${index}`),
  ...numbered(300, (index) => `SADD set:${index % 20} ${index}`),
  'XADD stream 1-1 field value',
];

async function followsDataAndChanges(path: string, configuration: readonly string[]): Promise<void> {
  await withServer(path, configuration, async (server, client) => {
    await say(client, ...DATA);
    const attach = await attachTo(server.port);
    try {
      expect(await keysOf(attach)).toBe(await sizeOf(client));
      await say(
        client,
        "EVAL \"for i = 1, 100 do redis.call('SET', 'script:' .. i, i) end return 1\" 0",
        'SET short v PX 50',
        'MULTI',
        'SET in:multi 1',
        'DEL string:0 string:1',
        'EXEC',
        'SELECT 3',
        'SET elsewhere 1',
        'SELECT 0',
      );
      await expect.poll(() => sizeOf(client), WAIT).toBe(3081 + 100 + 1 - 2);
      await expect.poll(() => keysOf(attach), WAIT).toBe(3081 + 100 + 1 - 2 + 1);
      const { gaps, notSeen, lab } = await attach.summary();
      expect(gaps).toEqual([]);
      expect(lab?.unknown).toEqual([]);
      expect(notSeen.join()).toContain('reads');
      const verified = await attach.verify();
      if (typeof verified === 'string') throw new Error(verified);
    } finally {
      await attach.close();
    }
  });
}

/** The bytes that a server and the lab say of one hash, of which half of the fields expire. */
async function agreesAboutFields(path: string): Promise<void> {
  await withServer(path, [], async (server, client) => {
    const expiring = numbered(200, (index) => `f${index}`).join(' ');
    await say(
      client,
      ...numbered(400, (index) => `HSET h f${index} ${'v'.repeat(100)}`),
      `HPEXPIRE h 3600000 FIELDS 200 ${expiring}`,
    );
    const attach = await attachTo(server.port);
    const asked = await RawClient.open(attach.port);
    const bytesOf = async (of: RawClient) =>
      Number((await of.write('MEMORY USAGE h SAMPLES 0\r\n').next())?.slice(1));
    try {
      const whole = await bytesOf(asked);
      await say(client, `HPEXPIRE h 60 FIELDS 200 ${expiring}`);
      await expect.poll(async () => client.write('HLEN h\r\n').next(), WAIT).toBe(':200\r\n');
      await expect.poll(() => bytesOf(asked), WAIT).toBeLessThan(0.6 * whole);
      // The server's table may be of another size: it grew, and the lab's was loaded.
      const bytes = await bytesOf(client);
      expect(Math.abs((await bytesOf(asked)) - bytes)).toBeLessThan(0.1 * bytes);
    } finally {
      asked.close();
      await attach.close();
    }
  });
}

describe('the data and the changes of a server', () => {
  withRealServer('sent without a file', (binary) => followsDataAndChanges(binary, []));
  withRealServer('sent from a file', (binary) => followsDataAndChanges(binary, ['repl-diskless-sync no']));
  for (const server of ['redis-8.0', 'redis-8.6', 'valkey-8.0', 'valkey-8.1', 'valkey-9.1']) {
    withObtainedServer(server, 'sent without a file', (binary) => followsDataAndChanges(binary, []));
  }
  for (const server of ['redis-8.0', 'redis-8.6', 'valkey-9.1']) {
    withObtainedServer(server, 'fields that expire', agreesAboutFields);
  }

  withRealServer('keys that the server evicts go, and the lab evicts none of its own', (binary) =>
    withServer(binary, ['maxmemory 3mb', 'maxmemory-policy allkeys-random'], async (server, client) => {
      const attach = await attachTo(server.port);
      try {
        await say(client, ...numbered(4000, (index) => `SET key:${index} ${'x'.repeat(1000)}`));
        // The replica's own buffers count, so the server may go on evicting for a while.
        await expect.poll(async () => (await keysOf(attach)) === (await sizeOf(client)), WAIT).toBe(true);
        expect(await sizeOf(client)).toBeLessThan(4000);
      } finally {
        await attach.close();
      }
    }),
  );
});

/** A relay whose connections can be cut. */
class Relay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  isOpen = true;

  constructor(target: number) {
    this.#server = createServer((socket) => {
      if (!this.isOpen) {
        socket.destroy();
        return;
      }
      const onward = connect({ host: '127.0.0.1', port: target });
      for (const [from, to] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        this.#sockets.add(from);
        from.on('data', (bytes) => to.write(bytes));
        from.on('error', () => {});
        from.on('close', () => to.destroy());
      }
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

describe('a connection that is lost', () => {
  async function lostAndFound(
    path: string,
    configuration: readonly string[],
    meanwhile: readonly string[],
  ): Promise<{ notes: string[]; gaps: readonly { why: string }[]; keys: number | undefined; size: number }> {
    const notes: string[] = [];
    let found: { gaps: readonly { why: string }[]; keys: number | undefined; size: number } | undefined;
    await withServer(path, configuration, async (server, client) => {
      const relay = new Relay(server.port);
      const attach = await attachTo(await relay.listen(), notes);
      try {
        await say(client, 'SELECT 2', ...numbered(100, (index) => `SET before:${index} x`));
        await expect.poll(() => keysOf(attach), WAIT).toBe(100);
        relay.isOpen = false;
        relay.cut();
        await say(client, ...meanwhile);
        relay.isOpen = true;
        const size = await sizeOf(client);
        await expect.poll(() => keysOf(attach), WAIT).toBe(size);
        found = { gaps: (await attach.summary()).gaps, keys: await keysOf(attach), size };
      } finally {
        await attach.close();
        relay.close();
      }
    });
    if (found === undefined) throw new Error('the server was not followed');
    return { notes, ...found };
  }

  withRealServer('the stream goes on where it was lost, and nothing is missed', async (binary) => {
    const { notes, gaps } = await lostAndFound(
      binary,
      [],
      numbered(50, (index) => `SET meanwhile:${index} x`),
    );
    expect(notes.join('\n')).toContain('the stream goes on where it was lost');
    expect(gaps).toEqual([]);
  });

  withRealServer('a server that has forgotten the place sends everything anew', async (binary) => {
    const { gaps } = await lostAndFound(
      binary,
      ['repl-backlog-size 16384'],
      numbered(400, (index) => `SET meanwhile:${index} ${'x'.repeat(1000)}`),
    );
    expect(gaps.map(({ why }) => why).join()).toContain('sent all of its data anew');
  });
});

test('a server that accepts no replica is named, with the other way', async () => {
  const refusing = createServer((socket) => {
    socket.on('data', (bytes) => {
      for (const [, name] of bytes.toString('latin1').matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g)) {
        socket.write(name === 'PSYNC' || name === 'REPLCONF' ? '-NOPERM no permissions\r\n' : '+PONG\r\n');
      }
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
  const address = refusing.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    await expect(attachTo(port)).rejects.toThrow(/refuses REPLCONF: NOPERM.*--as monitor/);
  } finally {
    refusing.close();
  }
});
