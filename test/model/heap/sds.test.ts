import { expect, test } from 'vitest';
import { growableSdsBytes, valkeySds } from '#slablab/src/model/heap/index.js';
import { embeddedStringBytes, redisSds, sdsBytes } from '#slablab/src/model/index.js';

test.each([
  // length, header + length + terminator
  [0, 4],
  [1, 3],
  [9, 11],
  [31, 33],
  [32, 36],
  [255, 259],
  [256, 262],
  [1000, 1006],
  [65_535, 65_541],
  [65_536, 65_546],
])('a new string of %i bytes asks for %i', (length, bytes) => {
  expect(sdsBytes(redisSds, length)).toBe(bytes);
});

test.each([
  [0, 4],
  [9, 13],
  [16_384, 16_390],
])('room for %i bytes asks for %i', (length, bytes) => {
  expect(growableSdsBytes(redisSds, length)).toBe(bytes);
});

test.each([
  [252, 256],
  [253, 259],
  [65_530, 65_536],
  [65_531, 65_541],
])('in Valkey, whose headers count the whole region, a string of %i bytes asks for %i', (length, bytes) => {
  expect(sdsBytes(valkeySds, length)).toBe(bytes);
});

test('an embedded string of 44 bytes just fills class 64', () => {
  expect(embeddedStringBytes(16, 44)).toBe(64);
});
