import { expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { encodeRecording, readParts, readRecording } from '#slablab/src/recording/index.js';
import { collected, inPieces } from '../support/pieces.js';
import { randomRecording, wholeRecording } from '../support/random-recording.js';
import { printedSeed } from '../support/seed.js';

test('what is read is what was written, whatever the columns hold and however the bytes come', async () => {
  const random = new Random(printedSeed('recordings'));
  for (let round = 0; round < 60; round++) {
    const recording = await randomRecording(random);
    const bytes = await collected(encodeRecording(recording));
    const read = await readRecording(inPieces(bytes, random), { name: 'a.slabs' });
    expect(read.recording).toEqual(recording);
    expect(read.damage?.damage).toBe(recording.result === null ? 'truncated' : undefined);
  }
});

test('the same recording is the same bytes', async () => {
  const recording = await randomRecording(new Random(7));
  const [one, other] = [encodeRecording(recording), encodeRecording(recording)];
  expect(Buffer.compare(await collected(one), await collected(other))).toBe(0);
});

test('a frame can be had as soon as its bytes are there', async () => {
  const recording = await wholeRecording();
  const pieces = encodeRecording(recording);
  let sent = 0;
  async function* counted() {
    for await (const piece of pieces) {
      sent++;
      yield piece;
    }
  }
  const seen: [string, number][] = [];
  for await (const part of readParts(counted(), { name: 'feed' })) seen.push([part.kind, sent]);
  expect(seen).toEqual([
    ['header', 1],
    ['frame', 2],
    ['frame', 3],
    ['frame', 4],
    ['result', 5],
  ]);
});
