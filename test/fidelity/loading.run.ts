/**
 * Takes the figures in loaded/: each image on two servers, one after the other.
 *
 *   SLABLAB_RECORD_BIN=redis-server SLABLAB_RECORD_BUILT='Debian 12' \
 *     npx vitest run --config test/fidelity/record.config.ts test/fidelity/loading.run.ts
 */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { test } from 'vitest';
import { openInput } from '#slablab/src/input/disk-files.js';
import { since } from '#slablab/src/verify/class-occupancy.js';
import { configurationOf } from '#slablab/src/verify/configuration.js';
import { type DataSet, dataSetOf } from '#slablab/src/verify/data-set.js';
import { RealServer } from '#slablab/src/verify/real-server.js';
import { inspectBinary, type ServerBinary } from '#slablab/src/verify/server-binary.js';
import { compare } from '#slablab/src/verify/server-comparison.js';
import { SETTLE_MS, ServerSession, type ServerSurvey } from '#slablab/src/verify/server-session.js';
import { PATIENCE } from '../support/real-server.js';
import { IMAGES } from './images.js';
import { LOADED_SCHEMA, type LoadRecording, recordingPath, withImage } from './loading.js';
import { rowsOf } from './recorded.js';

const { SLABLAB_RECORD_BIN: path, SLABLAB_RECORD_BUILT: built } = process.env;

test.each(IMAGES)('$name', async (image) => {
  if (path === undefined || built === undefined) {
    throw new Error('set SLABLAB_RECORD_BIN to a server, and SLABLAB_RECORD_BUILT to where it comes from');
  }
  const binary = await inspectBinary(path);
  const name = `${binary.product}-${binary.version}`;
  if (!image.servers.includes(name)) return;
  const idle = await surveyOf(binary, undefined);
  const [after, again] = await withImage(image, async (file) => {
    const input = openInput(file);
    input.close();
    const data = dataSetOf(input);
    return [await surveyOf(binary, data), await surveyOf(binary, data)] as const;
  });
  const { version: malloc, quantum, pageSize, cacheOblivious } = idle.stats;
  const recording: LoadRecording = {
    schema: LOADED_SCHEMA,
    image: image.name,
    digest: createHash('sha256').update(image.bytes()).digest('hex'),
    server: {
      name,
      built,
      malloc,
      quantum,
      pageSize,
      cacheOblivious,
      configuration: configurationOf(binary),
    },
    settleMs: SETTLE_MS,
    idle: rowsOf(idle),
    after: rowsOf(after),
    runToRun: compare(since(idle.occupancy, again.occupancy), since(idle.occupancy, after.occupancy))
      .measures,
  };
  await mkdir(new URL('.', recordingPath(name, image.name)), { recursive: true });
  await writeFile(recordingPath(name, image.name), JSON.stringify(recording, null, 2));
});

async function surveyOf(binary: ServerBinary, data: DataSet | undefined): Promise<ServerSurvey> {
  const server = await RealServer.start(binary, {
    configuration: configurationOf(binary),
    port: undefined,
    conf: '',
    patience: PATIENCE,
    ...(data === undefined ? {} : { place: (directory) => data.place(directory) }),
  });
  try {
    const session = await ServerSession.open(server, { pace: 'max', settleMs: SETTLE_MS });
    const survey = await session.survey();
    session.close();
    return survey;
  } finally {
    await server.stop();
  }
}
