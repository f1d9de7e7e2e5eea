/**
 * Takes the figures in recorded/: each stream twice, each time on a server of its own.
 *
 *   SLABLAB_RECORD_BIN=redis-server SLABLAB_RECORD_BUILT='Debian 12' \
 *     npx vitest run --config test/fidelity/record.config.ts test/fidelity/record.run.ts
 *
 * SLABLAB_RECORD_STREAMS=mix,hashes takes only these.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { inspectBinary, type ServerBinary } from '#slablab/src/sweep/verify/binary.js';
import { compare } from '#slablab/src/sweep/verify/comparison.js';
import { configurationOf } from '#slablab/src/sweep/verify/configuration.js';
import { since } from '#slablab/src/sweep/verify/occupancy.js';
import { RealServer } from '#slablab/src/sweep/verify/real-server.js';
import {
  SETTLE_MS,
  ServerSession,
  type ServerSurvey,
  type Traffic,
} from '#slablab/src/sweep/verify/server-session.js';
import { RECORDED_SCHEMA, type Recording, rowsOf } from './recorded.js';
import { digestOf } from './stream-digest.js';
import { commandsOf, type FidelityStream, findStream, STREAMS } from './streams.js';

const { SLABLAB_RECORD_BIN: path, SLABLAB_RECORD_BUILT: built, SLABLAB_RECORD_STREAMS: only } = process.env;
const wanted = only === undefined ? STREAMS : only.split(',').map(findStream);

interface Run {
  readonly idle: ServerSurvey;
  readonly after: ServerSurvey;
  readonly traffic: Traffic;
}

test.each(wanted)('$name', async (stream) => {
  if (path === undefined || built === undefined) {
    throw new Error('set SLABLAB_RECORD_BIN to a server, and SLABLAB_RECORD_BUILT to where it comes from');
  }
  const binary = await inspectBinary(path);
  const recording = recordingOf(
    stream,
    binary,
    built,
    await runOf(stream, binary),
    await runOf(stream, binary),
  );
  const directory = new URL(`recorded/${recording.server.name}/`, import.meta.url);
  await mkdir(directory, { recursive: true });
  await writeFile(new URL(`${stream.name}.json`, directory), JSON.stringify(recording, null, 2));
});

async function runOf(stream: FidelityStream, binary: ServerBinary): Promise<Run> {
  const server = await RealServer.start(binary, {
    configuration: configurationFor(stream, binary),
    port: undefined,
    conf: '',
    patience: { replyMs: 30_000 },
  });
  try {
    const session = await ServerSession.open(server, { pace: 'stream', settleMs: SETTLE_MS });
    const idle = await session.survey();
    await session.send(commandsOf(stream));
    const after = await session.survey();
    const traffic = await session.traffic();
    session.close();
    expect(traffic.notSent).toEqual([]);
    return { idle, after, traffic };
  } finally {
    await server.stop();
  }
}

function configurationFor({ isCluster }: FidelityStream, binary: ServerBinary): readonly string[] {
  // A bus port of its own, because the port and ten thousand may be more than there are; nobody connects to it.
  const cluster = isCluster === true ? ['cluster-enabled yes', `cluster-port ${CLUSTER_BUS_PORT}`] : [];
  return configurationOf(binary, cluster);
}

const CLUSTER_BUS_PORT = 17_999;

function recordingOf(
  stream: FidelityStream,
  binary: ServerBinary,
  built: string,
  run: Run,
  again: Run,
): Recording {
  const { stats } = run.idle;
  const { commands, bytes, reads, readsByServer, errors } = run.traffic;
  // Else the server read other pieces than were sent, and its buffers may have grown otherwise.
  if (stream.hasBigArguments !== true) expect(readsByServer).toBe(reads);
  const sinceIdle = ({ idle, after }: Run) => since(idle.occupancy, after.occupancy);
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
      sinceIdle: compare(sinceIdle(again), sinceIdle(run)).measures,
      absolute: compare(again.after.occupancy, run.after.occupancy).measures,
    },
  };
}
