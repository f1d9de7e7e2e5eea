import { decimalSum, isInfinite, isLongDouble } from '../../base/index.js';
import { NOT_A_FLOAT, NOT_FINITE, SUM_NOT_FINITE } from '../error-texts.js';
import type { RequestWords } from '../request-words.js';

/** A decimal text, which may have more digits than a double keeps. */
export interface FloatText {
  readonly text: string;
}

/** HINCRBYFLOAT key field change */
export function parseFloatChange(words: RequestWords): FloatText | string {
  const text = words.text(3);
  if (!isLongDouble(text)) return NOT_A_FLOAT;
  return isInfinite(text) ? NOT_FINITE : { text };
}

/** Returns the sum of two decimal texts, of a value and of a request, or the error. */
export function floatSum(before: string, change: string, notAFloat = NOT_A_FLOAT): FloatText | string {
  if (!isLongDouble(before) || !isLongDouble(change)) return notAFloat;
  const sum = decimalSum(before, change);
  return sum === undefined ? SUM_NOT_FINITE : { text: sum };
}

export const HASH_NOT_AN_INTEGER = 'ERR hash value is not an integer';
export const HASH_NOT_A_FLOAT = 'ERR hash value is not a float';
