import { NOT_AN_INTEGER, SYNTAX_ERROR } from '../error-texts.js';
import { integerAt, timeoutAt } from '../request-numbers.js';
import { meaningAt, type RequestWords } from '../request-words.js';

const NOT_A_NUMBER_OF_KEYS = 'ERR numkeys should be greater than 0';

/** The end of a sorted set that ZMPOP takes from. */
export const EXTREMES = { MIN: 'min', MAX: 'max' } as const;

export interface MultiplePop<Where> {
  /** The places of the first and the last key. */
  readonly keys: readonly [first: number, last: number];
  readonly where: Where;
  readonly count: number;
  /** The timeout in seconds, 0 for none; undefined if the command does not block. */
  readonly seconds: number | undefined;
}

/** LMPOP, ZMPOP numkeys key … where [COUNT n], and BLMPOP, BZMPOP with a timeout before it */
export function parseMultiplePop<Where>(
  words: RequestWords,
  wheres: Readonly<Record<string, Where>>,
): MultiplePop<Where> | string {
  const isBlocking = words.name.startsWith('b');
  const at = isBlocking ? 2 : 1;
  const keys = words.integer(at) ?? 0;
  if (keys <= 0) return NOT_A_NUMBER_OF_KEYS;
  const index = at + 1 + keys;
  if (index >= words.count) return SYNTAX_ERROR;
  const where = meaningAt(words, index, wheres);
  if (where === undefined) return SYNTAX_ERROR;
  let count: number | undefined;
  for (let next = index + 1; next < words.count; next += 2) {
    if (count !== undefined || !words.is(next, 'COUNT') || next + 1 === words.count) return SYNTAX_ERROR;
    count = words.integer(next + 1) ?? 0;
    if (count <= 0) return 'ERR count should be greater than 0';
  }
  const seconds = isBlocking ? timeoutAt(words, 1) : undefined;
  if (typeof seconds === 'string') return seconds;
  return { keys: [at + 1, at + keys], where, count: count ?? 1, seconds };
}

/** SINTERCARD numkeys key … [LIMIT n] */
export function parseSintercard(
  words: RequestWords,
): { readonly keys: number; readonly limit: number } | string {
  const keys = words.integer(1) ?? 0;
  if (keys <= 0) return NOT_A_NUMBER_OF_KEYS;
  if (keys > words.count - 2) return "ERR Number of keys can't be greater than number of args";
  const limit = parseLimit(words, 2 + keys);
  return typeof limit === 'string' ? limit : { keys, limit };
}

/** Returns the number of keys after word `at` of ZUNION, ZINTER, ZDIFF and their kin, or the error. */
export function parseKeyCount(words: RequestWords, at: number): number | string {
  const keys = integerAt(words, at, NOT_AN_INTEGER);
  if (typeof keys === 'string') return keys;
  if (keys < 1) return `ERR at least 1 input key is needed for '${words.name}' command`;
  return keys > words.count - at - 1 ? SYNTAX_ERROR : keys;
}

/** Returns the LIMIT of SINTERCARD and ZINTERCARD from word `from` on, 0 for none, or the error. */
export function parseLimit(words: RequestWords, from: number): number | string {
  let limit = 0;
  for (let next = from; next < words.count; next += 2) {
    if (!words.is(next, 'LIMIT') || next + 1 === words.count) return SYNTAX_ERROR;
    limit = words.integer(next + 1) ?? -1;
    if (limit < 0) return "ERR LIMIT can't be negative";
  }
  return limit;
}
