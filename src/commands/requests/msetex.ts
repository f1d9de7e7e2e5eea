import { SYNTAX_ERROR } from '../error-texts.js';
import type { RequestWords } from '../request-words.js';
import { parseSetOptions, type SetRequest } from './set.js';

/**
 * The two forms of MSETEX. In the first, values stay in the arguments while keys have them, so that an expiry copies
 * them; in the second, keys take them over.
 */
export type MsetexForm = 'shares values' | 'takes values';

export interface MsetexRequest extends SetRequest {
  /** The number of keys, each of which a value follows, from word 2 on. */
  readonly keys: number;
}

const MAX_KEYS = 2 ** 31 - 1;

/** MSETEX numkeys key value … [NX | XX] [KEEPTTL | EX n | PX n | EXAT n | PXAT n] */
export function parseMsetex(words: RequestWords, form: MsetexForm): MsetexRequest | string {
  const keys = words.integer(1) ?? 0;
  const isRedis = form === 'shares values';
  if (keys < 1 || keys > MAX_KEYS) return `ERR invalid numkeys value${isRedis ? '' : ' or out of range'}`;
  const end = 2 + keys * 2;
  if (end > words.count) return isRedis ? 'ERR wrong number of key-value pairs' : SYNTAX_ERROR;
  const options = parseSetOptions(words, end);
  return typeof options === 'string' ? options : { ...options, keys };
}
