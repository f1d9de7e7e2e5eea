/**
 * Takes the figures in defrag/rests/: each state on three servers, which were built from their sources with their own
 * jemalloc.
 *
 *   SLABLAB_RECORD_BIN=src/redis-server SLABLAB_RECORD_BUILT='its sources, jemalloc 5.3.0' \
 *     npx vitest run --config test/fidelity/record.config.ts test/fidelity/defrag-rests.run.ts
 *
 * SLABLAB_RECORD_STREAMS=sets,queue-lists takes only these.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { test } from 'vitest';
import { inspectBinary, type ServerBinary } from '#slablab/src/verify/server-binary.js';
import { type ServerAtRest, serverAtRest, slabsOf } from './defrag/at-rest.js';
import { RESTS, type RecordedRest, type RecordedRests } from './defrag/recorded-rests.js';
import { STATES } from './defrag/states.js';
import { rowsOf } from './recorded.js';
import { configurationFor } from './server-run.js';
import { digestOf } from './stream-digest.js';
import type { FidelityStream } from './streams.js';

const { SLABLAB_RECORD_BIN: path, SLABLAB_RECORD_BUILT: built, SLABLAB_RECORD_STREAMS: only } = process.env;
const wanted = STATES.filter(({ name }) => only === undefined || only.split(',').includes(name));

/** The other servers have lived a little before, so that they differ as any servers do. */
const COMMANDS_BEFORE = [1000, 3000];

test.each(wanted)('$name', async (state) => {
  if (path === undefined || built === undefined) {
    throw new Error('set SLABLAB_RECORD_BIN to a server, and SLABLAB_RECORD_BUILT to where it comes from');
  }
  const binary = await inspectBinary(path);
  const one = await serverAtRest(state, binary);
  const others: ServerAtRest[] = [];
  for (const commands of COMMANDS_BEFORE) others.push(await serverAtRest(state, binary, commands));
  await add(binary, built, state, one, others);
});

/** Adds a state to the file of its server. */
async function add(
  binary: ServerBinary,
  from: string,
  state: FidelityStream,
  one: ServerAtRest,
  others: readonly ServerAtRest[],
): Promise<void> {
  const name = `${binary.product}-${binary.version}`;
  await mkdir(RESTS, { recursive: true });
  const file = new URL(`${name}.json`, RESTS);
  const known = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as RecordedRests).states : {};
  const { version: malloc, quantum, pageSize, cacheOblivious } = one.before.stats;
  const rest: RecordedRest = {
    digest: digestOf(state),
    before: rowsOf(one.before),
    after: rowsOf(one.after),
    hits: one.hits,
    misses: one.misses,
    others: others.map(({ after: { occupancy }, hits, misses }) => ({
      active: occupancy.active,
      allocated: occupancy.allocated,
      slabs: slabsOf(occupancy),
      hits,
      misses,
    })),
  };
  const rests: RecordedRests = {
    server: {
      name,
      built: from,
      malloc,
      quantum,
      pageSize,
      cacheOblivious,
      configuration: configurationFor(state, binary),
    },
    states: { ...known, [state.name]: rest },
  };
  await writeFile(file, JSON.stringify(rests, null, 2));
}
