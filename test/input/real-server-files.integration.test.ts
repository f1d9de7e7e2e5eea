/** Round trips: the files of a real server contain the data that was sent to it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, openSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { openInput } from '#slablab/src/input/disk-files.js';
import { withRealServer } from '../support/real-server.js';
import { printedSeed } from '../support/seed.js';
import { NaiveKeyspace, randomCommand } from './support/naive-keyspace.js';
import { plainCommand } from './support/plain.js';
import { bytes, resp } from './support/resp.js';
import { Server } from './support/server.js';

const COMMANDS = 40_000;
const servers: Server[] = [];
afterAll(() => Promise.all(servers.map((server) => server.remove())));

async function start(binary: string, options: readonly string[] = [], directory?: string): Promise<Server> {
  const server = await Server.start(binary, options, directory);
  servers.push(server);
  return server;
}

function commandsFile(server: Server, seed: number, count: number): string {
  const random = new Random(seed);
  const path = join(server.directory, `${seed}.resp`);
  const text: string[] = [];
  for (let index = 0; index < count; index++) {
    if (random.below(50) > 0) text.push(resp(...randomCommand(random)));
    else
      text.push(resp('MULTI'), resp(...randomCommand(random)), resp(...randomCommand(random)), resp('EXEC'));
  }
  writeFileSync(path, bytes(text.join('')));
  return path;
}

async function savedKeyspace(server: Server): Promise<string> {
  const path = join(server.directory, 'copy.rdb');
  await server.cli('--rdb', path);
  return `${NaiveKeyspace.of(openInput(path))}`;
}

for (const [how, options] of [
  ['as it comes', []],
  ['uncompressed', ['--rdbcompression', 'no']],
  ['with small lists', ['--list-max-listpack-size', '8', '--set-max-intset-entries', '4']],
] as const) {
  withRealServer(`what --rdb saves of ${COMMANDS} commands through --pipe, ${how}`, async (binary) => {
    const server = await start(binary, options);
    const path = commandsFile(server, printedSeed('real server'), COMMANDS);
    expect(await server.pipe(path)).toMatch(/errors: 0,/);
    const expected = `${NaiveKeyspace.of(openInput(path))}`;
    expect(expected.length).toBeGreaterThan(100_000);
    expect(await savedKeyspace(server)).toBe(expected);
  });
}

for (const [form, preamble] of [
  ['RDB', 'yes'],
  ['AOF', 'no'],
] as const) {
  withRealServer(
    `an appendonlydir with a base in ${form} form, whole and cut short anywhere`,
    async (binary) => {
      const options = [
        '--appendonly',
        'yes',
        '--aof-timestamp-enabled',
        'yes',
        '--aof-use-rdb-preamble',
        preamble,
      ];
      const server = await start(binary, options);
      const seed = printedSeed('appendonlydir');
      const paths = [commandsFile(server, seed, 10_000), commandsFile(server, seed + 1, 3000)];
      await server.pipe(paths[0]!);
      await server.cli('bgrewriteaof');
      await server.waitFor('aof_rewrite_in_progress:0');
      await server.pipe(paths[1]!);
      const expected = await savedKeyspace(server);
      await server.stop();
      const directory = join(server.directory, 'appendonlydir');
      expect(`${NaiveKeyspace.of(openInput(directory))}`).toBe(expected);

      const increment = readdirSync(directory).find((name) => name.endsWith('.incr.aof'))!;
      const size = statSync(join(directory, increment)).size;
      const random = new Random(seed);
      for (let round = 0; round < 6; round++) {
        const copy = Server.temporaryDirectory();
        cpSync(directory, join(copy, 'appendonlydir'), { recursive: true });
        truncateSync(join(copy, 'appendonlydir', increment), random.below(size));
        const ours = `${NaiveKeyspace.of(openInput(join(copy, 'appendonlydir')))}`;
        expect(ours).toBe(await savedKeyspace(await start(binary, options, copy)));
      }
    },
  );
}

withRealServer('streams: entries, deletions and consumer groups', async (binary) => {
  const server = await start(binary, ['--stream-node-max-entries', '20']);
  const random = new Random(printedSeed('streams'));
  const text: string[] = [];
  for (let entry = 1; entry <= 3000; entry++) {
    const pairs = Array.from({ length: 1 + random.below(4) }, (_, index) => [
      random.below(3) === 0 ? `other${random.below(9)}` : `field${index}`,
      'v'.repeat(random.below(80)),
    ]);
    text.push(
      resp(
        'XADD',
        's',
        `${1_700_000_000_000 + entry * 1000 - random.below(900)}-${random.below(5)}`,
        ...pairs.flat(),
      ),
    );
  }
  writeFileSync(join(server.directory, 's.resp'), bytes(text.join('')));
  expect(await server.pipe(join(server.directory, 's.resp'))).toMatch(/errors: 0,/);
  const idsOf = async (...range: string[]) =>
    (await server.cli('xrange', 's', ...range)).match(/^\d+-\d+$/gm) ?? [];
  await server.cli('xdel', 's', ...(await idsOf('-', '+')).filter(() => random.below(5) === 0));
  await server.cli('xgroup', 'create', 's', 'g', '0');
  for (const consumer of ['ann', 'bob']) {
    await server.cli('xreadgroup', 'group', 'g', consumer, 'count', '300', 'streams', 's', '>');
  }
  await server.cli('xack', 's', 'g', ...(await idsOf('-', '+', 'count', '100')));
  await server.cli('xtrim', 's', 'maxlen', '1500');
  const ids = await idsOf('-', '+');
  const path = join(server.directory, 's.rdb');
  await server.cli('--rdb', path);
  const read: string[] = [];
  const pending: string[] = [];
  for (const event of openInput(path).events()) {
    if (event.kind !== 'rdb-entry' || event.value.kind !== 'stream') continue;
    for (const { entries } of event.value.nodes) {
      for (const { id, isDeleted } of entries) if (!isDeleted) read.push(`${id.ms}-${id.seq}`);
    }
    const { length, groups } = event.value.tail();
    expect(length).toBe(ids.length);
    for (const group of groups) {
      for (const consumer of group.consumers())
        pending.push(`${consumer.name.asText()} ${consumer.pending.count}`);
    }
  }
  expect(read).toEqual(ids);
  expect(pending).toEqual(['ann 200', 'bob 300']);
});

withRealServer('what MONITOR prints is what was sent', async (binary) => {
  const server = await start(binary);
  const log = join(server.directory, 'monitor.log');
  const monitor = spawn('redis-cli', ['-p', `${server.port}`, 'monitor'], {
    stdio: ['ignore', openSync(log, 'w'), 'ignore'],
  });
  await server.waitFor('connected_clients:2');
  const random = new Random(printedSeed('MONITOR'));
  const sent = Array.from({ length: 5000 }, () => randomCommand(random));
  const socket = connect(server.port, '127.0.0.1');
  socket.resume();
  socket.end(bytes(sent.map((command) => resp(...command)).join('')));
  await once(socket, 'close');
  // MONITOR reports commands in their order, so all are there when a last one is.
  await server.cli('echo', 'the last command');
  await expect.poll(() => readFileSync(log, 'latin1').includes('the last command')).toBe(true);
  monitor.kill();
  const received: string[][] = [];
  const input = openInput(log);
  expect(input.kind).toBe('monitor');
  let timeMs = 0;
  let client = -1;
  for (const event of input.events()) {
    if (event.kind !== 'command') continue;
    const [number, time, ...args] = plainCommand(event.command);
    if (args[0] === 'info') continue;
    if (client < 0) client = number;
    if (number === client) received.push(args);
    expect(time).toBeGreaterThanOrEqual(timeMs);
    timeMs = time;
  }
  input.close();
  expect(received).toEqual(sent);
});
