/** The bytes that `--watch` serves are a recording, during the run and after it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readParts, readRecording } from '#slablab/src/recording/index.js';
import { RawClient, startServer } from '../serve/support/servers.js';
import { slablab } from '../support/cli.js';
import { withRealServer } from '../support/real-server.js';
import { watched } from '../support/watched.js';
import { withoutTiming } from '../support/without-timing.js';

/** Requests the recording as the page does. */
async function feedOf(url: URL): Promise<AsyncIterable<Uint8Array>> {
  const name = /^#open=(.*)$/.exec(url.hash)![1]!;
  const response = await fetch(new URL(name, url));
  expect(response.status).toBe(200);
  return response.body as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>;
}

describe('run --watch', () => {
  test('serves what --out records, and ends by Ctrl-C with the exit code of the run', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'slablab-watch-'));
    try {
      const run = await watched(
        ...['run', 'scattered-delete', '--set', 'keys=2000', '--sweep-every', '2000', '--json'],
        ...['--watch', '--watch-port', '0', '--out', directory, '--owners', '--regions'],
      );
      const { recording, damage } = await readRecording(await feedOf(run.url), { name: 'feed' });
      await run.saying(/the run has ended; its map stays at http/);
      expect(damage).toBeNull();
      expect(recording.frames.length).toBeGreaterThan(3);
      const again = await readRecording(await feedOf(run.url), { name: 'again' });
      expect(again.recording).toEqual(recording);
      const { exitCode, stdout } = await run.end();
      expect(exitCode).toBe(0);
      expect(withoutTiming(JSON.parse(stdout))).toEqual(withoutTiming(recording.result));
      const file = await readFile(join(directory, 'scattered-delete-q3.slabs'));
      const recorded = await readRecording(new Blob([file]).stream(), { name: 'file' });
      expect(recorded.recording.frames).toEqual(recording.frames);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test('a failed run keeps its exit code, and its frames are shown', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'slablab-watch-'));
    try {
      const file = join(directory, 'cut.resp');
      await writeFile(file, '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\nb\r\n*2\r\n$3');
      const run = await watched('run', file, '--watch', '--watch-port', '0', '--quiet');
      await run.saying(/its map stays/);
      expect(run.url.hash).toBe('#open=cut.resp.slabs');
      const { recording } = await readRecording(await feedOf(run.url), { name: 'feed' });
      expect(recording.frames.map(({ phase }) => phase)).toEqual(['incomplete']);
      expect(recording.result?.error?.message).toContain('cut.resp: byte');
      const taken = await slablab(['serve', '--port', '0', '--watch', '--watch-port', run.url.port]);
      expect(taken.stderr).toContain(`--watch-port ${run.url.port}: EADDRINUSE; choose another`);
      expect(taken.exitCode).toBe(2);
      expect((await run.end()).exitCode).toBe(2);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test.each([
    [['--watch-port', '1'], '--watch-port requires --watch; add --watch, or remove --watch-port'],
    [['--watch', '--watch-port', 'x'], '--watch-port x: must be a whole number from 0 to 65535'],
  ])('%s: exit 2', async (args, message) => {
    const { exitCode, stderr } = await slablab(['run', 'scattered-delete', '--set', 'keys=1000', ...args]);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });
});

describe('serve --watch', () => {
  test('serves a frame at each interval, and the end of the recording', async () => {
    const serve = await watched(
      ...['serve', '--port', '0', '--watch', '--watch-port', '0', '--watch-every', '1', '--owners', '--json'],
    );
    const [, port] = await serve.saying(/listening on 127\.0\.0\.1:(\d+)/);
    const client = await RawClient.open(Number(port));
    const parts = readParts(await feedOf(serve.url), { name: 'feed' });
    const header = (await parts.next()).value;
    expect(header).toMatchObject({
      kind: 'header',
      about: { workload: 'live-traffic', server: 'redis-7.2' },
    });
    await parts.next();
    for (let key = 0; key < 2000; key++) client.write(`SET user:${key} ${'x'.repeat(1000)}\r\n`);
    await client.nexts(2000);
    const slabs: number[] = [];
    // The first frame may have been taken before the writes.
    for (let at = 0; at < 2; at++) {
      const part = (await parts.next()).value;
      if (part?.kind !== 'frame') throw new Error('a frame was expected');
      slabs.push(part.frame.snapshot.granules.count);
      expect(part.frame.owners).not.toBeNull();
      expect(part.frame.snapshot.regions).not.toBeNull();
    }
    expect(slabs[1]).toBeGreaterThan(500);
    client.close();
    const ending = serve.end();
    let last: unknown;
    for await (const part of parts) {
      if (part.kind === 'result') last = part.result.phases;
    }
    expect(last).toMatchObject([{ name: 'end', commands: 2000 }]);
    const { exitCode, stdout } = await ending;
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ lab: { keys: 2000 } });
  });

  test('--watch-every alone: exit 2', async () => {
    const { exitCode, stderr } = await slablab(['serve', '--watch-every', '3']);
    expect(stderr).toContain('--watch-every requires --watch; add --watch, or remove --watch-every');
    expect(exitCode).toBe(2);
  });
});

describe('attach --watch', () => {
  withRealServer(
    'shows what clients and scripts write to a server, and the end of the recording',
    async (binary) => {
      const server = await startServer(binary);
      try {
        const attach = await watched(
          ...['attach', `redis://127.0.0.1:${server.port}`, '--port', '0', '--every', '0', '--json'],
          ...['--watch', '--watch-port', '0', '--watch-every', '1', '--owners'],
        );
        await attach.saying(/listening on /);
        const parts = readParts(await feedOf(attach.url), { name: 'feed' });
        const header = (await parts.next()).value;
        if (header?.kind !== 'header') throw new Error('a header was expected first');
        expect(header.about.workload).toBe('live-traffic');
        const classOfValues = header.info.sizeClasses.indexOf(1024);
        const client = await RawClient.open(server.port);
        for (let key = 0; key < 1000; key++) client.write(`SET user:${key} ${'x'.repeat(1000)}\r\n`);
        client.write(
          `EVAL "for i = 1, 1000 do redis.call('SET', 'scripted:' .. i, string.rep('x', 1000)) end" 0\r\n`,
        );
        await client.nexts(1001);
        client.close();
        // The server passes on its writes with a delay.
        let names: readonly string[] = [];
        for (let values = 0; values < 2000; ) {
          const part = (await parts.next()).value;
          if (part?.kind !== 'frame') throw new Error('a frame was expected');
          const { granules } = part.frame.snapshot;
          values = [...granules.live]
            .filter((_, slab) => granules.sizeClass[slab] === classOfValues)
            .reduce((sum, live) => sum + live, 0);
          names = part.frame.owners?.names ?? [];
        }
        for (const pattern of [/^user:\*/, /^scripted:\*/]) {
          expect(names).toEqual(expect.arrayContaining([expect.stringMatching(pattern)]));
        }
        const ending = attach.end();
        let last: unknown;
        for await (const part of parts) {
          if (part.kind === 'result') last = part.result.phases;
        }
        expect(last).toMatchObject([{ name: 'end' }]);
        const { exitCode, stdout } = await ending;
        expect(exitCode).toBe(0);
        expect(JSON.parse(stdout)).toMatchObject({ lab: { keys: 2000 } });
      } finally {
        await server.stop();
      }
    },
  );
});
