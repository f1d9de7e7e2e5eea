import { expect, test } from 'vitest';
import { NumberedElements } from '#slablab/src/model/keyspace/index.js';

test('elements that come and go take no more room than those that are there at once', () => {
  const elements = new NumberedElements('elements of the test');
  const numbers = [1, 2, 3].map((hash) => elements.take(hash));
  expect(new Set(numbers).size).toBe(3);
  expect(numbers.map((element) => elements.hashOf(element))).toEqual([1, 2, 3]);
  const { length } = elements.hashes;
  for (let round = 0; round < 1000; round++) elements.give(elements.take(round));
  expect(elements.hashes.length).toBe(length);
  expect(numbers.map((element) => elements.hashOf(element))).toEqual([1, 2, 3]);
});
