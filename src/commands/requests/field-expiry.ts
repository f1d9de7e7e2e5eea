import { NOT_AN_INTEGER, SYNTAX_ERROR, wrongArity } from '../error-texts.js';
import { meaningAt, type RequestWords } from '../request-words.js';
import { type ExpireRequest, parseExpire } from './expire.js';
import { invalidTime, parseTime, TIME_FORMS, type TimeForm } from './expiry-time.js';
import { takesTime } from './set.js';

/**
 * The form of a request on fields that expire. Options and fields have fixed places, or options may also follow the
 * fields, or all words before FIELDS are options.
 */
export type FieldForm = 'fixed places' | 'any order' | 'fields last';

/** The fields of a request: the place of the first one, and their number. */
export interface Fields {
  readonly first: number;
  readonly count: number;
}

/** HEXPIRE and its kin. The time is in milliseconds since 1970. */
export interface FieldExpireRequest extends Fields {
  readonly when: number;
  readonly condition: ExpireRequest;
}

/** HSETEX and HGETEX. */
export interface FieldOptionsRequest extends Fields {
  readonly onlyNewKey: boolean;
  readonly onlyExistingKey: boolean;
  readonly onlyNewFields: boolean;
  readonly onlyExistingFields: boolean;
  readonly keepsExpiry: boolean;
  readonly persists: boolean;
  readonly time: TimeForm | undefined;
  /** The place of the expiry, which means nothing without `time`. */
  readonly expiryIndex: number;
  /**
   * The time in milliseconds since 1970; 0 without `time`. A text is the error of a time that no field can have, which is
   * found after the key has been looked up.
   */
  readonly when: number | string;
}

const MISPLACED_FIELDS = 'ERR Mandatory argument FIELDS is missing or not at the right position';
const NO_COUNT = 'ERR Number of fields must be a positive integer';
const WRONG_COUNT = 'ERR The `numfields` parameter must match the number of arguments';
const NOT_MATCHING = 'ERR numfields should be greater than 0 and match the provided number of fields';
const TOO_SMALL = 'ERR Parameter `numFields` should be greater than 0';
const INVALID_COUNT = 'ERR invalid number of fields';
const MISSING_FIELDS = 'ERR missing FIELDS argument';
const FIELDS_TWICE = 'ERR FIELDS keyword specified multiple times';
const TOO_FEW = 'ERR wrong number of arguments';
const ONE_CONDITION = 'ERR Only one of FXX or FNX arguments can be specified';
/** The latest expiry of a field where its time has 48 bits, of which requests may use 46. */
const LATEST_MS = 2 ** 46 - 1;
const MAX_INT32 = 2 ** 31 - 1;

/** HTTL, HPERSIST and HGETDEL: key FIELDS count field … */
export function parseFields(words: RequestWords, form: FieldForm): Fields | string {
  if (form !== 'fields last') return fieldsAt(words, 2, NO_COUNT);
  if (!words.is(2, 'FIELDS')) return SYNTAX_ERROR;
  const count = words.integer(3);
  if (count === undefined) return NOT_AN_INTEGER;
  if (count > 0 && count === words.count - 4) return { first: 4, count };
  return READS.has(words.name) ? SYNTAX_ERROR : NOT_MATCHING;
}

const READS: ReadonlySet<string> = new Set(['httl', 'hpttl', 'hexpiretime', 'hpexpiretime']);

/** HEXPIRE key time [NX | XX | GT | LT] FIELDS count field … */
export function parseFieldExpire(
  words: RequestWords,
  form: FieldForm,
  time: TimeForm,
  nowMs: number,
): FieldExpireRequest | string {
  if (form === 'fields last') return parseExpireBeforeFields(words, time, nowMs);
  const when = limitedTime(words, 2, time, nowMs);
  if (typeof when === 'string') return when;
  if (form === 'any order') return parseExpireInAnyOrder(words, when);
  const condition = meaningAt(words, 3, CONDITIONS);
  const fields = fieldsAt(words, condition === undefined ? 3 : 4, TOO_SMALL);
  if (typeof fields === 'string') return fields;
  return { ...fields, when, condition: { ...UNCONDITIONAL, ...condition } };
}

const UNCONDITIONAL: ExpireRequest = { nx: false, xx: false, gt: false, lt: false };
const CONDITIONS: Readonly<Record<string, Partial<ExpireRequest>>> = {
  NX: { nx: true },
  XX: { xx: true },
  GT: { gt: true },
  LT: { lt: true },
};

function parseExpireBeforeFields(
  words: RequestWords,
  time: TimeForm,
  nowMs: number,
): FieldExpireRequest | string {
  const at = placeOfFields(words, 3);
  if (at === undefined) return NOT_MATCHING;
  const condition = parseExpire(words, at);
  if (typeof condition === 'string') return condition;
  const fields = lastFields(words, at, 1);
  if (typeof fields === 'string') return fields;
  const when = unlimitedTime(words, 2, time, nowMs);
  return typeof when === 'string' ? when : { ...fields, when, condition };
}

function parseExpireInAnyOrder(words: RequestWords, when: number): FieldExpireRequest | string {
  let fields: Fields | undefined;
  const found = new Set<Partial<ExpireRequest>>();
  for (let index = 3; index < words.count; index++) {
    const condition = meaningAt(words, index, CONDITIONS);
    if (condition !== undefined) found.add(condition);
    else if (!words.is(index, 'FIELDS')) return `ERR unknown argument: ${words.text(index)}`;
    else if (fields !== undefined) return FIELDS_TWICE;
    else if (index >= words.count - 2) {
      return 'ERR FIELDS requires at least numfields and one field argument';
    } else {
      const count = positiveInt32(words, index + 1, TOO_SMALL);
      if (typeof count === 'string') return count;
      fields = { first: index + 2, count };
      if (fields.first + count > words.count) return TOO_FEW;
      index = fields.first + count - 1;
    }
  }
  if (fields === undefined) return MISSING_FIELDS;
  if (found.size > 1) return 'ERR Multiple condition flags specified';
  return { ...fields, when, condition: Object.assign({ ...UNCONDITIONAL }, ...found) };
}

/** HSETEX key [options] FIELDS count field value … */
export function parseHsetex(
  words: RequestWords,
  form: FieldForm,
  nowMs: number,
): FieldOptionsRequest | string {
  return form === 'fields last'
    ? parseOptionsBeforeFields(words, nowMs, takesHsetexOption, 2)
    : parseOptions(words, form, nowMs, 2);
}

/** HGETEX key [PERSIST | EX n | PX n | EXAT n | PXAT n] FIELDS count field … */
export function parseHgetex(
  words: RequestWords,
  form: FieldForm,
  nowMs: number,
): FieldOptionsRequest | string {
  if (form === 'fields last') return parseOptionsBeforeFields(words, nowMs, takesHgetexOption, 1);
  return form === 'any order' ? parseOptions(words, form, nowMs, 1) : parseFixedHgetex(words, nowMs);
}

type Options = { -readonly [Name in keyof FieldOptionsRequest]: FieldOptionsRequest[Name] };

const NO_OPTIONS: FieldOptionsRequest = {
  first: 0,
  count: 0,
  onlyNewKey: false,
  onlyExistingKey: false,
  onlyNewFields: false,
  onlyExistingFields: false,
  keepsExpiry: false,
  persists: false,
  time: undefined,
  expiryIndex: 0,
  when: 0,
};

function parseFixedHgetex(words: RequestWords, nowMs: number): FieldOptionsRequest | string {
  const options: Options = { ...NO_OPTIONS };
  let at = 2;
  const time = meaningAt<TimeForm>(words, 2, TIME_FORMS);
  if (time !== undefined) {
    options.time = time;
    options.expiryIndex = 3;
    options.when = limitedTime(words, 3, time, nowMs);
    if (typeof options.when === 'string') return options.when;
    at = 4;
  } else if (words.is(2, 'PERSIST')) {
    options.persists = true;
    at = 3;
  }
  const fields = fieldsAt(words, at, NO_COUNT);
  return typeof fields === 'string' ? fields : { ...options, ...fields };
}

/** Reads options and fields. Those of HSETEX end with the fields, where places are fixed. */
function parseOptions(
  words: RequestWords,
  form: FieldForm,
  nowMs: number,
  perField: 1 | 2,
): FieldOptionsRequest | string {
  const options: Options = { ...NO_OPTIONS };
  for (let index = 2; index < words.count; index++) {
    if (words.is(index, 'FIELDS')) {
      const fields =
        form === 'any order' ? fieldsWithin(words, index, perField, options) : lastPairs(words, index);
      if (typeof fields === 'string') return fields;
      Object.assign(options, fields);
      index = fields.first + fields.count * perField - 1;
      continue;
    }
    const isPersist = form === 'any order' && words.is(index, 'PERSIST');
    const problem = isPersist
      ? problemOfPersist(options, perField)
      : problemOfOption(words, index, options, nowMs, perField);
    if (problem !== undefined) return problem;
    if (options.expiryIndex === index + 1) index++;
  }
  if (options.first === 0) return MISSING_FIELDS;
  const isStrange =
    perField === 2
      ? options.persists
      : options.keepsExpiry || options.onlyNewFields || options.onlyExistingFields;
  return isStrange ? 'ERR unknown argument' : options;
}

/** Takes an option and returns undefined, or returns the error. */
function problemOfOption(
  words: RequestWords,
  index: number,
  options: Options,
  nowMs: number,
  perField: 1 | 2,
): string | undefined {
  const { time, keepsExpiry, persists, onlyNewFields, onlyExistingFields } = options;
  const form = meaningAt<TimeForm>(words, index, TIME_FORMS);
  if (form !== undefined) {
    if (time !== undefined || keepsExpiry || persists) return severalExpiries(perField);
    if (index + 1 >= words.count) return 'ERR missing expire time';
    options.time = form;
    options.expiryIndex = index + 1;
    options.when = limitedTime(words, index + 1, form, nowMs);
    return typeof options.when === 'string' ? options.when : undefined;
  }
  if (words.is(index, 'KEEPTTL')) {
    if (time !== undefined || keepsExpiry) return severalExpiries(perField);
    options.keepsExpiry = true;
  } else if (words.is(index, 'FXX') || words.is(index, 'FNX')) {
    if (onlyNewFields || onlyExistingFields) return ONE_CONDITION;
    if (words.is(index, 'FXX')) options.onlyExistingFields = true;
    else options.onlyNewFields = true;
  } else return `ERR unknown argument: ${words.text(index)}`;
  return undefined;
}

function problemOfPersist(options: Options, perField: 1 | 2): string | undefined {
  if (options.time !== undefined || options.persists) return severalExpiries(perField);
  options.persists = true;
  return undefined;
}

function severalExpiries(perField: 1 | 2): string {
  return `ERR Only one of EX, PX, EXAT, PXAT or ${perField === 2 ? 'KEEPTTL' : 'PERSIST'} arguments can be specified`;
}

type TakesOption = (words: RequestWords, index: number, options: Options, end: number) => boolean;

function parseOptionsBeforeFields(
  words: RequestWords,
  nowMs: number,
  takes: TakesOption,
  perField: 1 | 2,
): FieldOptionsRequest | string {
  const at = placeOfFields(words, 0);
  if (at === undefined) return NOT_MATCHING;
  const options: Options = { ...NO_OPTIONS };
  for (let index = 2; index < at; index++) {
    if (!takes(words, index, options, at)) return SYNTAX_ERROR;
    if (options.expiryIndex === index + 1) index++;
  }
  const fields = lastFields(words, at, perField);
  if (typeof fields === 'string') return fields;
  const { time, expiryIndex } = options;
  if (time !== undefined) options.when = unlimitedTime(words, expiryIndex, time, nowMs);
  return { ...options, ...fields };
}

function takesHsetexOption(words: RequestWords, index: number, options: Options, end: number): boolean {
  if (words.is(index, 'NX') && !options.onlyExistingKey) options.onlyNewKey = true;
  else if (words.is(index, 'XX') && !options.onlyNewKey) options.onlyExistingKey = true;
  else if (words.is(index, 'FNX') && !options.onlyExistingFields) options.onlyNewFields = true;
  else if (words.is(index, 'FXX') && !options.onlyNewFields) options.onlyExistingFields = true;
  else if (words.is(index, 'KEEPTTL') && options.time === undefined) options.keepsExpiry = true;
  else return !options.keepsExpiry && takesTime(words, index, options, end);
  return true;
}

function takesHgetexOption(words: RequestWords, index: number, options: Options, end: number): boolean {
  if (words.is(index, 'PERSIST') && options.time === undefined) options.persists = true;
  else return !options.persists && takesTime(words, index, options, end);
  return true;
}

/** Returns the place of the first FIELDS that a word follows. */
function placeOfFields(words: RequestWords, from: number): number | undefined {
  for (let index = from; index < words.count - 1; index++) if (words.is(index, 'FIELDS')) return index;
  return undefined;
}

/** Reads FIELDS count field … to the end of the request. */
function fieldsAt(words: RequestWords, at: number, noCount: string): Fields | string {
  if (at + 1 >= words.count || !words.is(at, 'FIELDS')) return MISPLACED_FIELDS;
  const count = words.integer(at + 1);
  if (count === undefined || count < 1) return noCount;
  const first = at + 2;
  return count === words.count - first ? { first, count } : WRONG_COUNT;
}

function lastFields(words: RequestWords, at: number, perField: 1 | 2): Fields | string {
  const count = words.integer(at + 1);
  if (count === undefined) return NOT_AN_INTEGER;
  const first = at + 2;
  return count > 0 && count * perField === words.count - first ? { first, count } : NOT_MATCHING;
}

/** Reads the pairs of HSETEX to the end of the request. */
function lastPairs(words: RequestWords, at: number): Fields | string {
  if (at >= words.count - 3) return wrongArity(words.name);
  const count = positiveInt32(words, at + 1, INVALID_COUNT);
  if (typeof count === 'string') return count;
  const first = at + 2;
  return count * 2 === words.count - first ? { first, count } : wrongArity(words.name);
}

function fieldsWithin(
  words: RequestWords,
  at: number,
  perField: 1 | 2,
  { first: other }: Options,
): Fields | string {
  if (other !== 0) return FIELDS_TWICE;
  if (at + 1 >= words.count) return wrongArity(words.name);
  const count = positiveInt32(words, at + 1, INVALID_COUNT);
  if (typeof count === 'string') return count;
  const first = at + 2;
  return first + count * perField > words.count ? TOO_FEW : { first, count };
}

function positiveInt32(words: RequestWords, index: number, message: string): number | string {
  const value = words.integer(index);
  return value === undefined || value < 1 || value > MAX_INT32 ? message : value;
}

/** Returns a time since 1970 of at most 46 bits, or the error. */
function limitedTime(
  words: RequestWords,
  index: number,
  { inSeconds, isAbsolute }: TimeForm,
  nowMs: number,
): number | string {
  const value = words.integer(index);
  if (value === undefined) return NOT_AN_INTEGER;
  if (value < 0) return 'ERR invalid expire time, must be >= 0';
  const when = (inSeconds ? value * 1000 : value) + (isAbsolute ? 0 : Math.floor(nowMs));
  return when > LATEST_MS ? invalidTime(words) : when;
}

/** Returns a time since 1970 of 64 bits, or the error. */
function unlimitedTime(words: RequestWords, index: number, form: TimeForm, nowMs: number): number | string {
  const milliseconds = parseTime(words, index, form, nowMs);
  if (typeof milliseconds === 'string') return milliseconds;
  if (milliseconds < 0) return invalidTime(words);
  return form.isAbsolute ? milliseconds : Math.floor(nowMs) + milliseconds;
}
