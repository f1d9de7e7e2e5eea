/**
 * Records answers/recorded-7.0.15.jsonl from Debian's redis-server:
 *
 *   npx vitest run --config test/fidelity/record.config.ts test/fidelity/answers.run.ts
 */
import { expect, test } from 'vitest';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { Server } from '../input/support/server.js';
import { answered, kept } from './answers/answering.js';
import { repliesOf } from './answers/exchange.js';
import {
  RECORDING_SCHEMA,
  type Recording,
  type Recordings,
  toRecord,
  writeRecordings,
} from './answers/recording.js';

test('records what a server answers', async () => {
  const { product, version } = await inspectBinary('redis-server');
  expect(`${product}-${version}`).toBe('redis-7.0.15');
  const atMs = Date.now();
  const recordings: Recording[] = [];
  for (const { name, commands } of toRecord()) {
    const server = await Server.start('redis-server', []);
    const replies = await repliesOf(server.port, commands);
    await server.remove();
    const exchanges = [...answered('redis-7.0', commands, atMs)].map(
      ({ words, normal }, at) => [words, kept(normal(replies[at]!))] as const,
    );
    recordings.push({ name, exchanges });
  }
  const file: Recordings = { schema: RECORDING_SCHEMA, server: `${product}-${version}`, atMs, recordings };
  writeRecordings(file);
});
