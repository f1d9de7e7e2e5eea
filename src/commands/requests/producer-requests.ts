import { RequestReader } from '../request-reader.js';
import type { RequestWords } from '../request-words.js';
import { type StreamId, strictId } from '../stream-id.js';

/** The settings that XCFGSET changes; undefined for those that it leaves. */
export interface XcfgsetRequest {
  /** Seconds for which requests are remembered. */
  readonly duration: number | undefined;
  /** The most requests of a producer that are remembered. */
  readonly most: number | undefined;
}

/** XCFGSET key [IDMP-DURATION seconds] [IDMP-MAXSIZE n], which is parsed once the key is known to hold a stream. */
export function parseXcfgset(words: RequestWords): XcfgsetRequest | string {
  const reader = new RequestReader(words, 2);
  let duration: number | undefined;
  let most: number | undefined;
  const within = (option: string, known: number | undefined, limit: number, unit: string) => {
    if (known !== undefined) reader.refuse(`ERR ${option} specified multiple times`);
    const value = reader.integer();
    if (value < 1 || value > limit) reader.refuse(`ERR ${option} must be between 1 and ${limit} ${unit}`);
    return value;
  };
  while (reader.hasMore) {
    if (reader.takes('IDMP-DURATION', 1)) duration = within('IDMP-DURATION', duration, 86_400, 'seconds');
    else if (reader.takes('IDMP-MAXSIZE', 1)) most = within('IDMP-MAXSIZE', most, 10_000, 'entries');
    else reader.refuse();
  }
  if (duration === undefined && most === undefined)
    reader.refuse('ERR At least one parameter must be specified');
  return reader.error ?? { duration, most };
}

/** XIDMPRECORD key producer request id: returns the id, or the error. */
export function parseXidmprecord(words: RequestWords): { readonly id: StreamId } | string {
  const id = strictId(words.text(4));
  if (typeof id === 'string') return id;
  if (words.text(2) === '') return 'ERR producer ID must be non-empty';
  return words.text(3) === '' ? 'ERR idempotent ID must be non-empty' : { id };
}

export const NO_SUCH_ENTRY = 'ERR No such message in stream';
export const OTHER_REQUEST = 'ERR IID already exists for this producer with a different stream ID';

/** Returns a text that two entries share if their fields have the same values, in any order: a digest names both. */
export function contentOfEntry(words: RequestWords, from: number): string {
  const pairs: string[] = [];
  for (let index = from; index < words.count; index += 2) {
    const [field, value] = [words.text(index), words.text(index + 1)];
    pairs.push(`${field.length}:${field}${value.length}:${value}`);
  }
  return pairs.sort().join('');
}

/** The bytes of the digest that names a request after its entry. */
export const CONTENT_DIGEST_BYTES = 16;
