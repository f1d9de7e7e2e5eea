import { parseDouble } from '../base/index.js';
import { NOT_A_FLOAT, NOT_AN_INTEGER, NOT_POSITIVE } from './error-texts.js';
import type { RequestWords } from './request-words.js';

/** The smallest number above the 32-bit integers. */
const INT32_LIMIT = 2 ** 31;

/** Returns a word as an integer, or the error. */
export function integerAt(words: RequestWords, index: number, message = NOT_AN_INTEGER): number | string {
  return words.integer(index) ?? message;
}

export function positiveAt(words: RequestWords, index: number, message = NOT_POSITIVE): number | string {
  const value = words.integer(index);
  return value === undefined || value < 0 ? message : value;
}

/** Returns a number whose opposite is also a 64-bit integer, or the error. */
export function signedCountAt(words: RequestWords, index: number): number | string {
  // A double cannot distinguish the one integer without an opposite from its neighbours.
  const isWithoutOpposite = words.text(index) === `${-(1n << 63n)}`;
  if (!isWithoutOpposite) return integerAt(words, index);
  const most = (1n << 63n) - 1n;
  return `ERR value is out of range, value must between ${-most} and ${most}`;
}

export function int32At(words: RequestWords, index: number, message?: string): number | string {
  const value = integerAt(words, index, message);
  if (typeof value === 'string' || (value >= -INT32_LIMIT && value < INT32_LIMIT)) return value;
  return message ?? `ERR value is out of range, value must between ${-INT32_LIMIT} and ${INT32_LIMIT - 1}`;
}

export function floatAt(words: RequestWords, index: number, message = NOT_A_FLOAT): number | string {
  return parseDouble(words.text(index)) ?? message;
}

/** Returns the timeout in seconds, 0 for none, or the error. */
export function timeoutAt(words: RequestWords, index: number): number | string {
  const seconds = floatAt(words, index, 'ERR timeout is not a float or out of range');
  if (typeof seconds === 'string') return seconds;
  if (seconds * 1000 > MAX_MILLISECONDS) return words.timeoutOverflow ?? TIMEOUT_OUT_OF_RANGE;
  return seconds < 0 ? NEGATIVE_TIMEOUT : seconds;
}

/** Returns the timeout in milliseconds, 0 for none, or the error. */
export function millisecondsAt(words: RequestWords, index: number): number | string {
  const milliseconds = integerAt(words, index, 'ERR timeout is not an integer or out of range');
  return typeof milliseconds === 'number' && milliseconds < 0 ? NEGATIVE_TIMEOUT : milliseconds;
}

export const NEGATIVE_TIMEOUT = 'ERR timeout is negative';
const TIMEOUT_OUT_OF_RANGE = 'ERR timeout is out of range';
/** The largest 64-bit integer. */
const MAX_MILLISECONDS = 2 ** 63;

/** BLPOP, BZPOPMIN and their kin: key … timeout */
export function parseTimeout(words: RequestWords): number | string {
  return timeoutAt(words, words.count - 1);
}
