import { describe, expect, test } from 'vitest';
import { latin1Bytes } from '#slablab/src/base/latin1.js';
import { ListpackKind } from '#slablab/src/model/heap/container-kind.js';
import { Heap } from '#slablab/src/model/heap/heap.js';
import { redisSds } from '#slablab/src/model/heap/sds.js';
import { SizeClasses } from '#slablab/src/model/heap/size-classes.js';
import { Listpack } from '#slablab/src/model/values/listpack.js';
import { entryBytes, withBacklen } from '#slablab/src/model/values/listpack-entry.js';
import { scoreText } from '#slablab/src/model/values/score-text.js';
import { OpWriter } from '#slablab/src/stream/index.js';
import { asText } from '../../support/operations.js';
import { SIZE_CLASSES } from '../../support/redis.js';

function entryOf(text: string): number {
  return entryBytes(latin1Bytes(text), 0, text.length);
}

describe('an entry of a listpack takes', () => {
  test.each([
    ['', 2],
    ['a', 3],
    ['0', 2],
    ['127', 2],
    ['128', 3],
    ['-1', 3],
    ['4095', 3],
    ['-4096', 3],
    ['4096', 4],
    ['32767', 4],
    ['32768', 5],
    ['-8388608', 5],
    ['8388608', 6],
    ['2147483647', 6],
    ['2147483648', 10],
    ['9223372036854775807', 10],
    ['-9223372036854775808', 10],
    // Not integers as the server sees them.
    ['9223372036854775808', 21],
    ['007', 5],
    ['-0', 4],
    ['+1', 4],
    [' 1', 4],
  ])('%j: %i bytes', (text, bytes) => expect(entryOf(text)).toBe(bytes));

  test.each([
    [63, 65],
    [64, 67],
    [125, 128],
    [126, 130],
    [4095, 4099],
    [4096, 4103],
    [16_378, 16_386],
  ])('a string of %i bytes: %i bytes', (length, bytes) => {
    expect(entryOf('x'.repeat(length))).toBe(bytes);
  });

  test('its length once more, in 7 bits a byte', () => {
    expect([127, 128, 16_382, 16_383, 2_097_150].map(withBacklen)).toEqual([
      128, 130, 16_384, 16_386, 2_097_153,
    ]);
  });
});

test('a listpack grows when it must, to exact bytes, and shrinks each time', () => {
  const writer = new OpWriter();
  const heap = new Heap(writer, new SizeClasses(SIZE_CLASSES), redisSds);
  const listpack = Listpack.create(heap, ListpackKind.hash);
  for (let count = 0; count < 9; count++) listpack.change(heap, 3, 0);
  listpack.change(heap, 2, 3);
  listpack.change(heap, 3, 3);
  listpack.deleteRange(heap, 6);
  listpack.free(heap);
  expect(asText(writer.takeAll()).map((line) => line.replace(' owner 40', ''))).toEqual([
    'malloc #1 7',
    'realloc #1 10',
    'realloc #1 19',
    'realloc #1 25',
    'realloc #1 34',
    'realloc #1 33',
    'realloc #1 27',
    'free #1',
  ]);
});

describe('a score that is no integer, as text', () => {
  test.each([
    [0.1, '0.10000000000000001', '0.1'],
    [1.5, '1.5', '1.5'],
    [-2.25, '-2.25', '-2.25'],
    [1e-7, '9.9999999999999995e-08', '1e-7'],
    [1234567.891, '1234567.8910000001', '1234567.891'],
    [1e22, '1e+22', '1e+22'],
    [0.00001, '1.0000000000000001e-05', '0.00001'],
    [Infinity, 'inf', 'inf'],
    [-0, '-0', '-0'],
    [3, '3', '3'],
    [2 ** 60, '1152921504606846976', '1152921504606846976'],
  ])('%d: %s, from redis-7.2 on %s', (score, long, short) => {
    expect([scoreText(score, false), scoreText(score, true)]).toEqual([long, short]);
  });
});
