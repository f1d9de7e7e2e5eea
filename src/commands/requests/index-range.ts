import { integerAt } from '../request-numbers.js';
import type { RequestWords } from '../request-words.js';

/** The two ends of a range, both included. An end below 0 counts from the end. */
export interface IndexRange {
  readonly start: number;
  readonly end: number;
}

export interface Places {
  readonly first: number;
  readonly count: number;
}

/** GETRANGE, LRANGE, LTRIM, ZREMRANGEBYRANK key start end */
export function parseIndexRange(words: RequestWords, at = 2): IndexRange | string {
  const start = integerAt(words, at);
  if (typeof start === 'string') return start;
  const end = integerAt(words, at + 1);
  return typeof end === 'string' ? end : { start, end };
}

/** Returns the bytes of a string that a range selects. An end before the first byte is the first byte. */
export function bytesIn({ start, end }: IndexRange, length: number): Places {
  const first = Math.max(0, start < 0 ? length + start : start);
  const last = Math.min(length - 1, Math.max(0, end < 0 ? length + end : end));
  return { first, count: Math.max(0, last - first + 1) };
}

/** Whether a range is empty for any string. */
export function isReversed({ start, end }: IndexRange): boolean {
  return start < 0 && end < 0 && start > end;
}

/** Returns the elements that a range selects; undefined if there are none. */
export function elementsIn({ start, end }: IndexRange, size: number): Places | undefined {
  const first = Math.max(0, start < 0 ? size + start : start);
  const last = Math.min(size - 1, end < 0 ? size + end : end);
  return first > last || first >= size ? undefined : { first, count: last - first + 1 };
}
