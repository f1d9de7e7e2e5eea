/** Tests the route of commands with a server that replies on demand. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DISCARDING_SINK } from '#slablab/src/serve/lab-thread.js';
import { MultiplexedConnection, type Participant } from '#slablab/src/serve/multiplexed-connection.js';
import { TapLink } from '#slablab/src/serve/tap-link.js';
import { UnseenTraffic } from '#slablab/src/serve/unseen-traffic.js';
import { parseUpstream, type Upstream } from '#slablab/src/serve/upstream.js';

const UNSEEN = new UnseenTraffic(() => {});
const PING = '*1\r\n$4\r\nPING\r\n';

/** A connection of the server, and what it has received. */
interface Connection {
  readonly socket: Socket;
  received: string;
}

const connections: Connection[] = [];
const server = createServer({ allowHalfOpen: true }, (socket) => {
  const connection = { socket, received: '' };
  connections.push(connection);
  socket.setEncoding('latin1').on('data', (text) => {
    connection.received += text;
  });
});
let upstream: Upstream;

beforeEach(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  upstream = parseUpstream('--upstream', `redis://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterEach(async () => {
  vi.useRealTimers();
  for (const { socket } of connections.splice(0)) socket.destroy();
  server.close();
  await once(server, 'close');
});

async function received(number: number, text: string): Promise<Connection> {
  await expect.poll(() => connections[number]?.received).toBe(text);
  return connections[number]!;
}

function newParticipant(): Participant {
  return { reply: () => {}, answered: () => {}, ended: () => {} };
}

test('a late reply to an abandoned connection does not make the next one ready', async () => {
  const multiplexer = new MultiplexedConnection(upstream, UNSEEN, { minSenders: 1, dedicatedEveryMs: 1000 });
  const [first, second] = [newParticipant(), newParticipant()];
  multiplexer.join(first);
  multiplexer.isContended(DISCARDING_SINK);
  const abandoned = await received(0, PING);
  multiplexer.leave(first);
  multiplexer.join(second);
  multiplexer.isContended(DISCARDING_SINK);
  const next = await received(1, PING);
  abandoned.socket.end('+PONG\r\n');
  await once(abandoned.socket, 'close');
  expect(multiplexer.isReady).toBe(false);
  next.socket.write('+PONG\r\n');
  await expect.poll(() => multiplexer.isReady).toBe(true);
  multiplexer.close();
});

test('a client with permanently outstanding multiplexed replies still uses its dedicated connection', async () => {
  const begun = Date.now();
  vi.setSystemTime(begun);
  const multiplexer = new MultiplexedConnection(upstream, UNSEEN, { minSenders: 1, dedicatedEveryMs: 500 });
  const full: boolean[] = [];
  const replies: string[] = [];
  const link = new TapLink(
    1,
    { upstream, lab: DISCARDING_SINK, unseen: UNSEEN, multiplexer },
    {
      reply: (bytes) => replies.push(Buffer.from(bytes).toString('latin1')),
      idle: () => {},
      full: (isFull) => full.push(isFull),
      ended: () => {},
      cutOff: () => {},
    },
  );
  const send = (text: string) => link.send({ bytes: Buffer.from(text), from: 0, ends: [text.length] });
  // This uses the dedicated connection, and opens the multiplexed one.
  send('GET a\r\n');
  const own = await received(0, 'GET a\r\n');
  own.socket.write('$1\r\na\r\n');
  const common = await received(1, PING);
  common.socket.write('+PONG\r\n');
  await expect.poll(() => multiplexer.isReady && !link.isBusy).toBe(true);

  send('GET b\r\n');
  vi.setSystemTime(begun + 499);
  send('GET c\r\n');
  await received(1, `${PING}GET b\r\nGET c\r\n`);
  vi.setSystemTime(begun + 500);
  send('GET d\r\n');
  expect(full).toEqual([true]);
  common.socket.write('$1\r\nb\r\n$1\r\nc\r\n');
  await received(0, 'GET a\r\nGET d\r\n');
  expect(full).toEqual([true, false]);
  own.socket.write('$1\r\nd\r\n');
  await expect.poll(() => link.isBusy).toBe(false);
  expect(replies.join('').match(/(?<=\$1\r\n)\w/g)).toEqual(['a', 'b', 'c', 'd']);
  send('GET e\r\n');
  await received(1, `${PING}GET b\r\nGET c\r\nGET e\r\n`);
  link.close();
  multiplexer.close();
});
