import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RecordingFile, readRecordingFile } from '#slablab/src/recording/recording-file.js';
import { slablab } from '../support/cli.js';
import { headerOf, wholeRecording } from '../support/random-recording.js';
import { withoutTiming } from '../support/without-timing.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-recording-'));
});
afterAll(() => rm(directory, { recursive: true }));

test('run --out writes the recording beside the result: every phase and every sweep, with owners and regions', async () => {
  const out = join(directory, 'run');
  const options = ['--set', 'keys=3000', '--sweep-every', '20000', '--owners', '--regions', '--build', 'q4'];
  const { exitCode, stderr } = await slablab(['run', 'scattered-delete', ...options, '--out', out]);
  expect(exitCode, stderr).toBe(0);
  expect(await readdir(out)).toEqual(['scattered-delete-q4.json', 'scattered-delete-q4.slabs']);
  expect(stderr).toContain(`recording written to ${join(out, 'scattered-delete-q4.slabs')}`);

  const { recording, damage } = await readRecordingFile(join(out, 'scattered-delete-q4.slabs'));
  expect(damage).toBeNull();
  const result = JSON.parse(await readFile(join(out, 'scattered-delete-q4.json'), 'utf8'));
  expect(recording.result).toEqual(result);
  expect(recording.about).toEqual(headerOf(result));
  expect(recording.frames.map(({ phase }) => phase)).toEqual(['sweep-1', 'populated', 'sweep-2', 'deleted']);
  for (const [at, { phase, snapshot, owners }] of recording.frames.entries()) {
    // With the C library's own regions left out of used_memory, as in the result.
    const { memory, drainprof, position } = result.phases[at];
    expect(snapshot).toMatchObject({ memory, drainprof });
    expect(snapshot.position).toBeGreaterThanOrEqual(position);
    const { granules, regions } = snapshot;
    expect([...granules.live].reduce((sum, live) => sum + live, 0)).toBe(drainprof.live);
    expect(regions?.states.filter((state) => state === 2).length).toBe(drainprof.live);
    expect(owners === null).toBe(phase.startsWith('sweep-'));
    if (owners !== null) expect(owners.regions.reduce((sum, some) => sum + some, 0)).toBe(drainprof.live);
  }
});

test('a run that ends early leaves a recording of what there was', async () => {
  const [out, file] = [join(directory, 'early'), join(directory, 'broken.resp')];
  await writeFile(file, `${'SET key value\r\n'.repeat(500)}*3\r\n$3\r\nSE`);
  const { exitCode } = await slablab(['run', file, '--sweep-every', '1000', '--out', out]);
  expect(exitCode).toBe(2);
  const recorded = (await readdir(out)).find((name) => name.endsWith('.slabs'));
  const { recording, damage } = await readRecordingFile(join(out, recorded!));
  expect(damage).toBeNull();
  expect(recording.frames.at(-1)?.phase).toBe('incomplete');
  expect(recording.frames.map(({ phase }) => phase)).toEqual(
    recording.result?.phases.map(({ name }) => name),
  );
  expect(recording.result?.error?.name).toBe('InputError');
});

test('until a recording is whole, the one before stays in its place, and what is there can be read', async () => {
  const { about, info, frames, result } = await wholeRecording();
  const path = join(directory, 'a.slabs');
  const first = await RecordingFile.create(path, about, info);
  await first.finish(result!);
  const before = await readFile(path);

  const second = await RecordingFile.create(path, about, info);
  // Not awaited one by one: a run goes on while a frame is written.
  await Promise.all(frames.map((frame) => second.frame(frame)));
  const part = await second.abandon();
  expect(Buffer.compare(await readFile(path), before)).toBe(0);
  const { recording, damage } = await readRecordingFile(part);
  expect(recording).toEqual({ about, info, frames, result: null });
  expect(damage?.message).toMatch(
    /a\.slabs\.[0-9a-f]{16}\.new: byte \d+: record 7: the recording ends before its run does/,
  );
});

test('the same run is the same recording, byte by byte but for its timing', async () => {
  const runs = await Promise.all(
    ['one', 'other'].map(async (name) => {
      const out = join(directory, name);
      await slablab(['run', 'scattered-delete', '--set', 'keys=500', '--out', out]);
      const path = join(out, 'scattered-delete-q3.slabs');
      return { bytes: await readFile(path), result: (await readRecordingFile(path)).recording.result };
    }),
  );
  const [one, other] = runs as [(typeof runs)[0], (typeof runs)[0]];
  expect(withoutTiming(one.result)).toEqual(withoutTiming(other.result));
  const toResult = (bytes: Buffer) => bytes.subarray(0, bytes.lastIndexOf('RSLT'));
  expect(Buffer.compare(toResult(one.bytes), toResult(other.bytes))).toBe(0);
});

test('--regions without a recording to put them in is refused', async () => {
  const { exitCode, stderr } = await slablab(['run', 'scattered-delete', '--regions']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--regions requires --out or --watch; add --out or --watch, or remove --regions');
});

test.each([
  [['run', 'a.slabs'], 'a.slabs: is a recording of a run; name the input of that run'],
  [['compare', 'a.slabs', 'b.slabs'], 'a.slabs: is a recording; name the result of the run'],
])('%s says that it is a recording', async (args, words) => {
  const { exitCode, stderr } = await slablab(args);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(words);
});
