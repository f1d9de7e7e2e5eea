import { RequestReader } from '../request-reader.js';
import type { RequestWords } from '../request-words.js';

export interface LcsRequest {
  readonly onlyLength: boolean;
  readonly withPlaces: boolean;
  /** The least length of a reported match. */
  readonly minLength: number;
  readonly withLengths: boolean;
}

export const LCS_OF_OTHERS = 'ERR The specified keys must contain string values';

/** LCS key key [LEN] [IDX] [MINMATCHLEN n] [WITHMATCHLEN] */
export function parseLcs(words: RequestWords): LcsRequest | string {
  const reader = new RequestReader(words, 3);
  let onlyLength = false;
  let withPlaces = false;
  let minLength = 0;
  let withLengths = false;
  while (reader.hasMore) {
    if (reader.takes('LEN')) onlyLength = true;
    else if (reader.takes('IDX')) withPlaces = true;
    else if (reader.takes('MINMATCHLEN', 1)) minLength = reader.integer();
    else if (reader.takes('WITHMATCHLEN')) withLengths = true;
    else reader.refuse();
  }
  if (onlyLength && withPlaces) {
    reader.refuse('ERR If you want both the length and indexes, please just use IDX.');
  }
  return reader.error ?? { onlyLength, withPlaces, minLength, withLengths };
}
