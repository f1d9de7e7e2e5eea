import { globMatcher, latin1Bytes } from '../../base/index.js';
import { RequestReader } from '../request-reader.js';
import type { RequestWords } from '../request-words.js';

export interface ScanRequest {
  readonly count: number;
  readonly matches: (name: Uint8Array) => boolean;
  /** The type of the keys in lower case; undefined for all types. */
  readonly type: string | undefined;
}

/** Returns the cursor that a word is, or the error. */
export function parseCursor(words: RequestWords, index: number): number | string {
  const text = words.text(index);
  // strtoul reads nothing as 0 and takes a sign.
  const isNumber = text === '' || /^[+-]?\d+$/.test(text);
  if (!isNumber || BigInt(text) >= 1n << 64n) return 'ERR invalid cursor';
  return Number(BigInt.asUintN(64, BigInt(text)));
}

/** Parses the options of SCAN from word 2 on, and those of SSCAN, HSCAN and ZSCAN from word 3 on. */
export function parseScan(words: RequestWords): ScanRequest | string {
  const isOfKeys = words.name === 'scan';
  const reader = new RequestReader(words, isOfKeys ? 2 : 3);
  let count = 10;
  let matches: ScanRequest['matches'] = () => true;
  let type: string | undefined;
  while (reader.hasMore) {
    if (reader.takes('COUNT', 1)) {
      count = reader.integer();
      if (count < 1) reader.refuse();
    } else if (reader.takes('MATCH', 1)) matches = globMatcher(latin1Bytes(reader.text()));
    else if (isOfKeys && reader.takes('TYPE', 1)) type = reader.text().toLowerCase();
    else reader.refuse();
  }
  return reader.error ?? { count, matches, type };
}
