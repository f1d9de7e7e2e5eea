import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configurationOf } from '#slablab/src/verify/configuration.js';
import { RealServer } from '#slablab/src/verify/real-server.js';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { DEFAULT_THRESHOLDS, exceeded } from '#slablab/src/verify/server-comparison.js';
import { ServerSession } from '#slablab/src/verify/server-session.js';
import { PATIENCE, withObtainedServer, withRealServer } from '../support/real-server.js';
import { IMAGES } from './images.js';
import { loadRecording, modelAgainst, verified, withImage } from './loading.js';
import { commandsOf, findStream } from './streams.js';

test.each(IMAGES)(
  '$name: loaded, the model is within the limits of what real servers said',
  async (image) => {
    await withImage(image, async (path) => {
      const digest = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      for (const server of image.servers) {
        const recording = await loadRecording(server, image.name);
        expect(recording.digest).toBe(digest);
        const { measures } = await modelAgainst(path, recording);
        expect(exceeded(measures, DEFAULT_THRESHOLDS), `${server} ${JSON.stringify(measures)}`).toEqual([]);
      }
    });
  },
);

describe('what a real server wrote, loaded by it and by the model', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slablab-loading-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  /** Fills a server with streams, and copies what it then has on disk. `save` is asked for after one of them. */
  async function fill(
    binaryPath: string,
    streams: readonly string[],
    extra: readonly string[],
    save: readonly string[],
    savedAfter: string,
    file: string,
  ): Promise<string> {
    const binary = await inspectBinary(binaryPath);
    const server = await RealServer.start(binary, {
      configuration: [...configurationOf(binary), ...extra],
      port: undefined,
      conf: '',
      patience: PATIENCE,
    });
    const to = join(directory, file);
    try {
      const session = await ServerSession.open(server, { pace: 'max', settleMs: 0 });
      const connection = await server.connect();
      for (const stream of streams) {
        await session.send(commandsOf(findStream(stream)));
        if (stream === savedAfter) await connection.ask(...save);
        await untilRewritten(connection);
      }
      const [info = ''] = await connection.ask('INFO', 'server');
      const configuration = /^config_file:(.*)$/m.exec(info)?.[1]?.trim() ?? '';
      await cp(join(dirname(configuration), file), to, { recursive: true });
      connection.close();
      session.close();
    } finally {
      await server.stop();
    }
    return to;
  }

  async function untilRewritten(connection: Awaited<ReturnType<RealServer['connect']>>): Promise<void> {
    for (;;) {
      const [info = ''] = await connection.ask('INFO', 'persistence');
      if (!/^aof_rewrite_(in_progress|scheduled):1/m.test(info)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  withRealServer('dump.rdb', async (binary) => {
    const streams = ['mix', 'strings-overwritten', 'sorted-sets', 'streams', 'sets', 'expiry'];
    const { phases } = await verified(
      await fill(binary, streams, [], ['SAVE'], 'expiry', 'dump.rdb'),
      binary,
    );
    expect(phases.map(({ name, serverKeys }) => [name, serverKeys > 50_000])).toEqual([['end', true]]);
    expect(phases.flatMap(({ exceeded }) => exceeded)).toEqual([]);
  });

  const FIVE = ['redis-8.0', 'redis-8.6', 'valkey-8.0', 'valkey-8.1', 'valkey-9.1'];
  for (const server of FIVE) {
    withObtainedServer(
      server,
      'a dump.rdb of every type, with the fields that expire there',
      async (binary) => {
        const fields = server.startsWith('valkey-8') ? [] : ['field-expiry'];
        const streams = ['mix', 'conversions', 'sets', 'sorted-sets', 'streams', ...fields];
        const last = streams.at(-1) ?? '';
        const file = await fill(binary, streams, [], ['SAVE'], last, 'dump.rdb');
        const { phases } = await verified(file, binary);
        expect(phases.map(({ name, serverKeys }) => [name, serverKeys > 10_000])).toEqual([['end', true]]);
        expect(phases.flatMap(({ exceeded }) => exceeded)).toEqual([]);
      },
    );
  }

  withRealServer('an appendonlydir: a base that is an image, and the commands behind it', async (binary) => {
    const extra = ['appendonly yes', 'appendfsync no'];
    const streams = ['strings-overwritten', 'mix', 'sessions', 'sorted-sets'];
    const rewrite = ['BGREWRITEAOF'];
    const path = await fill(binary, streams, extra, rewrite, 'strings-overwritten', 'appendonlydir');
    const { phases, lab } = await verified(path, binary);
    expect(lab.unknown).toEqual([]);
    expect(phases.flatMap(({ exceeded }) => exceeded)).toEqual([]);
  });
});
