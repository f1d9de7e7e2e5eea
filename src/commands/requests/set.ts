import { SYNTAX_ERROR } from '../error-texts.js';
import { meaningAt, type RequestWords } from '../request-words.js';
import { TIME_FORMS, type TimeForm } from './expiry-time.js';

/** The options of SET and GETEX. */
export interface SetRequest {
  readonly onlyNew: boolean;
  readonly onlyExisting: boolean;
  /** The place of the last GET; 0 if there is none. */
  readonly get: number;
  readonly keepsExpiry: boolean;
  readonly persists: boolean;
  /** The place of the expiry, which means nothing without `time`. */
  readonly expiryIndex: number;
  readonly time: TimeForm | undefined;
}

/** A request without options. It is shared, because a plain SET has to allocate nothing. */
const PLAIN: SetRequest = {
  onlyNew: false,
  onlyExisting: false,
  get: 0,
  keepsExpiry: false,
  persists: false,
  expiryIndex: 0,
  time: undefined,
};

/** SETEX and PSETEX have the time before the value. */
export const SETEX_REQUEST: SetRequest = { ...PLAIN, expiryIndex: 2, time: TIME_FORMS.EX };
export const PSETEX_REQUEST: SetRequest = { ...PLAIN, expiryIndex: 2, time: TIME_FORMS.PX };

/** SET key value [NX | XX] [GET] [KEEPTTL | EX n | PX n | EXAT n | PXAT n] */
export function parseSet(words: RequestWords): SetRequest | string {
  if (words.count === 3) return PLAIN;
  const found = { ...PLAIN };
  for (let index = 3; index < words.count; index++) {
    if (words.is(index, 'NX') && !found.onlyExisting) found.onlyNew = true;
    else if (words.is(index, 'XX') && !found.onlyNew) found.onlyExisting = true;
    else if (words.is(index, 'GET')) found.get = index;
    else if (words.is(index, 'KEEPTTL') && found.time === undefined) found.keepsExpiry = true;
    else if (found.keepsExpiry || !takesTime(words, index, found)) return SYNTAX_ERROR;
    else index++;
  }
  return found;
}

/** GETEX key [PERSIST | EX n | PX n | EXAT n | PXAT n] */
export function parseGetex(words: RequestWords): SetRequest | string {
  if (words.count === 2) return PLAIN;
  const found = { ...PLAIN };
  for (let index = 2; index < words.count; index++) {
    if (words.is(index, 'PERSIST') && found.time === undefined) found.persists = true;
    else if (found.persists || !takesTime(words, index, found)) return SYNTAX_ERROR;
    else index++;
  }
  return found;
}

/** Whether a word announces an expiry, which is before the word `end`. An expiry may be repeated in the same form. */
export function takesTime(
  words: RequestWords,
  index: number,
  found: { time: TimeForm | undefined; expiryIndex: number },
  end = words.count,
): boolean {
  const form = meaningAt<TimeForm>(words, index, TIME_FORMS);
  if (form === undefined || index + 1 === end) return false;
  if (found.time !== undefined && found.time !== form) return false;
  found.time = form;
  found.expiryIndex = index + 1;
  return true;
}
