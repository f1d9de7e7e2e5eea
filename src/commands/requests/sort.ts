import { RequestReader } from '../request-reader.js';
import type { RequestWords } from '../request-words.js';

export interface SortRequest {
  readonly isDescending: boolean;
  readonly isAlpha: boolean;
  /** Whether the elements are sorted; they stay in their order if BY is a constant. */
  readonly isSorted: boolean;
  /** The place of the pattern of BY; 0 if there is none. */
  readonly by: number;
  /** The places of the patterns of GET. */
  readonly get: readonly number[];
  /** The place of the key to store in; 0 if there is none. */
  readonly store: number;
  readonly offset: number;
  /** The greatest number of elements; negative for all. */
  readonly limit: number;
}

/**
 * SORT key [BY pattern] [LIMIT offset count] [GET pattern …] [ASC | DESC] [ALPHA] [STORE key], and SORT_RO without
 * STORE
 */
export function parseSort(words: RequestWords, isCluster: boolean, onGet?: () => void): SortRequest | string {
  const reader = new RequestReader(words, 2);
  let isDescending = false;
  let isAlpha = false;
  let isSorted = true;
  let by = 0;
  const get: number[] = [];
  let store = 0;
  let offset = 0;
  let limit = -1;
  while (reader.hasMore) {
    if (reader.takes('ASC')) isDescending = false;
    else if (reader.takes('DESC')) isDescending = true;
    else if (reader.takes('ALPHA')) isAlpha = true;
    else if (reader.takes('LIMIT', 2)) {
      offset = reader.integer();
      limit = reader.integer();
    } else if (words.name === 'sort' && reader.takes('STORE', 1)) store = reader.take();
    else if (reader.takes('BY', 1)) {
      by = reader.take();
      isSorted &&= words.text(by).includes('*');
      if (isCluster && isSorted) reader.refuse(deniedInCluster('BY'));
    } else if (reader.takes('GET', 1)) {
      if (isCluster) reader.refuse(deniedInCluster('GET'));
      else onGet?.();
      get.push(reader.take());
    } else reader.refuse();
  }
  return reader.error ?? { isDescending, isAlpha, isSorted, by, get, store, offset, limit };
}

export const NOT_A_WEIGHT = "ERR One or more scores can't be converted into double";

function deniedInCluster(option: string): string {
  return `ERR ${option} option of SORT denied in Cluster mode.`;
}
