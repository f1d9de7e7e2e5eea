import { parseHexadecimal } from './parse-number.js';
import { KIB } from './units.js';

/** Digits after the point that a server writes of a sum (util.c: ld2string, LD_STR_HUMAN). */
const DIGITS = 17;
/** Bits of the mantissa of the 80-bit floats that a server adds, and the limits of their exponents. */
const PRECISION = 64;
const MAX_EXPONENT = 16_384;
const MIN_EXPONENT = -16_445;
/** The longest text that a server reads as a number (MAX_LONG_DOUBLE_CHARS). */
const MAX_TEXT = 5 * KIB - 1;
/** A power of ten that exceeds the range of the floats. */
const MAX_POWER = 10_000;

/** mantissa * 2 ** exponent */
interface Extended {
  readonly mantissa: bigint;
  readonly exponent: number;
}

/** Returns whether a text is a number that an 80-bit float can hold, or infinity (string2ld). */
export function isLongDouble(text: string): boolean {
  return isInfinite(text) || extended(text) !== undefined;
}

export function isInfinite(text: string): boolean {
  return /^[+-]?inf(?:inity)?$/i.test(text);
}

/**
 * Returns the sum of two texts as INCRBYFLOAT and HINCRBYFLOAT write it. They add 80-bit floats and write up to 17
 * digits after the point, without zeros at the end. The result is undefined if a text is no number or the sum is too
 * large.
 */
export function decimalSum(left: string, right: string): string | undefined {
  const a = extended(left);
  const b = extended(right);
  if (a === undefined || b === undefined) return undefined;
  const exponent = Math.min(a.exponent, b.exponent);
  const aligned = ({ mantissa, exponent: own }: Extended) => mantissa << BigInt(own - exponent);
  const sum = rounded(aligned(a) + aligned(b), 1n, exponent);
  return isTooLarge(sum) ? undefined : decimalText(sum);
}

function extended(text: string): Extended | undefined {
  if (text.length > MAX_TEXT) return undefined;
  const hexadecimal = parseHexadecimal(text);
  if (hexadecimal !== undefined) return inRange(rounded(hexadecimal.digits, 1n, hexadecimal.exponent));
  const match = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(whole + fraction);
  const power = Number(exponent) - fraction.length;
  if (digits === 0n) return rounded(0n, 1n, 0);
  if (Math.abs(power) > MAX_POWER) return undefined;
  const signed = sign === '-' ? -digits : digits;
  return inRange(
    power >= 0 ? rounded(signed * 10n ** BigInt(power), 1n, 0) : rounded(signed, 10n ** BigInt(-power), 0),
  );
}

function isTooLarge({ mantissa, exponent }: Extended): boolean {
  return mantissa !== 0n && exponent + bits(mantissa) > MAX_EXPONENT;
}

/**
 * Returns undefined for values out of range. strtold returns infinity for too large values and 0 for too small ones,
 * and the server accepts neither.
 */
function inRange(value: Extended): Extended | undefined {
  const isTooSmall = value.mantissa !== 0n && value.exponent + bits(value.mantissa) <= MIN_EXPONENT;
  return isTooSmall || isTooLarge(value) ? undefined : value;
}

/** Returns numerator / denominator * 2 ** exponent, rounded to the nearest float; a tie gives the even one. */
function rounded(numerator: bigint, denominator: bigint, exponent: number): Extended {
  if (numerator === 0n) return { mantissa: 0n, exponent: 0 };
  const size = bits(numerator) - bits(denominator);
  const shift = PRECISION + 1 - size;
  const [top, bottom] =
    shift >= 0 ? [numerator << BigInt(shift), denominator] : [numerator, denominator << BigInt(-shift)];
  // The quotient now has one or two bits too many, which are rounded.
  const spare = bits(top / bottom) - PRECISION;
  return { mantissa: nearest(top, bottom << BigInt(spare)), exponent: exponent - shift + spare };
}

function decimalText({ mantissa, exponent }: Extended): string {
  const scaled = mantissa * 10n ** BigInt(DIGITS);
  const sum = exponent >= 0 ? scaled << BigInt(exponent) : nearest(scaled, 1n << BigInt(-exponent));
  const digits = `${sum < 0n ? -sum : sum}`.padStart(DIGITS + 1, '0');
  const fraction = digits.slice(-DIGITS).replace(/0+$/, '');
  return `${sum < 0n ? '-' : ''}${digits.slice(0, -DIGITS)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Returns a quotient rounded to the nearest whole number; a tie gives the even one. */
function nearest(numerator: bigint, denominator: bigint): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  const quotient = size / denominator;
  const twice = (size % denominator) * 2n;
  const isUp = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  const result = isUp ? quotient + 1n : quotient;
  return numerator < 0n ? -result : result;
}

function bits(value: bigint): number {
  return (value < 0n ? -value : value).toString(2).length;
}
