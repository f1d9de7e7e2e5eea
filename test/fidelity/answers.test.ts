/** What the answers say is what a real server says: to recorded commands, and to others each time. */
import { expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { Server } from '../input/support/server.js';
import { withRealServer } from '../support/real-server.js';
import { printedSeed } from '../support/seed.js';
import { answered, differences, kept } from './answers/answering.js';
import { repliesOf } from './answers/exchange.js';
import { answerCommands } from './answers/forms.js';
import { readRecordings } from './answers/recording.js';

const { atMs, recordings } = readRecordings();

test.each(recordings)('$name: replies as they were recorded from redis-7.0.15', ({ exchanges }) => {
  const commands = exchanges.map(([words]) => words);
  const own = [...answered('redis-7.0', commands, atMs)].map(({ words, reply }) => [words, kept(reply)]);
  expect(own).toEqual(exchanges);
});

test('at least 2,000 commands were recorded, of all kinds', () => {
  const exchanges = recordings.flatMap((recording) => recording.exchanges);
  expect(exchanges.length).toBeGreaterThanOrEqual(2000);
  const names = new Set(exchanges.map(([[name = '']]) => name.toUpperCase()));
  expect(names.size).toBeGreaterThan(120);
  const errors = exchanges.filter(([, reply]) => reply.startsWith('-')).length;
  expect(errors / exchanges.length).toBeGreaterThan(0.1);
  expect(errors / exchanges.length).toBeLessThan(0.5);
});

withRealServer('20,000 commands of another seed are answered as by the server', async (binary) => {
  const { product, version } = await inspectBinary(binary);
  const name = `${product}-${version.split('.').slice(0, 2).join('.')}`;
  const sent = [...answerCommands(new Random(printedSeed('answers')), 20_000)];
  const server = await Server.start(binary, []);
  try {
    const replies = await repliesOf(server.port, sent);
    expect(differences(answered(name, sent, Date.now()), replies)).toEqual([]);
  } finally {
    await server.remove();
  }
});
