import { SYNTAX_ERROR } from '../error-texts.js';
import { timeoutAt } from '../request-numbers.js';
import { meaningAt, type RequestWords } from '../request-words.js';

export type ListEnd = 'head' | 'tail';

export const LIST_ENDS: Readonly<Record<string, ListEnd>> = { LEFT: 'head', RIGHT: 'tail' };

export interface ListMove {
  readonly from: ListEnd;
  readonly to: ListEnd;
  /** The timeout in seconds, 0 for none; undefined if the command does not block. */
  readonly seconds: number | undefined;
}

/** LMOVE source target from to, and BLMOVE with a timeout after it */
export function parseMove(words: RequestWords): ListMove | string {
  const from = meaningAt(words, 3, LIST_ENDS);
  const to = meaningAt(words, 4, LIST_ENDS);
  if (from === undefined || to === undefined) return SYNTAX_ERROR;
  return withTimeout(words, 5, from, to);
}

/** RPOPLPUSH source target, and BRPOPLPUSH with a timeout after it */
export function parseTailToHead(words: RequestWords): ListMove | string {
  return withTimeout(words, 3, 'tail', 'head');
}

function withTimeout(words: RequestWords, index: number, from: ListEnd, to: ListEnd): ListMove | string {
  const seconds = index < words.count ? timeoutAt(words, index) : undefined;
  return typeof seconds === 'string' ? seconds : { from, to, seconds };
}

const SIDES = { BEFORE: 0, AFTER: 1 };

/** LINSERT key BEFORE | AFTER pivot element: returns the new element's place relative to the pivot's old place. */
export function parseLinsert(words: RequestWords): number | string {
  return meaningAt(words, 2, SIDES) ?? SYNTAX_ERROR;
}
