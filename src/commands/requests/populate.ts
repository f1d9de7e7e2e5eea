import { positiveAt } from '../request-numbers.js';
import type { RequestWords } from '../request-words.js';

export interface PopulateRequest {
  readonly count: number;
  readonly prefix: string;
  /** The bytes of each value; 0 for the length of its text. */
  readonly size: number;
}

/** DEBUG POPULATE count [prefix] [size] */
export function parsePopulate(words: RequestWords): PopulateRequest | string {
  const count = positiveAt(words, 2);
  if (typeof count === 'string') return count;
  const size = words.count > 4 ? positiveAt(words, 4) : 0;
  if (typeof size === 'string') return size;
  return { count, prefix: words.count > 3 ? words.text(3) : 'key', size };
}

/** Whether the word of DEBUG SET-ACTIVE-EXPIRE switches it on: as in C, a text without a number is 0. */
export function isSwitchedOn(word: string): boolean {
  const number = Number.parseInt(word, 10);
  return number !== 0 && !Number.isNaN(number);
}
