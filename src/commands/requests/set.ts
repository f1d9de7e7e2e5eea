import { SYNTAX_ERROR } from '../error-texts.js';
import { meaningAt, type RequestWords } from '../request-words.js';
import { TIME_FORMS, type TimeForm } from './expiry-time.js';
import { takesCondition, type ValueCondition, type ValueConditions } from './value-condition.js';

/** The options of SET and GETEX. */
export interface SetRequest {
  readonly onlyNew: boolean;
  readonly onlyExisting: boolean;
  /** The condition on the value that the key has; undefined if there is none. */
  readonly condition: ValueCondition | undefined;
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
  condition: undefined,
  get: 0,
  keepsExpiry: false,
  persists: false,
  expiryIndex: 0,
  time: undefined,
};

/** SETEX and PSETEX have the time before the value. */
export const SETEX_REQUEST: SetRequest = { ...PLAIN, expiryIndex: 2, time: TIME_FORMS.EX };
export const PSETEX_REQUEST: SetRequest = { ...PLAIN, expiryIndex: 2, time: TIME_FORMS.PX };

type FoundOptions = { -readonly [Name in keyof SetRequest]: SetRequest[Name] };

/** SET key value [NX | XX | IFEQ value | …] [GET] [KEEPTTL | EX n | PX n | EXAT n | PXAT n] */
export function parseSet(words: RequestWords, conditions: ValueConditions): SetRequest | string {
  if (words.count === 3) return PLAIN;
  const found: FoundOptions = { ...PLAIN };
  for (let index = 3; index < words.count; index++) {
    if (words.is(index, 'GET')) found.get = index;
    else if (takesCondition(words, index, conditions, found)) index++;
    else if (!takesKeyOption(words, index, found, conditions === 'IFEQ')) {
      if (found.keepsExpiry || !takesTime(words, index, found)) return SYNTAX_ERROR;
      index++;
    }
  }
  return found;
}

/** MSETEX after its keys and values: [NX | XX] [KEEPTTL | EX n | PX n | EXAT n | PXAT n] */
export function parseSetOptions(words: RequestWords, from: number): SetRequest | string {
  const found: FoundOptions = { ...PLAIN };
  for (let index = from; index < words.count; index++) {
    if (takesKeyOption(words, index, found, false)) continue;
    if (found.keepsExpiry || !takesTime(words, index, found)) return SYNTAX_ERROR;
    index++;
  }
  return found;
}

/** Whether a word is NX, XX or KEEPTTL where it may be. Valkey does not take NX and XX after a condition on the value. */
function takesKeyOption(
  words: RequestWords,
  index: number,
  found: FoundOptions,
  conditionExcludes: boolean,
): boolean {
  const isExcluded = conditionExcludes && found.condition !== undefined;
  if (words.is(index, 'NX') && !found.onlyExisting && !isExcluded) found.onlyNew = true;
  else if (words.is(index, 'XX') && !found.onlyNew && !isExcluded) found.onlyExisting = true;
  else if (words.is(index, 'KEEPTTL') && found.time === undefined) found.keepsExpiry = true;
  else return false;
  return true;
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
