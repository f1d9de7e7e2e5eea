import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { totalsOf } from '#slablab/src/engine/snapshot.js';
import {
  blobBytes,
  encodeRecording,
  type Frame,
  openRecording,
  readRecording,
} from '#slablab/src/recording/index.js';
import { openRecordingFile } from '#slablab/src/recording/recording-file.js';
import { granulesOf } from '../support/granules.js';
import { collected, inPieces } from '../support/pieces.js';
import { wholeRecording } from '../support/random-recording.js';

test('frames of a file can be had one by one, in any order', async () => {
  const recording = await wholeRecording();
  const { frames, ...rest } = recording;
  const { sweeps, frame, ...opened } = await openRecording(
    blobBytes(new Blob([await collected(encodeRecording(recording))])),
    { name: 'a.slabs' },
  );
  expect(opened).toEqual({ ...rest, damage: null });
  expect(sweeps).toEqual(frames.map(({ phase, snapshot }) => ({ phase, totals: totalsOf(snapshot) })));
  for (const sweep of [2, 0, 1, 1]) expect(await frame(sweep)).toEqual(frames[sweep]);
});

test('only the frame that is asked for has to fit in memory', async () => {
  const recording = await wholeRecording();
  const granules = granulesOf(Array.from({ length: 20_000 }, () => [3, 1, 0, 0]));
  const [{ snapshot }] = recording.frames as [Frame];
  const frame: Frame = { phase: 'large', snapshot: { ...snapshot, granules, regions: null }, owners: null };
  const bytes = await collected(encodeRecording({ ...recording, frames: [frame, frame, frame] }));
  const options = { name: 'a.slabs', maxBytes: 1_500_000 };
  const { damage } = await readRecording(inPieces(bytes), options);
  expect(damage?.damage).toBe('too-large');
  const opened = await openRecording(blobBytes(new Blob([bytes])), options);
  expect(opened.damage).toBeNull();
  for (const sweep of [0, 1, 2]) expect(await opened.frame(sweep)).toEqual(frame);

  const small = await openRecording(blobBytes(new Blob([bytes])), { ...options, maxBytes: 500_000 });
  await expect(small.frame(1)).rejects.toMatchObject({ damage: 'too-large' });
});

test('what is wrong with a file is known when it is opened, and what comes to be wrong when it is met', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'slablab-open-'));
  try {
    const recording = await wholeRecording();
    const bytes = await collected(encodeRecording(recording));
    const path = join(directory, 'a.slabs');
    await writeFile(path, bytes.subarray(0, bytes.length - 1));
    const opened = await openRecordingFile(path);
    try {
      expect(opened.damage?.message).toMatch(
        /a\.slabs: byte \d+: record 7: \d+ of its \d+ bytes; the file was cut short/,
      );
      expect(await opened.frame(2)).toEqual(recording.frames[2]);
      await truncate(path, bytes.length >> 3);
      await expect(opened.frame(2)).rejects.toThrow(
        /a\.slabs: byte \d+: record 6: .*the file was cut short|goes on/,
      );
    } finally {
      await opened.close();
    }
    await writeFile(path, 'nothing');
    await expect(openRecordingFile(path)).rejects.toThrow(
      'not a recording (.slabs): it begins with "nothing"',
    );
  } finally {
    await rm(directory, { recursive: true });
  }
});
