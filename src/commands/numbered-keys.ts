import { parseInteger64 } from '../base/index.js';
import { meaningAt, NOT_AN_INTEGER, type RequestWords, SYNTAX_ERROR } from './request-words.js';

const NOT_A_LIMIT = "ERR LIMIT can't be negative";
const NOT_A_NUMBER_OF_KEYS = 'ERR numkeys should be greater than 0';

/** Which end of a sorted set ZMPOP takes from. */
export const EXTREMES = { MIN: 'min', MAX: 'max' } as const;

export interface MultiplePop<Where> {
  readonly keys: number;
  readonly where: Where;
  readonly count: number;
}

/**
 * What LMPOP, ZMPOP and the blocking ones say from argument `at` on: numkeys key … where [COUNT n]. `wheres` by word, in
 * upper case. Or the error.
 */
export function multiplePop<Where>(
  words: RequestWords,
  at: number,
  wheres: Readonly<Record<string, Where>>,
): MultiplePop<Where> | string {
  const keys = integerAt(words, at) ?? 0;
  if (keys <= 0) return NOT_A_NUMBER_OF_KEYS;
  const index = at + 1 + keys;
  if (index >= words.count) return SYNTAX_ERROR;
  const where = meaningAt(words, index, wheres);
  if (where === undefined) return SYNTAX_ERROR;
  let count: number | undefined;
  for (let next = index + 1; next < words.count; next += 2) {
    if (count !== undefined || !words.is(next, 'COUNT') || next + 1 === words.count) return SYNTAX_ERROR;
    count = integerAt(words, next + 1) ?? 0;
    if (count <= 0) return 'ERR count should be greater than 0';
  }
  return { keys, where, count: count ?? 1 };
}

/** SINTERCARD numkeys key … [LIMIT n]; or the error. */
export function setCardinality(
  words: RequestWords,
): { readonly keys: number; readonly limit: number } | string {
  const keys = integerAt(words, 1) ?? 0;
  if (keys <= 0) return NOT_A_NUMBER_OF_KEYS;
  if (keys > words.count - 2) return "ERR Number of keys can't be greater than number of args";
  const limit = cardinalityLimit(words, 2 + keys);
  return typeof limit === 'string' ? limit : { keys, limit };
}

/** How many keys follow argument `at` of ZUNION, ZINTER, ZDIFF and their kin; or the error. */
export function combinedKeys(words: RequestWords, at: number, command: string): number | string {
  const keys = integerAt(words, at);
  if (keys === undefined) return NOT_AN_INTEGER;
  if (keys < 1) return `ERR at least 1 input key is needed for '${command}' command`;
  return keys > words.count - at - 1 ? SYNTAX_ERROR : keys;
}

/** LIMIT of SINTERCARD and ZINTERCARD from argument `from` on; 0: none. Or the error. */
export function cardinalityLimit(words: RequestWords, from: number): number | string {
  let limit = 0;
  for (let next = from; next < words.count; next += 2) {
    if (!words.is(next, 'LIMIT') || next + 1 === words.count) return SYNTAX_ERROR;
    const value = integerAt(words, next + 1) ?? -1;
    if (value < 0) return NOT_A_LIMIT;
    limit = value;
  }
  return limit;
}

function integerAt(words: RequestWords, index: number): number | undefined {
  const value = parseInteger64(words.text(index));
  return value === undefined ? undefined : Number(value);
}
