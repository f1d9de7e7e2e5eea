/**
 * Takes the figures in recorded/: each stream four times, each time on a server of its own.
 *
 *   SLABLAB_RECORD_BIN=redis-server SLABLAB_RECORD_BUILT='Debian 12' \
 *     npx vitest run --config test/fidelity/record.config.ts test/fidelity/record.run.ts
 *
 * SLABLAB_RECORD_STREAMS=mix,hashes takes only these.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { since } from '#slablab/src/verify/class-occupancy.js';
import { inspectBinary, type ServerBinary } from '#slablab/src/verify/server-binary.js';
import { compare, type Measures } from '#slablab/src/verify/server-comparison.js';
import { SETTLE_MS } from '#slablab/src/verify/server-session.js';
import { RECORDED_SCHEMA, type Recording, rowsOf } from './recorded.js';
import { configurationFor, type ServerRun, serverRun } from './server-run.js';
import { digestOf } from './stream-digest.js';
import { ALL_STREAMS, type FidelityStream, findStream } from './streams.js';

const { SLABLAB_RECORD_BIN: path, SLABLAB_RECORD_BUILT: built, SLABLAB_RECORD_STREAMS: only } = process.env;
const wanted = only === undefined ? ALL_STREAMS : only.split(',').map(findStream);

/**
 * When jemalloc next looks through a thread's cache depends on all that the thread has allocated since it started. Two
 * servers that start alike stay alike to the byte, and say nothing of how far apart two servers are: the others live a
 * little before.
 */
const COMMANDS_BEFORE = [1000, 2000, 3000];

test.each(wanted)('$name', async (stream) => {
  if (path === undefined || built === undefined) {
    throw new Error('set SLABLAB_RECORD_BIN to a server, and SLABLAB_RECORD_BUILT to where it comes from');
  }
  const binary = await inspectBinary(path);
  const [run, ...others] = await serverRuns(stream, binary);
  const recording = recordingOf(stream, binary, built, run, others);
  const directory = new URL(`recorded/${recording.server.name}/`, import.meta.url);
  await mkdir(directory, { recursive: true });
  await writeFile(new URL(`${stream.name}.json`, directory), JSON.stringify(recording, null, 2));
});

/** One after the other; those of a short stream at once, since they rest most of the time. */
async function serverRuns(
  stream: FidelityStream,
  binary: ServerBinary,
): Promise<[ServerRun, ...ServerRun[]]> {
  const start = (commandsBefore: number) => serverRun(stream, binary, commandsBefore);
  // Nodes of a cluster would share the port of the bus.
  if (stream.isShort === true && stream.isCluster !== true) {
    return Promise.all([start(0), ...COMMANDS_BEFORE.map(start)]);
  }
  const runs: [ServerRun, ...ServerRun[]] = [await start(0)];
  for (const commandsBefore of COMMANDS_BEFORE) runs.push(await start(commandsBefore));
  return runs;
}

function recordingOf(
  stream: FidelityStream,
  binary: ServerBinary,
  built: string,
  run: ServerRun,
  others: readonly ServerRun[],
): Recording {
  const { stats } = run.idle;
  const { commands, bytes, reads, readsByServer, errors } = run.traffic;
  // Else the server read other pieces than were sent, and its buffers may have grown otherwise.
  if (stream.hasBigArguments !== true) expect(readsByServer).toBe(reads);
  const sinceIdle = ({ idle, after }: ServerRun) => since(idle.occupancy, after.occupancy);
  return {
    schema: RECORDED_SCHEMA,
    stream: stream.name,
    digest: digestOf(stream),
    commands,
    bytes,
    reads,
    errors,
    server: {
      name: `${binary.product}-${binary.version}`,
      built,
      malloc: stats.version,
      quantum: stats.quantum,
      pageSize: stats.pageSize,
      cacheOblivious: stats.cacheOblivious,
      configuration: configurationFor(stream, binary),
    },
    settleMs: SETTLE_MS,
    idle: rowsOf(run.idle),
    after: rowsOf(run.after),
    runToRun: {
      sinceIdle: largest(others.map((again) => compare(sinceIdle(again), sinceIdle(run)).measures)),
      absolute: largest(others.map(({ after }) => compare(after.occupancy, run.after.occupancy).measures)),
    },
  };
}

/** The largest of each measure. */
function largest(all: readonly Measures[]): Measures {
  const of = (measure: keyof Measures) => Math.max(...all.map((measures) => measures[measure]));
  return { slabs: of('slabs'), regions: of('regions'), usedMemory: of('usedMemory') };
}
