/** Parsers of numbers in arguments. They are stricter than JavaScript, so that they refuse what a server refuses. */

/**
 * Returns the integer of a text (string2ll): an optional minus, no leading zeros, no spaces. The result is undefined
 * beyond 2^53, where a double is not exact.
 */
export function parseInteger(bytes: Uint8Array, from: number, length: number): number | undefined {
  if (length === 0 || length > 17) return undefined;
  const isNegative = bytes[from] === MINUS;
  let at = isNegative ? from + 1 : from;
  const end = from + length;
  const first = bytes[at]!;
  if (first === ZERO) return length === 1 ? 0 : undefined;
  if (at === end || first < ZERO || first > NINE) return undefined;
  let value = 0;
  for (; at < end; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  if (value > Number.MAX_SAFE_INTEGER) return undefined;
  return isNegative ? -value : value;
}

/** Returns the integer of a text over all 64 bits (string2ll). */
export function parseInteger64(text: string): bigint | undefined {
  if (!/^(?:0|-?[1-9]\d{0,18})$/.test(text)) return undefined;
  const value = BigInt(text);
  return value >= -(1n << 63n) && value < 1n << 63n ? value : undefined;
}

const HEXADECIMAL = /^([+-]?)0x(?=\.?[0-9a-f])([0-9a-f]*)\.?([0-9a-f]*)(?:p([+-]?\d+))?$/i;

/** Returns the parts of a hexadecimal number as strtod reads it: digits * 2 ** exponent. */
export function parseHexadecimal(
  text: string,
): { readonly digits: bigint; readonly exponent: number } | undefined {
  const match = HEXADECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(`0x${whole}${fraction}`);
  return { digits: sign === '-' ? -digits : digits, exponent: Number(exponent) - 4 * fraction.length };
}

/**
 * Returns the number of a text that strtod reads to its end. The text is decimal or hexadecimal, may have an exponent
 * or be infinity, and has no NaN and no spaces.
 */
export function parseFloat64(text: string): number | undefined {
  const hexadecimal = parseHexadecimal(text);
  if (hexadecimal !== undefined) return Number(hexadecimal.digits) * 2 ** hexadecimal.exponent;
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
  const infinity = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (infinity === null) return undefined;
  return infinity[1] === '-' ? -Infinity : Infinity;
}

/** Returns a number that a double can hold; undefined if the value is too large or too small for one. */
export function parseDouble(text: string): number | undefined {
  const value = parseFloat64(text);
  if (value === undefined) return undefined;
  // A number too small for a double becomes 0, for which strtod reports a range error.
  if (value === 0) return /^[+-]?(?:0x[0.]*[1-9a-f]|[0.]*[1-9])/i.test(text) ? undefined : value;
  return Number.isFinite(value) || /^[+-]?inf/i.test(text) ? value : undefined;
}

const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
