/**
 * Records newer-answers/<server>.jsonl from a server:
 *
 *   SLABLAB_RECORD_BIN=redis-server npx vitest run --config test/fidelity/record.config.ts test/fidelity/newer-answers.run.ts
 */
import { test } from 'vitest';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { Server } from '../input/support/server.js';
import { repliesOf } from './answers/exchange.js';
import { newerForm, wordsToRecord, writeNewerRecording } from './newer-answers/recording.js';

test('records what a server replies', async () => {
  const path = process.env.SLABLAB_RECORD_BIN;
  if (path === undefined) throw new Error('set SLABLAB_RECORD_BIN to a server');
  const { product, version } = await inspectBinary(path);
  const atMs = Date.now();
  const words = wordsToRecord();
  const server = await Server.start(path, []);
  const replies = await repliesOf(server.port, words);
  await server.remove();
  const exchanges = words.map(
    (command, at) => [command, newerForm(replies[at]!.toString('latin1'))] as const,
  );
  writeNewerRecording({ server: `${product}-${version}`, atMs, exchanges });
});
