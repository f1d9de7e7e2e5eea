import { latin1Bytes } from '../../base/index.js';
import { entryBytes, integerEntryBytes, stringEntryBytes } from './listpack-entry.js';

/** Whole numbers up to here are stored as integers (util.c: double2ll). */
const INTEGER_LIMIT = 2 ** 62;

/** Bytes of a score's entry in a listpack: an integer, or its decimal text. */
export function scoreEntryBytes(score: number, shortest: boolean): number {
  if (isWhole(score)) return integerEntryBytes(Number.isSafeInteger(score) ? score : BigInt(score));
  const text = scoreText(score, shortest);
  return Number.isFinite(score)
    ? entryBytes(latin1Bytes(text), 0, text.length)
    : stringEntryBytes(text.length);
}

/**
 * Returns a score as the server writes it (util.c: d2string): %.17g, or the fewest digits that distinguish the number
 * from its neighbours.
 */
export function scoreText(score: number, shortest: boolean): string {
  if (score === Infinity) return 'inf';
  if (score === -Infinity) return '-inf';
  if (Object.is(score, -0)) return '-0';
  if (isWhole(score)) return `${Number.isSafeInteger(score) ? score : BigInt(score)}`;
  return shortest ? shortestText(score) : seventeenDigits(score);
}

/** Returns a score as a reply has it: without `shortest`, whole numbers have 17 digits as well. */
export function scoreReply(score: number, shortest: boolean): string {
  return shortest || !Number.isFinite(score) || score === 0
    ? scoreText(score, shortest)
    : seventeenDigits(score);
}

function isWhole(score: number): boolean {
  return Math.abs(score) <= INTEGER_LIMIT && Math.trunc(score) === score;
}

/** fpconv_dtoa: exponents have no leading zeros, and small numbers are written out as long as that is not longer. */
function shortestText(score: number): string {
  const [mantissa, exponentText] = Math.abs(score).toExponential().split('e') as [string, string];
  const exponent = Number(exponentText);
  const digits = mantissa.replace('.', '');
  const sign = score < 0 ? '-' : '';
  const power = exponent - digits.length + 1;
  if (power >= 0 && exponent < digits.length + 7) return `${sign}${digits}${'0'.repeat(power)}`;
  if (power < 0 && (power > -7 || Math.abs(exponent) < 4)) return sign + positional(digits, exponent);
  const tail = digits.length > 1 ? `.${digits.slice(1)}` : '';
  return `${sign}${digits[0]}${tail}e${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
}

function positional(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** printf's %.17g */
function seventeenDigits(score: number): string {
  const [mantissa, exponentText] = Math.abs(score).toExponential(16).split('e') as [string, string];
  const exponent = Number(exponentText);
  const digits = mantissa.replace('.', '').replace(/0+$/, '');
  const sign = score < 0 ? '-' : '';
  if (exponent >= -4 && exponent < 17) {
    const whole = digits.padEnd(exponent + 1, '0');
    return sign + (digits.length <= exponent + 1 ? whole : positional(digits, exponent));
  }
  const tail = digits.length > 1 ? `.${digits.slice(1)}` : '';
  const power = `${Math.abs(exponent)}`.padStart(2, '0');
  return `${sign}${digits[0]}${tail}e${exponent < 0 ? '-' : '+'}${power}`;
}
