import { describe, expect, test } from 'vitest';
import { Kind, MAX_SIZE, OpWriter } from '#slablab/src/stream/index.js';
import { MAX_OWNER } from '#slablab/src/stream/operation.js';
import { asText } from '../support/operations.js';

describe('OpWriter', () => {
  test('writes every kind of operation', () => {
    const writer = new OpWriter();
    const a = writer.malloc(100, 7);
    const b = writer.calloc(24);
    const c = writer.aligned(12, 5000, 1);
    const d = writer.mallocNoTcache(64);
    writer.realloc(a, 200, 7);
    writer.rallocx(a, 300);
    writer.xallocx(a, 310);
    writer.freeSized(a, 310);
    writer.freeNoTcache(d);
    writer.thread(3);
    writer.free(b);
    writer.threadEnd(3);
    writer.ownArena();
    writer.free(c);
    writer.advance(100);
    writer.decay();
    writer.purge();
    writer.flushTcache();
    writer.mark();
    writer.sweep(2);
    writer.defragSet('ignoreBytes', 2 ** 33 + 5);
    writer.defragPass(true);
    const e = writer.defragMalloc(48, 15);
    writer.defragTry(a, 1, 40);
    writer.defragFree(e);
    writer.defragPass(false);
    expect(asText(writer.takeAll())).toEqual([
      'malloc #1 100 owner 7',
      'calloc #2 24',
      'aligned 12 #3 5000 owner 1',
      'mallocNoTcache #4 64',
      'realloc #1 200 owner 7',
      'rallocx #1 300',
      'xallocx #1 310',
      'freeSized #1 310',
      'freeNoTcache #4',
      'thread 3',
      'free #2',
      'threadEnd 3',
      'ownArena 0',
      'free #3',
      'advance 100',
      'decay 0',
      'purge',
      'flushTcache 0',
      'mark',
      'sweep 2',
      'defragSet #4 5 owner 2',
      'defragPass 1',
      'defragMalloc #3 48 owner 15',
      'defragTry #1 161',
      'defragFree #3',
      'defragPass 0',
    ]);
  });

  test('the freed handle is the next one handed out, and handles stay dense', () => {
    const writer = new OpWriter();
    const handles = Array.from({ length: 5000 }, () => writer.malloc(8));
    expect(handles).toEqual(Array.from({ length: 5000 }, (_, index) => index + 1));
    for (const handle of handles) writer.free(handle);
    expect(handles.map(() => writer.malloc(8))).toEqual([...handles].reverse());
    expect(writer.malloc(8)).toBe(5001);
  });

  test('chunks join up whatever their capacity', () => {
    for (const capacity of [1, 2, 3, 7, 100]) {
      const writer = new OpWriter(capacity);
      const chunks = [];
      for (let index = 0; index < 50; index++) {
        writer.malloc(index + 1);
        expect(writer.position).toBe(index + 1);
        if (writer.full) chunks.push(...writer.takeFull());
      }
      chunks.push(...writer.takeAll());
      expect(chunks.map(({ firstPosition }) => firstPosition)).toEqual(
        chunks.map((_, index) => index * capacity),
      );
      expect(chunks.reduce((sum, { length }) => sum + length, 0)).toBe(50);
      expect(asText(chunks)).toEqual(
        Array.from({ length: 50 }, (_, index) => `malloc #${index + 1} ${index + 1}`),
      );
    }
  });

  test('a step larger than a chunk waits in a queue', () => {
    const writer = new OpWriter(4);
    for (let index = 0; index < 10; index++) writer.purge();
    expect(writer.full).toBe(true);
    expect(writer.takeFull().map(({ length }) => length)).toEqual([4, 4]);
    expect(writer.full).toBe(false);
    expect(writer.takeAll().map(({ length }) => length)).toEqual([2]);
    expect(writer.takeAll()).toEqual([]);
  });

  test('a taken chunk is not written to again', () => {
    const writer = new OpWriter(2);
    writer.malloc(1);
    writer.malloc(2);
    const [chunk] = writer.takeAll();
    writer.malloc(99);
    expect([...(chunk?.size ?? [])]).toEqual([1, 2]);
  });

  test('empty stream', () => {
    expect(new OpWriter().takeAll()).toEqual([]);
    expect(new OpWriter().full).toBe(false);
  });

  test('largest size and owner', () => {
    const writer = new OpWriter();
    writer.malloc(MAX_SIZE, MAX_OWNER);
    const [chunk] = writer.takeAll();
    expect(chunk?.size[0]).toBe(MAX_SIZE);
    expect((chunk?.what[0] ?? 0) & 0xff).toBe(Kind.malloc);
    expect((chunk?.what[0] ?? 0) >>> 8).toBe(MAX_OWNER);
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, MAX_SIZE + 1, 2 ** 32 + 8])(
    'refuses size %s and stays as it was',
    (size) => {
      const writer = new OpWriter();
      const handle = writer.malloc(8);
      for (const write of [
        () => writer.malloc(size),
        () => writer.calloc(size),
        () => writer.realloc(handle, size),
        () => writer.freeSized(handle, size),
      ]) {
        expect(write).toThrow(`size ${size}: must be a whole number of bytes from 1 to ${MAX_SIZE}`);
      }
      expect(asText(writer.takeAll())).toEqual(['malloc #1 8']);
    },
  );

  test.each([
    ['owner', (writer: OpWriter) => writer.malloc(8, MAX_OWNER + 1), 'owner 16777216'],
    ['negative owner', (writer: OpWriter) => writer.malloc(8, -1), 'owner -1'],
    [
      'thread',
      (writer: OpWriter) => writer.thread(2 ** 24),
      'thread 16777216: must be a whole number from 0 to 16777215',
    ],
    ['time', (writer: OpWriter) => writer.advance(0.5), 'milliseconds 0.5'],
    ['phase', (writer: OpWriter) => writer.sweep(-1), 'phase -1'],
    ['alignment', (writer: OpWriter) => writer.aligned(2, 8), 'alignment 2^2'],
    ['handle', (writer: OpWriter) => writer.free(0), 'handle 0'],
  ])('refuses a bad %s', (_, write, message) => {
    const writer = new OpWriter();
    expect(() => write(writer)).toThrow(message);
    expect(writer.position).toBe(0);
  });

  test('refuses a chunk capacity of nothing', () => {
    expect(() => new OpWriter(0)).toThrow('chunk capacity 0');
  });
});
