import { latin1 } from './latin1.js';

const MINUS = 0x2d;
const ZERO = 0x30;
const LONGEST_POSITIVE = '9223372036854775807';
const LONGEST_NEGATIVE = '9223372036854775808';

/**
 * Returns whether a text is the canonical decimal form of a 64-bit integer (string2ll). Such a text has no sign but
 * "-", no leading zero and no space. Only such text is stored as an integer.
 */
export function isIntegerText(bytes: Uint8Array, start: number, length: number): boolean {
  if (length === 0 || length > 20) return false;
  const negative = bytes[start] === MINUS;
  const digits = negative ? length - 1 : length;
  const first = negative ? start + 1 : start;
  if (digits === 0 || digits > 19) return false;
  if (bytes[first] === ZERO) return digits === 1 && !negative;
  for (let at = first; at < first + digits; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return false;
  }
  if (digits < 19) return true;
  const limit = negative ? LONGEST_NEGATIVE : LONGEST_POSITIVE;
  for (let index = 0; index < 19; index++) {
    const difference = bytes[first + index]! - limit.charCodeAt(index);
    if (difference !== 0) return difference < 0;
  }
  return true;
}

/** Returns the value of an integer text: a number if that is exact, else a bigint. The two compare with < and >. */
export function integerValue(bytes: Uint8Array, start: number, length: number): number | bigint {
  const negative = bytes[start] === MINUS;
  const first = negative ? start + 1 : start;
  const digits = negative ? length - 1 : length;
  if (digits > 15) return BigInt(latin1(bytes, start, start + length));
  let value = 0;
  for (let at = first; at < first + digits; at++) value = value * 10 + bytes[at]! - ZERO;
  return negative ? -value : value;
}
