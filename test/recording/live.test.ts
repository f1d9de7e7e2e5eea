import { expect, test } from 'vitest';
import {
  type Frame,
  LiveRecording,
  packEnd,
  packFrame,
  packHeader,
  readParts,
  readRecording,
} from '#slablab/src/recording/index.js';
import { wholeRecording } from '../support/random-recording.js';

const NAME = { name: 'live' };

test('whoever reads gets all of it, from before its beginning or after its end', async () => {
  const { about, info, frames, result } = await wholeRecording();
  const live = new LiveRecording();
  const early = readRecording(live.read(), NAME);
  live.begin(await packHeader(about, info));
  const parts = readParts(live.read(), NAME);
  expect((await parts.next()).value).toEqual({ kind: 'header', about, info });
  for (const frame of frames) {
    live.add(await packFrame(frame));
    // Nothing else needs to come before this one can be read.
    expect((await parts.next()).value).toEqual({ kind: 'frame', frame });
  }
  live.finish(await packEnd(result!));
  const whole = { recording: { about, info, frames, result }, damage: null };
  expect(await early).toEqual(whole);
  expect(await readRecording(live.read(), NAME)).toEqual(whole);
});

test('with a limit the oldest frames give way, and what is left is whole', async () => {
  const { about, info, frames, result } = await wholeRecording();
  const [frame] = frames as [Frame];
  const packed = await packFrame(frame);
  const bytes = packed.reduce((sum, { stored }) => sum + 24 + stored.length, 0);
  const live = new LiveRecording(bytes * 3);
  live.begin(await packHeader(about, info));
  const early = readParts(live.read(), NAME);
  await early.next();
  for (let at = 1; at <= 5; at++) live.add(await packFrame({ ...frame, phase: `sweep-${at}` }));
  live.finish(await packEnd(result!));
  const late = await readRecording(live.read(), NAME);
  expect(late.damage).toBeNull();
  const kept = late.recording.frames.map(({ phase }) => phase);
  expect(kept.at(-1)).toBe('sweep-5');
  expect(kept.length).toBeLessThan(5);
  // Who was too slow for some goes on with those that are there.
  const next = (await early.next()).value;
  expect(next).toMatchObject({ kind: 'frame', frame: { phase: kept[0] } });
});

test('abandoned: what there is, and then an error', async () => {
  const { about, info, frames } = await wholeRecording();
  const live = new LiveRecording();
  live.begin(await packHeader(about, info));
  live.add(await packFrame(frames[0]!));
  live.abandon();
  const parts = readParts(live.read(), NAME);
  expect((await parts.next()).value?.kind).toBe('header');
  expect((await parts.next()).value?.kind).toBe('frame');
  await expect(parts.next()).rejects.toThrow('abandoned');
});
