import { expect, test } from 'vitest';
import { MAX_SIZE } from '#slablab/src/stream/index.js';
import { HEAD_LATE, HEAD_PLACED, type RecordKind } from '#slablab/src/trace/raw-format.js';
import { type RawCall, rawStream, translated } from './raw-stream.js';

const A = 0x7f00_0000_1000;
const B = 0x7f00_0000_2000;
const C = 0x5500_0000_0008;
const SWEEP = '22 0 0';

function call(kind: keyof typeof RecordKind, order: number, pointer: number, size?: number): RawCall {
  return size === undefined ? { kind, order, pointer } : { kind, order, pointer, size };
}
const begin = (number: number, order = 1): RawCall => ({ kind: 'thread', order, size: number });

test('calls become operations on handles, in the order of the calls of all threads', async () => {
  const one = rawStream([begin(0), call('malloc', 10, A, 100), call('free', 40, B)]);
  const two = rawStream([begin(1), call('calloc', 20, B, 50), call('free', 30, A)]);
  const { texts, counts } = await translated(one, two);
  expect(texts).toEqual(['1 1 100', '17 0 1', '2 2 50', '4 1 0', '17 0 0', '4 2 0', SWEEP]);
  expect(counts).toMatchObject({ calls: 4, threads: 2, unknownFrees: 0 });
});

test('a region that a resize gives up can be returned to another thread before the resize ends', async () => {
  const one = rawStream([
    begin(0),
    call('malloc', 10, A, 100),
    { kind: 'realloc', order: 40, before: 20, pointer: B, old: A, size: 900 },
    call('free', 50, B),
  ]);
  const two = rawStream([begin(1), call('malloc', 30, A, 100), call('free', 60, A)]);
  const { texts, counts } = await translated(one, two);
  expect(texts.filter((text) => !text.startsWith('17'))).toEqual([
    '1 1 100',
    '1 2 100',
    '3 1 900',
    '4 1 0',
    '4 2 0',
    SWEEP,
  ]);
  expect(counts).toMatchObject({ unknownFrees: 0, doubleFrees: 0, impliedFrees: 0 });
});

test('what no correct program does is counted, and the rest is kept', async () => {
  const { texts, counts } = await translated(
    rawStream([
      begin(0),
      call('free', 10, C),
      call('malloc', 20, A, 8),
      call('free', 30, A),
      call('free', 40, A),
      call('malloc', 50, B, 8),
      call('malloc', 60, B, 16),
      { kind: 'failed', order: 70, size: 1 << 30, extra: 2 },
      call('malloc', 80, C, MAX_SIZE + 1),
      call('free', 90, C),
      { ...call('malloc', 100, C, 0), flags: HEAD_PLACED },
      call('freeSized', 110, C, 77),
      { kind: 'realloc', order: 120, pointer: A, old: C, size: 24 },
    ]),
  );
  expect(texts).toEqual(['1 1 8', '4 1 0', '1 1 8', '4 1 0', '1 1 16', '1 2 1', '4 2 0', '1 2 24', SWEEP]);
  expect(counts).toEqual({
    calls: 12,
    unknownFrees: 1,
    doubleFrees: 2,
    impliedFrees: 1,
    failedCalls: 1,
    tooLarge: 1,
    placed: 1,
    wrongSizes: 1,
    threads: 1,
  });
});

test('threads end, their numbers are used again, and later calls of them bypass the tcache', async () => {
  const one = rawStream([begin(0), call('malloc', 10, A, 8), call('free', 80, B)]);
  const two = rawStream([
    begin(1, 20),
    call('malloc', 30, B, 8),
    { kind: 'threadEnd', order: 40 },
    { ...call('free', 50, A), flags: HEAD_LATE },
    begin(2, 60),
    call('malloc', 70, A, 8),
  ]);
  const { texts, counts } = await translated(one, two);
  expect(texts).toEqual([
    '1 1 8',
    '17 0 1',
    '1 2 8',
    '23 0 1',
    '17 0 0',
    '7 1 0',
    '17 0 1',
    '1 1 8',
    '17 0 0',
    '4 2 0',
    SWEEP,
  ]);
  expect(counts.threads).toBe(3);
});

test('the first thread goes on after another one has ended', async () => {
  const one = rawStream([begin(0), call('malloc', 10, A, 8), call('free', 50, A)]);
  const two = rawStream([begin(1, 20), call('malloc', 30, B, 8), { kind: 'threadEnd', order: 40 }]);
  const { texts } = await translated(one, two);
  expect(texts).toEqual(['1 1 8', '17 0 1', '1 2 8', '23 0 1', '17 0 0', '4 1 0', SWEEP]);
});

test('recorded time is the time of the virtual clock', async () => {
  const clock = (order: number, ms: number): RawCall => ({ kind: 'clock', order, extra: 5e12 + ms * 1e6 });
  const { texts } = await translated(
    rawStream([
      begin(0),
      clock(1000, 0),
      call('malloc', 1001, A, 8),
      clock(2000, 10),
      call('free', 2000, A),
      call('malloc', 2250, A, 8),
      clock(902_000, 9010),
      call('free', 902_000, A),
    ]),
  );
  expect(texts).toEqual(['1 1 8', '16 0 10', '4 1 0', '16 0 2', '1 1 8', '16 0 8998', '4 1 0', SWEEP]);
});

test('sites become owners, and those without a file keep their addresses', async () => {
  const { reader } = await translated(
    rawStream([
      begin(0),
      { kind: 'site', order: 5, size: 900, frames: [0x1234, 0x5678] },
      { ...call('malloc', 10, A, 8), site: 900 },
      { ...call('malloc', 11, B, 8), site: 901 },
    ]),
  );
  expect(reader.metadata.program).toMatchObject({
    command: ['a b'],
    image: '/bin/some\nthing',
    quantum: 16,
    pid: 7,
  });
  const { owners, recorded } = await reader.names();
  expect(owners).toEqual([
    { tag: 1, frames: ['0x1234', '0x5678'] },
    { tag: 2, frames: [] },
  ]);
  expect(recorded).toEqual({ operations: 3, unknownFrees: 0, failedCalls: 0, lost: 0 });
});

const good = rawStream([begin(0), call('malloc', 10, A, 100), call('malloc', 20, B, 100)]);

function altered(at: number, ...bytes: number[]): Buffer {
  const copy = Buffer.from(good);
  copy.set(bytes, at);
  return copy;
}

test.each([
  ['of another byte order', altered(8, 1, 2, 3, 4), 'byte order of another machine', 0],
  ['of another word size', altered(14, 4), 'word size of 4 bytes', 0],
  ['of another version', altered(12, 9), 'version 9', 0],
  ['that is none', Buffer.from('not a stream of a recording, but some text'), 'no stream of a recording', 0],
  ['with an impossible kind', Buffer.concat([good, Buffer.from([31, 0])]), 'record of kind 31', 2],
  ['that breaks off within a record', good.subarray(0, -5), 'the end of the file cuts off', 1],
  [
    'with a negative address',
    Buffer.concat([good, rawStream([call('malloc', 1, -(2 ** 50), 8)]).subarray(32)]),
    'impossible',
    2,
  ],
] as const)('a stream %s: said, and the rest is used', async (_, stream, words, calls) => {
  const { problems, counts, texts } = await translated(stream);
  expect(problems.join()).toContain(words);
  expect(counts.calls).toBe(calls);
  expect(texts.at(-1)).toBe(SWEEP);
});

test.each([
  ['empty', Buffer.alloc(0)],
  ['of zeros', Buffer.alloc(4096)],
  ['that ends with zeros and padding', Buffer.concat([good, Buffer.from([1, 1, 1]), Buffer.alloc(600)])],
])('a stream %s is whole', async (_, stream) => {
  expect((await translated(stream)).problems).toEqual([]);
});

test('every byte of a stream damaged in turn: never a crash', async () => {
  for (let at = 0; at < good.length; at++) {
    for (const value of [0, 255]) expect((await translated(altered(at, value))).texts.at(-1)).toBe(SWEEP);
  }
});
