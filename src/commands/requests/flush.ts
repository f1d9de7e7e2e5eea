import { SYNTAX_ERROR } from '../error-texts.js';
import { meaningAt, type RequestWords } from '../request-words.js';

type FlushMode = 'by default' | 'in background' | 'at once';

const MODES: Readonly<Record<string, FlushMode>> = { SYNC: 'at once', ASYNC: 'in background' };

export interface FlushRequest {
  readonly mode: FlushMode;
}

/** FLUSHDB, FLUSHALL [SYNC | ASYNC] */
export function parseFlush(words: RequestWords): FlushRequest | string {
  const mode = words.count === 1 ? 'by default' : meaningAt(words, 1, MODES);
  return mode === undefined || words.count > 2 ? SYNTAX_ERROR : { mode };
}
