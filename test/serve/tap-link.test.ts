/** Which connection a tap's commands go over, before a server that answers when it is told to. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Gaps } from '#slablab/src/serve/gaps.js';
import { DISCARDING_SINK } from '#slablab/src/serve/lab-thread.js';
import { SharedConnection, type Sharer } from '#slablab/src/serve/shared-connection.js';
import { TapLink } from '#slablab/src/serve/tap-link.js';
import { parseUpstream, type Upstream } from '#slablab/src/serve/upstream.js';

const GAPS = new Gaps(() => {});
const PING = '*1\r\n$4\r\nPING\r\n';

/** One of the server's connections: what came over it so far. */
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

function newSharer(): Sharer {
  return { reply: () => {}, answered: () => {}, ended: () => {} };
}

test('a shared connection that was given up before it was answered does not make the next one ready', async () => {
  const shared = new SharedConnection(upstream, GAPS, { leastSenders: 1, ownEveryMs: 1000 });
  const [first, second] = [newSharer(), newSharer()];
  shared.join(first);
  shared.isCrowded(DISCARDING_SINK);
  const givenUp = await received(0, PING);
  shared.leave(first);
  shared.join(second);
  shared.isCrowded(DISCARDING_SINK);
  const next = await received(1, PING);
  givenUp.socket.end('+PONG\r\n');
  await once(givenUp.socket, 'close');
  expect(shared.takes).toBe(false);
  next.socket.write('+PONG\r\n');
  await expect.poll(() => shared.takes).toBe(true);
  shared.close();
});

test('a client to whom something is always owed over the shared connection comes to its own as well', async () => {
  const begun = Date.now();
  vi.setSystemTime(begun);
  const shared = new SharedConnection(upstream, GAPS, { leastSenders: 1, ownEveryMs: 500 });
  const full: boolean[] = [];
  const replies: string[] = [];
  const link = new TapLink(
    1,
    { upstream, lab: DISCARDING_SINK, gaps: GAPS, shared },
    {
      reply: (bytes) => replies.push(Buffer.from(bytes).toString('latin1')),
      idle: () => {},
      full: (isFull) => full.push(isFull),
      ended: () => {},
      cutOff: () => {},
    },
  );
  const send = (text: string) => link.send({ bytes: Buffer.from(text), from: 0, ends: [text.length] });
  // Over its own, and that opens the other.
  send('GET a\r\n');
  const own = await received(0, 'GET a\r\n');
  own.socket.write('$1\r\na\r\n');
  const common = await received(1, PING);
  common.socket.write('+PONG\r\n');
  await expect.poll(() => shared.takes && !link.isBusy).toBe(true);

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
  shared.close();
});
