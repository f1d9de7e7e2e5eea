import { deflateSync, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { crc32, Random } from '#slablab/src/base/index.js';
import {
  encodeRecording,
  type ReadRecording,
  type Recording,
  RecordingError,
  readRecording,
} from '#slablab/src/recording/index.js';
import { collected, inPieces } from '../support/pieces.js';
import { wholeRecording } from '../support/random-recording.js';
import { printedSeed } from '../support/seed.js';

async function whole(): Promise<{ recording: Recording; bytes: Uint8Array<ArrayBuffer> }> {
  const recording = await wholeRecording();
  return { recording, bytes: await collected(encodeRecording(recording)) };
}

/** Where the records begin, and where the last one ends. */
function recordsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const starts = [12];
  while (starts.at(-1)! < bytes.length)
    starts.push(starts.at(-1)! + 24 + view.getUint32(starts.at(-1)! + 8, true));
  return starts;
}

function read(bytes: Uint8Array, maxBytes?: number): Promise<ReadRecording> {
  return readRecording(inPieces(bytes), { name: 'a.slabs', ...(maxBytes === undefined ? {} : { maxBytes }) });
}

async function refusal(bytes: Uint8Array): Promise<RecordingError> {
  const error = await read(bytes).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(RecordingError);
  return error as RecordingError;
}

test.each([
  ['an empty file', '', 'the file is empty; write one with `slablab run … --out DIR`'],
  ['another file', 'REDIS0011', 'it begins with "REDIS001"; write one with `slablab run … --out DIR`'],
  ['a result', '{"schema": "slablab.run/1"}', 'its recording is the .slabs file beside it'],
])('%s is not taken for a recording', async (_, text, words) => {
  const error = await refusal(new TextEncoder().encode(text));
  expect(error.message).toMatch(/^a\.slabs: byte 0: not a recording \(\.slabs\): /);
  expect(error.message).toContain(words);
  expect(error.damage).toBe('not-a-recording');
});

test('a recording of a newer version says so', async () => {
  const { bytes } = await whole();
  bytes[8] = 2;
  const error = await refusal(bytes);
  expect(error.damage).toBe('newer');
  expect(error.message).toBe(
    'a.slabs: byte 8: recording (.slabs) of version 2; this slablab reads version 1: update it, or record the run again',
  );
});

test('a file cut anywhere is read to its last whole frame', async () => {
  const { bytes, recording } = await whole();
  const starts = recordsOf(bytes);
  const random = new Random(printedSeed('cuts'));
  const cuts = [...starts.slice(1, -1), ...Array.from({ length: 200 }, () => random.below(bytes.length))];
  for (const cut of cuts) {
    const cutShort = bytes.subarray(0, cut);
    const records = starts.filter((start) => start <= cut).length - 1;
    if (records < 1) {
      expect((await refusal(cutShort)).damage).toBe(cut < 8 ? 'not-a-recording' : 'truncated');
      continue;
    }
    const { recording: found, damage } = await read(cutShort);
    expect(damage?.damage).toBe('truncated');
    expect(damage?.message).toContain(`record ${records}: `);
    expect(damage?.byte).toBe(starts[records]);
    expect(found).toEqual({
      ...recording,
      frames: recording.frames.slice(0, (records - 1) >> 1),
      result: null,
    });
  }
});

test('a changed bit is found, and what is before it is kept', async () => {
  const { bytes, recording } = await whole();
  const starts = recordsOf(bytes);
  const random = new Random(printedSeed('flips'));
  for (let round = 0; round < 300; round++) {
    // Many of them where lengths and numbers are.
    const at =
      random.below(2) === 0
        ? random.below(bytes.length)
        : starts[random.below(starts.length - 1)]! + random.below(24);
    const changed = bytes.slice();
    changed[at] = changed[at]! ^ (1 << random.below(8));
    const record = starts.filter((start) => start <= at).length - 1;
    if (record < 1) {
      expect((await refusal(changed)).damage).toMatch(/not-a-recording|newer|damaged/);
      continue;
    }
    const { recording: found, damage } = await read(changed);
    expect(damage?.damage).toBe('damaged');
    expect(damage?.byte).toBe(starts[record]);
    expect(found.frames).toEqual(recording.frames.slice(0, (record - 1) >> 1));
    expect(found.result).toBeNull();
  }
});

test('records that are doubled, missing or exchanged, and bytes behind the end, are found', async () => {
  const { bytes } = await whole();
  const starts = recordsOf(bytes);
  const record = (number: number) => bytes.subarray(starts[number], starts[number + 1]);
  const order = (...numbers: number[]) =>
    new Uint8Array(Buffer.concat([bytes.subarray(0, 12), ...numbers.map(record)]));
  for (const numbers of [
    [0, 1, 2, 1, 2],
    [0, 3, 4, 7],
    [0, 2, 1],
    [0, 1, 2, 5, 6, 3, 4, 7],
  ]) {
    const { damage } = await read(order(...numbers));
    expect(damage?.message).toContain('a record is missing, doubled or out of place');
  }
  const { damage, recording } = await read(new Uint8Array([...bytes, 0]));
  expect(damage?.message).toContain('there is more behind the last record; cut the file here');
  expect(recording.result).not.toBeNull();
});

test('what takes more memory than there may be is refused before it is taken', async () => {
  const { bytes } = await whole();
  const { recording, damage } = await read(bytes, 20_000);
  expect(damage?.damage).toBe('too-large');
  expect(damage?.message).toMatch(
    /record \d+: takes 1 MiB of memory with what is before it, of 1 MiB that it may; record fewer/,
  );
  expect(recording.frames.length).toBeLessThan(3);
});

/** As another program would have written it: the checks hold. */
function withHead(bytes: Uint8Array, at: number, change: (head: DataView) => void): Uint8Array {
  const changed = new Uint8Array(bytes);
  const head = new DataView(changed.buffer, at, 24);
  change(head);
  head.setUint32(20, crc32(changed.subarray(at, at + 20)), true);
  return changed;
}

test('lengths are believed only as far as there are bytes', async () => {
  const { bytes } = await whole();
  const [, first] = recordsOf(bytes) as [number, number];
  const huge = await read(withHead(bytes, first, (head) => head.setUint32(12, 0xffffffff, true)));
  expect(huge.damage?.message).toContain('bytes cannot become 4294967295; the file is damaged');
  const long = await read(withHead(bytes, first, (head) => head.setUint32(8, 0xffffffff, true)));
  expect(long.damage?.message).toMatch(/record 1: \d+ of its 4294967295 bytes; the file was cut short/);
  for (const length of [1, 100_000]) {
    const other = await read(withHead(bytes, first, (head) => head.setUint32(12, length, true)));
    expect(other.damage?.message).toContain(`it does not inflate to ${length} bytes; correct the program`);
  }
});

function rewritten(bytes: Uint8Array, number: number, change: (body: Buffer) => Buffer): Uint8Array {
  const starts = recordsOf(bytes);
  const body = change(inflateSync(bytes.subarray(starts[number]! + 24, starts[number + 1])));
  const stored = deflateSync(body);
  const record = Buffer.concat([bytes.subarray(starts[number], starts[number]! + 24), stored]);
  const sound = withHead(record, 0, (head) => {
    head.setUint32(8, stored.length, true);
    head.setUint32(12, body.length, true);
    head.setUint32(16, crc32(stored), true);
  });
  return new Uint8Array(
    Buffer.concat([bytes.subarray(0, starts[number]), sound, bytes.subarray(starts[number + 1])]),
  );
}

test.each([
  [0, '"smallClasses":9', '"smallClasses":"9"', 'record 0: info.smallClasses is no number'],
  [1, '"resident":', '"residents":', 'record 1: snapshot.memory.resident is no number'],
  [1, '"from":"class"', '"from":"magic"', 'is foretold from `magic`; known: none, row, class'],
  [1, '"name":"page"', '"name":"pge"', 'record 2: column granules.page is missing'],
  [1, '"name":"pages"', '"name":"page"', 'record 2: column granules.page is there twice'],
  [7, 'slablab.run/1', 'slablab.run/9', 'record 7: the result is of schema `slablab.run/9`'],
])('record %d of a program that writes %s as %s', async (number, right, wrong, words) => {
  const { bytes } = await whole();
  const changed = rewritten(bytes, number, (body) => {
    expect(body.toString()).toContain(right);
    return Buffer.from(body.toString().replace(right, wrong));
  });
  const { damage } = await read(changed).catch((error) => ({ damage: error as RecordingError }));
  expect(damage?.message).toContain(words);
  expect(damage?.message).toContain('correct the program that wrote it');
});

test('what a newer program adds, and nothing here needs, is passed over', async () => {
  const { bytes, recording } = await whole();
  const column = '{"of":"future","name":"x","count":5,"bytes":0,"from":"none"}';
  const changed = rewritten(bytes, 1, (body) =>
    Buffer.from(body.toString().replace('"columns":[', `"note":{"by":"somebody"},"columns":[${column},`)),
  );
  expect(await read(changed)).toEqual({ recording, damage: null });
});

test('nothing that another program may write makes the reader fail in any other way', async () => {
  const { bytes } = await whole();
  const random = new Random(printedSeed('other programs'));
  let refused = 0;
  for (let round = 0; round < 400; round++) {
    const changed = rewritten(bytes, random.below(8), (body) => {
      const numbers = body.toString('latin1').match(/(?<=[:[,])(null|\d+|"[a-z]*"|\[)/gi) ?? [];
      const isJson = body[0] === 0x7b && numbers.length > 0;
      if (!isJson) {
        body[random.below(body.length)] = random.below(256);
        return body;
      }
      const old = numbers[random.below(numbers.length)]!;
      const values = ['null', '-1', '1e99', '0.5', '4294967295', '"x"', '[]', '{}', '5'];
      return Buffer.from(body.toString().replace(old, values[random.below(values.length)]!));
    });
    const outcome = await read(changed).catch((error: unknown) => ({ damage: error }));
    if (outcome.damage !== null) expect(outcome.damage).toBeInstanceOf(RecordingError);
    if (outcome.damage !== null) refused++;
  }
  expect(refused).toBeGreaterThan(100);
});
