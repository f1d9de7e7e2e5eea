/**
 * Writes docs/accuracy.md: how far the model is from every recorded figure.
 *
 *   make accuracy
 *
 * SLABLAB_SERVERS=redis-8.6.3,redis-8.0.2 writes only the tables of these.
 */
import { readdir } from 'node:fs/promises';
import { test } from 'vitest';
import { accuracyRow, writeRows } from './accuracy.js';
import { againstRecorded, modelOf, modelRun } from './model.js';
import { type Recording, recordings } from './recorded.js';
import { ALL_STREAMS } from './streams.js';

const all = await Promise.all(ALL_STREAMS.map(({ name }) => recordings(name)));
const recorded = await readdir(new URL('recorded/', import.meta.url), { withFileTypes: true });
const known = recorded.filter((entry) => entry.isDirectory()).map(({ name }) => name);
const servers = process.env.SLABLAB_SERVERS?.split(',') ?? known;

test.each(servers)('%s', async (server) => {
  if (!known.includes(server)) throw new Error(`'${server}' was not recorded; known: ${known.join(', ')}`);
  const rows: string[] = [];
  for (const [index, stream] of ALL_STREAMS.entries()) {
    const recording = all[index]?.find((one: Recording) => one.server.name === server);
    if (recording === undefined) continue;
    const { server: version, build } = modelOf(recording);
    const model = await modelRun(stream, version, build, recording.settleMs);
    rows.push(accuracyRow(recording, againstRecorded(model, recording).sinceIdle.measures));
  }
  await writeRows(server, rows);
});
