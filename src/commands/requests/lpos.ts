import { signedCountAt } from '../request-numbers.js';
import { RequestReader } from '../request-reader.js';
import type { RequestWords } from '../request-words.js';

export interface LposRequest {
  /** The rank of the first match, counted from the end if negative. */
  readonly rank: number;
  /** The number of matches, 0 for all; undefined for one, whose position is the whole reply. */
  readonly count: number | undefined;
  /** The number of elements to compare; Infinity for all. */
  readonly maxLength: number;
}

const RANK_ZERO =
  "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... " +
  'or use negative to start from the end of the list';

/** LPOS key element [RANK rank] [COUNT count] [MAXLEN length] */
export function parseLpos(words: RequestWords): LposRequest | string {
  const reader = new RequestReader(words, 3);
  let rank = 1;
  let count: number | undefined;
  let maxLength = 0;
  while (reader.hasMore) {
    if (reader.takes('RANK', 1)) {
      rank = reader.orError(signedCountAt(words, reader.take()), 1);
      if (rank === 0) reader.refuse(RANK_ZERO);
    } else if (reader.takes('COUNT', 1)) count = reader.positive("ERR COUNT can't be negative");
    else if (reader.takes('MAXLEN', 1)) maxLength = reader.positive("ERR MAXLEN can't be negative");
    else reader.refuse();
  }
  return reader.error ?? { rank, count, maxLength: maxLength === 0 ? Infinity : maxLength };
}
