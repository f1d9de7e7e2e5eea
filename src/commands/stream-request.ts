import { parseInteger64 } from '../base/index.js';
import { NOT_AN_INTEGER, type RequestWords, SYNTAX_ERROR } from './request-words.js';
import { parseId, type StreamId } from './stream-id.js';

export interface Trimming {
  readonly length: number | undefined;
  readonly before: StreamId | undefined;
  readonly isApproximate: boolean;
  /** Entries that go at most; 0: any number. */
  readonly limit: number;
  /** Argument that the length or id is. */
  readonly argument: number;
}

export interface StreamRequest {
  readonly trimming: Trimming | undefined;
  readonly makesStream: boolean;
  /** Argument with the id of XADD. */
  readonly next: number;
}

const INVALID_ID = 'ERR Invalid stream ID specified as stream command argument';

/** MAXLEN or MINID, LIMIT and NOMKSTREAM, up to the id of XADD; or the error. */
export function streamRequest(
  words: RequestWords,
  isAdd: boolean,
  nodeEntries: number,
): StreamRequest | string {
  let at = 2;
  let length: number | undefined;
  let before: StreamId | undefined;
  let argument = 0;
  let limit: number | undefined;
  let isApproximate = false;
  let makesStream = true;
  for (; at < words.count; at++) {
    const hasNext = at + 1 < words.count;
    if (hasNext && (words.is(at, 'MAXLEN') || words.is(at, 'MINID'))) {
      const byLength = words.is(at, 'MAXLEN');
      if (argument > 0)
        return `${SYNTAX_ERROR}, MAXLEN and MINID options at the same time are not compatible`;
      const sign = at + 2 < words.count ? words.text(at + 1) : '';
      isApproximate = sign === '~';
      at += sign === '~' || sign === '=' ? 2 : 1;
      argument = at;
      if (byLength) {
        const given = notNegative(words.text(at), 'MAXLEN');
        if (typeof given === 'string') return given;
        length = given;
      } else {
        before = parseId(words.text(at), 0);
        if (before === undefined) return INVALID_ID;
      }
    } else if (hasNext && words.is(at, 'LIMIT')) {
      const given = notNegative(words.text(++at), 'LIMIT');
      if (typeof given === 'string') return given;
      limit = given;
    } else if (isAdd && words.is(at, 'NOMKSTREAM')) makesStream = false;
    else if (isAdd) {
      const id = words.text(at);
      const isId = id === '*' || parseId(id.endsWith('-*') ? id.slice(0, -2) : id, 0) !== undefined;
      if (!isId) return INVALID_ID;
      break;
    } else return SYNTAX_ERROR;
  }
  if (limit !== undefined && limit > 0 && argument === 0) {
    return `${SYNTAX_ERROR}, LIMIT cannot be used without specifying a trimming strategy`;
  }
  if (!isAdd && argument === 0) return `${SYNTAX_ERROR}, XTRIM must be called with a trimming strategy`;
  if (limit !== undefined && !isApproximate) {
    return `${SYNTAX_ERROR}, LIMIT cannot be used without the special ~ option`;
  }
  const most = isApproximate ? (limit ?? defaultLimit(nodeEntries)) : 0;
  const trimming = argument > 0 ? { length, before, isApproximate, limit: most, argument } : undefined;
  return { trimming, makesStream, next: at };
}

function notNegative(text: string, what: string): number | string {
  const value = parseInteger64(text);
  if (value === undefined) return NOT_AN_INTEGER;
  return value < 0n ? `ERR The ${what} argument must be >= 0.` : Number(value);
}

/** A hundred listpacks. */
function defaultLimit(nodeEntries: number): number {
  return Math.min(nodeEntries > 0 ? 100 * nodeEntries : 10_000, 1_000_000);
}
