import { parseInteger64 } from '../../base/index.js';
import { NOT_AN_INTEGER, OVERFLOW } from '../error-texts.js';
import type { RequestWords } from '../request-words.js';

const MIN_INT64 = -(1n << 63n);

/** INCRBY key change, HINCRBY key field change */
export function parseIncrement(words: RequestWords): bigint | string {
  return parseInteger64(words.text(words.count - 1)) ?? NOT_AN_INTEGER;
}

/** DECRBY key change: returns the number to add. */
export function parseDecrement(words: RequestWords): bigint | string {
  const change = parseIncrement(words);
  if (typeof change === 'string') return change;
  return change === MIN_INT64 ? 'ERR decrement would overflow' : -change;
}

/** Returns the sum of two 64-bit integers, or the error of an overflow. */
export function sum64(before: bigint, change: bigint): bigint | string {
  const after = before + change;
  return BigInt.asIntN(64, after) === after ? after : OVERFLOW;
}
