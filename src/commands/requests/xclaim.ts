import { echoed } from '../error-texts.js';
import { integerAt } from '../request-numbers.js';
import { RequestReader } from '../request-reader.js';
import type { RequestWords } from '../request-words.js';
import { LEAST_ID, parseId, rangeId, type StreamId, strictId } from '../stream-id.js';

/** A request for entries that a consumer takes over from others. The place of its name is 3. */
export interface XclaimRequest {
  readonly minIdleMs: number;
  readonly ids: readonly StreamId[];
  /** The delivery time of the entries: a duration ago, or a time since 1970; undefined for now. */
  readonly delivered: { readonly ms: number; readonly isAgo: boolean } | undefined;
  /** The number of deliveries; negative for one more for each entry. */
  readonly deliveries: number;
  readonly isForced: boolean;
  readonly justIds: boolean;
  readonly lastId: StreamId;
}

/** XCLAIM key group consumer min-idle id … [IDLE ms] [TIME ms] [RETRYCOUNT n] [FORCE] [JUSTID] [LASTID id] */
export function parseXclaim(words: RequestWords): XclaimRequest | string {
  const minIdleMs = minIdle(words);
  if (typeof minIdleMs === 'string') return minIdleMs;
  const reader = new RequestReader(words, 5);
  const ids: StreamId[] = [];
  for (; reader.hasMore; reader.index++) {
    const id = parseId(words.text(reader.index), 0);
    if (id === undefined) break;
    ids.push(id);
  }
  let delivered: XclaimRequest['delivered'];
  let deliveries = -1;
  let isForced = false;
  let justIds = false;
  let lastId = LEAST_ID;
  const numberOf = (option: string) => reader.integer(`ERR Invalid ${option} option argument for XCLAIM`);
  while (reader.hasMore) {
    if (reader.takes('FORCE')) isForced = true;
    else if (reader.takes('JUSTID')) justIds = true;
    else if (reader.takes('IDLE', 1)) delivered = { ms: numberOf('IDLE'), isAgo: true };
    else if (reader.takes('TIME', 1)) delivered = { ms: numberOf('TIME'), isAgo: false };
    else if (reader.takes('RETRYCOUNT', 1)) deliveries = numberOf('RETRYCOUNT');
    else if (reader.takes('LASTID', 1)) lastId = reader.orError(strictId(reader.text()), LEAST_ID);
    else reader.refuse(`ERR Unrecognized XCLAIM option '${echoed(reader.text())}'`);
  }
  return reader.error ?? { minIdleMs, ids, delivered, deliveries, isForced, justIds, lastId };
}

export interface XautoclaimRequest {
  readonly minIdleMs: number;
  readonly start: StreamId;
  readonly count: number;
  readonly justIds: boolean;
}

const COUNT_TOO_SMALL = 'ERR COUNT must be > 0';
/** The limit of a server, as the nearest double. */
const MAX_COUNT = 2 ** 59;

/** XAUTOCLAIM key group consumer min-idle start [COUNT n] [JUSTID] */
export function parseXautoclaim(words: RequestWords): XautoclaimRequest | string {
  const minIdleMs = minIdle(words);
  if (typeof minIdleMs === 'string') return minIdleMs;
  const start = rangeId(words.text(5), true);
  if (typeof start === 'string') return start;
  const reader = new RequestReader(words, 6);
  let count = 100;
  let justIds = false;
  while (reader.hasMore) {
    if (reader.takes('COUNT', 1)) {
      count = reader.integer(COUNT_TOO_SMALL);
      if (count < 1 || count > MAX_COUNT) reader.refuse(COUNT_TOO_SMALL);
    } else if (reader.takes('JUSTID')) justIds = true;
    else reader.refuse();
  }
  return reader.error ?? { minIdleMs, start, count, justIds };
}

function minIdle(words: RequestWords): number | string {
  return integerAt(words, 4, `ERR Invalid min-idle-time argument for ${words.name.toUpperCase()}`);
}

/** The entries that XAUTOCLAIM checks for each requested one. */
export const CLAIM_ATTEMPTS = 10;
