/** Clients send commands and damaged bytes at any cut; SLABLAB_FUZZ_COMMANDS of them. The tap changes none of the bytes. */
import { connect } from 'node:net';
import { expect } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { respOf } from '#slablab/src/resp/index.js';
import { Tap } from '#slablab/src/serve/tap/tap.js';
import { parseUpstream } from '#slablab/src/serve/upstream.js';
import { hostileRequest } from '../support/hostile-requests.js';
import { withRealServer } from '../support/real-server.js';
import { printedSeed } from '../support/seed.js';
import { Recorder } from './support/recorder.js';
import { OPTIONS, RawClient, startServer } from './support/servers.js';

const COMMANDS = Number(process.env.SLABLAB_FUZZ_COMMANDS ?? 20_000);
const IN_CONNECTION = 200;

/** Commands that end the server, stop or change it for all clients, and those of which the lab answers some. */
const NOT_SENT = new Set(
  (
    'shutdown debug config client acl replicaof slaveof failover migrate module save bgsave bgrewriteaof sync psync ' +
    'cluster info memory eval evalsha fcall function script swapdb'
  ).split(' '),
);

/** Returns the bytes of one client: commands, some of them inline or damaged. */
function bytesOf(random: Random): Buffer {
  const pieces: Uint8Array[] = [];
  for (let count = 0; count < IN_CONNECTION; count++) {
    const words = hostileRequest(random);
    if (words.length === 0 || NOT_SENT.has(words[0]!.toLowerCase())) continue;
    const bytes = respOf(...words);
    const kind = random.below(400);
    if (kind === 0) bytes[random.below(bytes.length)] = random.below(256);
    pieces.push(bytes);
    if (kind < 20) pieces.push(Buffer.from(['\r\n', '*0\r\n', 'PING\r\n', 'GET "a b"\r\n'][kind % 4]!));
  }
  return Buffer.concat(pieces);
}

/** Sends bytes in random pieces, and returns what comes back until the server has ended the connection. */
function exchanged(port: number, bytes: Buffer, random: Random): Promise<Buffer> {
  const answered: Buffer[] = [];
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    socket.on('data', (piece) => answered.push(piece));
    socket.on('error', () => {});
    socket.on('close', () => resolve(Buffer.concat(answered)));
    const send = (from: number) => {
      if (!socket.writable) return;
      const to = Math.min(bytes.length, from + 1 + random.below(2000));
      if (to === bytes.length) socket.end(bytes.subarray(from));
      else socket.write(bytes.subarray(from, to), () => send(to));
    };
    send(0);
  });
}

withRealServer(`${COMMANDS} commands pass unchanged, and so do their replies`, async (binary) => {
  const random = new Random(printedSeed('commands through the tap'));
  const server = await startServer(binary);
  const recorder = await Recorder.open(server.port);
  const tap = await Tap.open(parseUpstream('--upstream', `redis://127.0.0.1:${recorder.port}`), OPTIONS);
  try {
    const direct = await RawClient.open(server.port);
    await direct.write('CONFIG SET proto-max-bulk-len 1048576\r\n').next();
    for (let sent = 0; sent < COMMANDS; sent += IN_CONNECTION) {
      const bytes = bytesOf(random);
      const before = recorder.connections.length;
      const received = await exchanged(tap.port, bytes, random);
      const { sent: passed, answered } = recorder.connections[before]!;
      const reached = Buffer.concat(passed);
      expect(bytes.subarray(0, reached.length).equals(reached), `bytes of connection ${before}`).toBe(true);
      expect(received.equals(Buffer.concat(answered)), `replies of connection ${before}`).toBe(true);
      recorder.connections[before] = { sent: [], answered: [] };
    }
    const keyspace = String(await direct.write('INFO keyspace\r\n').next());
    const keys = [...keyspace.matchAll(/keys=(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
    direct.close();
    const { lab, gaps } = await tap.summary();
    expect(lab?.failure).toBeNull();
    expect(lab?.snapshot.drainprof.reconciled).toBe(true);
    // What the server left unanswered when it ended a connection is a gap; nothing else may make a difference.
    if (lab?.keys !== keys) expect(gaps).not.toEqual([]);
  } finally {
    await tap.close();
    recorder.close();
    await server.stop();
  }
});
