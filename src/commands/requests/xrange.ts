import { isIn, type Release } from '../release.js';
import { RequestReader } from '../request-reader.js';
import type { RequestWords } from '../request-words.js';
import { compareIds, LEAST_ID, rangeId, type StreamId, strictId } from '../stream-id.js';

export interface XrangeRequest {
  readonly from: StreamId;
  readonly to: StreamId;
  readonly count: number;
  readonly isReversed: boolean;
}

/** XRANGE key start end [COUNT n], and XREVRANGE key end start [COUNT n] */
export function parseXrange(words: RequestWords): XrangeRequest | string {
  const isReversed = words.name === 'xrevrange';
  const from = rangeId(words.text(isReversed ? 3 : 2), true);
  if (typeof from === 'string') return from;
  const to = rangeId(words.text(isReversed ? 2 : 3), false);
  if (typeof to === 'string') return to;
  const reader = new RequestReader(words, 4);
  let count = Infinity;
  while (reader.hasMore) {
    if (reader.takes('COUNT', 1)) count = Math.max(0, reader.integer());
    else reader.refuse();
  }
  return reader.error ?? { from, to, count, isReversed };
}

/** Returns the ids that words from `first` on are, or the error. */
export function parseIds(
  words: RequestWords,
  first: number,
  count = words.count - first,
): StreamId[] | string {
  const ids: StreamId[] = [];
  for (let index = first; index < first + count; index++) {
    const id = strictId(words.text(index));
    if (typeof id === 'string') return id;
    ids.push(id);
  }
  return ids;
}

export interface XsetidRequest {
  readonly id: StreamId;
  readonly entriesAdded: number | undefined;
  readonly maxDeletedId: StreamId | undefined;
}

/** XSETID key id [ENTRIESADDED n] [MAXDELETEDID id] */
export function parseXsetid(words: RequestWords): XsetidRequest | string {
  const id = strictId(words.text(2));
  if (typeof id === 'string') return id;
  const reader = new RequestReader(words, 3);
  let entriesAdded: number | undefined;
  let maxDeletedId: StreamId | undefined;
  while (reader.hasMore) {
    if (reader.takes('ENTRIESADDED', 1)) {
      entriesAdded = reader.integer();
      if (entriesAdded < 0) reader.refuse('ERR entries_added must be positive');
    } else if (reader.takes('MAXDELETEDID', 1)) {
      maxDeletedId = reader.orError(strictId(reader.text()), LEAST_ID);
      if (compareIds(id, maxDeletedId) < 0) {
        reader.refuse('ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id');
      }
    } else reader.refuse();
  }
  return reader.error ?? { id, entriesAdded, maxDeletedId };
}

/** A stream as XSETID meets it. */
interface StreamState {
  readonly size: number;
  readonly maxDeletedId: StreamId;
}

/** Returns why XSETID cannot be carried out on a stream, whose last entry is given if it has one; undefined if it can. */
export function xsetidProblem(
  release: Release,
  { id, entriesAdded }: XsetidRequest,
  { size, maxDeletedId }: StreamState,
  lastEntry: StreamId | undefined,
): string | undefined {
  if (isIn(release, '7.2') && compareIds(id, maxDeletedId) < 0) {
    return 'ERR The ID specified in XSETID is smaller than current max_deleted_entry_id';
  }
  if (lastEntry === undefined) return undefined;
  if (compareIds(id, lastEntry) < 0) {
    return 'ERR The ID specified in XSETID is smaller than the target stream top item';
  }
  const isTooFew = entriesAdded !== undefined && size > entriesAdded;
  return isTooFew
    ? 'ERR The entries_added specified in XSETID is smaller than the target stream length'
    : undefined;
}
