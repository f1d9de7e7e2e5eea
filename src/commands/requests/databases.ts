import { SAME_OBJECT } from '../error-texts.js';
import { int32At } from '../request-numbers.js';
import { RequestReader } from '../request-reader.js';
import type { RequestWords } from '../request-words.js';

/** The databases that a request can name. */
export interface DatabaseRange {
  readonly databases: number;
  readonly isCluster: boolean;
}

const NO_SUCH_DATABASE = 'ERR DB index is out of range';

/** Returns the number of a database, or the error. */
function databaseAt(
  words: RequestWords,
  index: number,
  databases: number,
  message?: string,
): number | string {
  const number = int32At(words, index, message);
  return typeof number === 'string' || (number >= 0 && number < databases) ? number : NO_SUCH_DATABASE;
}

/** SELECT database */
export function parseSelect(words: RequestWords, { databases, isCluster }: DatabaseRange): number | string {
  const number = int32At(words, 1);
  if (isCluster && typeof number === 'number' && number !== 0) {
    return 'ERR SELECT is not allowed in cluster mode';
  }
  return databaseAt(words, 1, databases);
}

/** MOVE key database. `selected` is where the key is. */
export function parseMoveKey(
  words: RequestWords,
  { databases, isCluster }: DatabaseRange,
  selected: number,
): number | string {
  if (isCluster) return 'ERR MOVE is not allowed in cluster mode';
  const number = databaseAt(words, 2, databases);
  return number === selected ? SAME_OBJECT : number;
}

/** SWAPDB database database */
export function parseSwapdb(
  words: RequestWords,
  { databases, isCluster }: DatabaseRange,
): readonly [number, number] | string {
  if (isCluster) return 'ERR SWAPDB is not allowed in cluster mode';
  const first = int32At(words, 1, 'ERR invalid first DB index');
  if (typeof first === 'string') return first;
  const second = databaseAt(words, 2, databases, 'ERR invalid second DB index');
  if (typeof second === 'string') return second;
  return first >= 0 && first < databases ? [first, second] : NO_SUCH_DATABASE;
}

export interface CopyRequest {
  readonly replaces: boolean;
  readonly database: number;
}

/** COPY source target [DB database] [REPLACE] */
export function parseCopy(
  words: RequestWords,
  { databases, isCluster }: DatabaseRange,
  selected: number,
): CopyRequest | string {
  const reader = new RequestReader(words, 3);
  let replaces = false;
  let database = selected;
  while (reader.hasMore) {
    if (reader.takes('REPLACE')) replaces = true;
    else if (reader.takes('DB', 1)) {
      database = reader.orError(databaseAt(words, reader.take(), databases), selected);
    } else reader.refuse();
  }
  if (isCluster && database !== 0) {
    reader.refuse('ERR Copying to another database is not allowed in cluster mode');
  }
  if (database === selected && words.text(1) === words.text(2)) reader.refuse(SAME_OBJECT);
  return reader.error ?? { replaces, database };
}
