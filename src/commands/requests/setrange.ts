import { integerAt } from '../request-numbers.js';
import type { RequestWords } from '../request-words.js';

/** SETRANGE key offset value: returns the offset. */
export function parseSetrange(words: RequestWords): number | string {
  const offset = integerAt(words, 2);
  return typeof offset === 'number' && offset < 0 ? 'ERR offset is out of range' : offset;
}
