import { parseInteger64 } from '../../base/index.js';
import { NOT_AN_INTEGER } from '../error-texts.js';
import type { RequestWords } from '../request-words.js';

/** The form of an expiry in a request: a time since 1970 or a duration, in seconds or milliseconds. */
export interface TimeForm {
  readonly inSeconds: boolean;
  readonly isAbsolute: boolean;
}

/** The forms by their option. */
export const TIME_FORMS = {
  EX: { inSeconds: true, isAbsolute: false },
  PX: { inSeconds: false, isAbsolute: false },
  EXAT: { inSeconds: true, isAbsolute: true },
  PXAT: { inSeconds: false, isAbsolute: true },
} as const;

const MAX_INT64 = (1n << 63n) - 1n;

/** Returns a word's time in milliseconds if a key can expire then, or the error. `nowMs` is since 1970. */
export function parseTime(
  words: RequestWords,
  index: number,
  { inSeconds, isAbsolute }: TimeForm,
  nowMs: number,
): number | string {
  const value = words.integer(index);
  if (value === undefined) return NOT_AN_INTEGER;
  const milliseconds = inSeconds ? value * 1000 : value;
  if (Math.abs(milliseconds) <= Number.MAX_SAFE_INTEGER) return milliseconds;
  // Only here can a sum leave the 64 bits that a server computes in.
  const exact = parseInteger64(words.text(index))! * (inSeconds ? 1000n : 1n);
  const when = isAbsolute ? exact : exact + BigInt(Math.floor(nowMs));
  const isTooFar = exact > MAX_INT64 || exact < -MAX_INT64 - 1n || when > MAX_INT64;
  return isTooFar ? invalidTime(words) : milliseconds;
}

/** Works as parseTime, for commands that refuse a time that is not after 0. */
export function parsePositiveTime(
  words: RequestWords,
  index: number,
  form: TimeForm,
  nowMs: number,
): number | string {
  const milliseconds = parseTime(words, index, form, nowMs);
  return typeof milliseconds === 'number' && milliseconds <= 0 ? invalidTime(words) : milliseconds;
}

/** The error of a time at which nothing can expire. */
export function invalidTime({ name }: RequestWords): string {
  return `ERR invalid expire time in '${name}' command`;
}
