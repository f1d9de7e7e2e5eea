import { crc32 as zlibCrc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { crc32, latin1, latin1Bytes, Random } from '#slablab/src/base/index.js';

test('sums as zlib does, whole and in two parts, at every alignment', () => {
  const random = new Random(32);
  const bytes = Uint8Array.from({ length: 300 }, () => random.below(256));
  for (let from = 0; from < 20; from++) {
    for (let to = from; to < 60; to++)
      expect(crc32(bytes.subarray(from, to))).toBe(zlibCrc32(bytes.subarray(from, to)));
    expect(crc32(bytes.subarray(from), crc32(bytes.subarray(0, from)))).toBe(zlibCrc32(bytes));
  }
});

test('every byte is one character, in texts of any length', () => {
  const bytes = Uint8Array.from({ length: 20_000 }, (_, at) => at);
  expect(latin1(bytes)).toBe(Buffer.from(bytes).toString('latin1'));
  expect(latin1(bytes, 200, 260)).toBe(Buffer.from(bytes.subarray(200, 260)).toString('latin1'));
  expect(latin1(bytes, 5, 5)).toBe('');
  expect(latin1Bytes(latin1(bytes))).toEqual(bytes);
});
