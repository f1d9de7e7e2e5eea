import { SYNTAX_ERROR } from '../error-texts.js';
import { meaningAt, type RequestWords } from '../request-words.js';

/** Whether a deletion keeps entries pending in groups, takes them out of all groups, or spares those not acknowledged. */
export type EntryReferences = 'kept' | 'dropped' | 'acknowledged';

export const REFERENCES: Readonly<Record<string, EntryReferences>> = {
  KEEPREF: 'kept',
  DELREF: 'dropped',
  ACKED: 'acknowledged',
};

/** XDELEX and XACKDEL, whose ids are checked once the key is known to hold a stream. */
export interface EntriesRequest {
  readonly references: EntryReferences;
  /** The place of the first id, and the number of ids. */
  readonly first: number;
  readonly count: number;
}

/** XDELEX key, XACKDEL key group [KEEPREF | DELREF | ACKED] IDS n id … */
export function parseEntries(words: RequestWords): EntriesRequest | string {
  let references: EntryReferences | undefined;
  let ids: { first: number; count: number } | undefined;
  for (let index = words.name === 'xackdel' ? 3 : 2; index < words.count; ) {
    const meaning = references === undefined ? meaningAt(words, index, REFERENCES) : undefined;
    if (meaning !== undefined) {
      references = meaning;
      index++;
    } else if (words.is(index, 'IDS') && index + 1 < words.count) {
      const count = words.integer(index + 1) ?? 0;
      if (count < 1) return 'ERR Number of IDs must be a positive integer';
      if (count > words.count - index - 2) {
        return 'ERR The `numids` parameter must match the number of arguments';
      }
      ids = { first: index + 2, count };
      index += 2 + count;
    } else return SYNTAX_ERROR;
  }
  return ids === undefined ? 'ERR IDS option is required' : { references: references ?? 'kept', ...ids };
}
