import { OUT_OF_RANGE, SYNTAX_ERROR, wrongArity } from '../error-texts.js';
import { positiveAt, signedCountAt } from '../request-numbers.js';
import type { RequestWords } from '../request-words.js';

export interface PopRequest {
  /** The number of elements; undefined for one, which is the whole reply. */
  readonly count: number | undefined;
}

const ONE: PopRequest = { count: undefined };

/** SPOP, ZPOPMIN, ZPOPMAX key [count] */
export function parsePop(words: RequestWords): PopRequest | string {
  if (words.count === 2) return ONE;
  if (words.count > 3) return SYNTAX_ERROR;
  const count = positiveAt(words, 2);
  return typeof count === 'string' ? count : { count };
}

/** LPOP, RPOP key [count] */
export function parseListPop(words: RequestWords): PopRequest | string {
  return words.count > 3 ? wrongArity(words.name) : parsePop(words);
}

export interface RandomRequest {
  /** The number of elements, with repetitions if negative; undefined for one, which is the whole reply. */
  readonly count: number | undefined;
  readonly withValues: boolean;
}

const ONE_AT_RANDOM: RandomRequest = { count: undefined, withValues: false };

/** The most elements that are chosen with repetitions. A server makes larger replies, which are not made here. */
const MAX_CHOSEN = 10_000_000;
const TOO_MANY_CHOSEN = `ERR not supported by the lab: over ${MAX_CHOSEN} elements with repetitions`;

/** SRANDMEMBER key [count]; with `option` HRANDFIELD and ZRANDMEMBER key [count [option]] */
export function parseRandom(words: RequestWords, option?: string): RandomRequest | string {
  if (words.count === 2) return ONE_AT_RANDOM;
  if (option === undefined && words.count > 3) return SYNTAX_ERROR;
  const count = signedCountAt(words, 2);
  if (typeof count === 'string') return count;
  const withValues = words.count === 4 && option !== undefined && words.is(3, option);
  if (words.count > 3 && !withValues) return SYNTAX_ERROR;
  if (withValues && Math.abs(count) > MAX_PAIRS) return OUT_OF_RANGE;
  return count < -MAX_CHOSEN ? TOO_MANY_CHOSEN : { count, withValues };
}

/** The most pairs of element and value, since a server counts both together in 64 bits. */
const MAX_PAIRS = 2 ** 62 - 512;

/** Returns the number of elements in the reply to a request for random ones. */
export function chosenCount(count: number | undefined, size: number): number {
  if (count === undefined) return Math.min(1, size);
  return count < 0 ? -count : Math.min(count, size);
}
