import { expect, test } from 'vitest';
import { NumberPool } from '#slablab/src/base/index.js';

test('hands out dense numbers, the returned ones first, and stops at the last', () => {
  const pool = new NumberPool(5, 7, 'things');
  expect([pool.take(), pool.take(), pool.take()]).toEqual([5, 6, 7]);
  expect(() => pool.take()).toThrow('more than 7 things are in use at once');
  pool.give(6);
  pool.give(5);
  expect([pool.take(), pool.take()]).toEqual([5, 6]);
});
