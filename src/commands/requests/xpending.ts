import { SYNTAX_ERROR } from '../error-texts.js';
import { integerAt } from '../request-numbers.js';
import type { RequestWords } from '../request-words.js';
import { rangeId, type StreamId } from '../stream-id.js';

interface PendingRange {
  readonly minIdleMs: number;
  readonly start: StreamId;
  readonly end: StreamId;
  readonly count: number;
  /** The place of the consumer's name; 0 for all consumers. */
  readonly consumer: number;
}

export interface XpendingRequest {
  /** The range of the pending entries; undefined for a summary. */
  readonly range: PendingRange | undefined;
}

/** XPENDING key group [[IDLE ms] start end count [consumer]] */
export function parseXpending(words: RequestWords): XpendingRequest | string {
  const { count: length } = words;
  if (length === 3) return { range: undefined };
  if (length < 6 || length > 9) return SYNTAX_ERROR;
  const hasIdle = words.is(3, 'IDLE');
  const minIdleMs = hasIdle ? integerAt(words, 4) : 0;
  if (typeof minIdleMs === 'string') return minIdleMs;
  if (hasIdle && length < 8) return SYNTAX_ERROR;
  const at = hasIdle ? 5 : 3;
  const count = integerAt(words, at + 2);
  if (typeof count === 'string') return count;
  const start = rangeId(words.text(at), true);
  if (typeof start === 'string') return start;
  const end = rangeId(words.text(at + 1), false);
  if (typeof end === 'string') return end;
  return { range: { minIdleMs, start, end, count, consumer: at + 3 < length ? at + 3 : 0 } };
}
