import { wrongArity } from '../error-texts.js';
import { meaningAt, type RequestWords } from '../request-words.js';

/** The conditions on a value that a version has: none, IFEQ, or IFEQ, IFNE, IFDEQ and IFDNE. */
export type ValueConditions = 'none' | 'IFEQ' | 'all';

/** A condition on the value of a key: it is, or is not, equal to a word, or its digest is. */
export interface ValueCondition {
  readonly isDigest: boolean;
  readonly isEqual: boolean;
  /** The place of the word. */
  readonly index: number;
}

const FORMS = {
  IFEQ: { isDigest: false, isEqual: true },
  IFNE: { isDigest: false, isEqual: false },
  IFDEQ: { isDigest: true, isEqual: true },
  IFDNE: { isDigest: true, isEqual: false },
} as const;
const IFEQ_ALONE = { IFEQ: FORMS.IFEQ };

/** The digits of a digest of 64 bits. */
export const DIGEST_DIGITS = 16;
export const WRONG_DIGEST = 'ERR must be exactly 16 hexadecimal characters';
export const NOT_A_STRING = 'ERR Key should be of string type if conditions are specified';

/** Whether a command has a condition on a value, and its reply is null or 0 if that is not met. */
export function repliesWithCondition(
  name: string,
  count: number,
  textAt: (index: number) => string,
): boolean {
  if (name === 'delifeq') return true;
  if (name === 'delex') return count === 4;
  if (name !== 'set' || count < 5) return false;
  let isConditional = false;
  for (let index = 3; index < count; index++) {
    const word = textAt(index).toUpperCase();
    if (word === 'GET') return false;
    isConditional ||= word in FORMS;
  }
  return isConditional;
}

/** Whether a word announces a condition, and another word follows it. */
export function takesCondition(
  words: RequestWords,
  index: number,
  conditions: ValueConditions,
  found: { onlyNew: boolean; onlyExisting: boolean; condition: ValueCondition | undefined },
): boolean {
  if (conditions === 'none' || index + 1 >= words.count) return false;
  if (found.onlyNew || found.onlyExisting) return false;
  const condition = conditionAt(words, index, conditions);
  if (condition === undefined || !mayFollow(condition, found.condition, conditions)) return false;
  found.condition = condition;
  return true;
}

/** Whether a condition may follow another one. Redis takes the last of several of one form. */
function mayFollow(
  condition: ValueCondition,
  before: ValueCondition | undefined,
  conditions: ValueConditions,
): boolean {
  if (before === undefined) return true;
  const isSame = before.isDigest === condition.isDigest && before.isEqual === condition.isEqual;
  return conditions === 'all' && isSame;
}

function conditionAt(
  words: RequestWords,
  index: number,
  conditions: ValueConditions,
): ValueCondition | undefined {
  const form = meaningAt(words, index, conditions === 'all' ? FORMS : IFEQ_ALONE);
  return form === undefined ? undefined : { ...form, index: index + 1 };
}

/** DELEX key [IFEQ value | IFNE value | IFDEQ digest | IFDNE digest]: whether there is a condition, or the error. */
export function parseDelex(words: RequestWords): { readonly isConditional: boolean } | string {
  if (words.count !== 2 && words.count !== 4) return wrongArity(words.name);
  return { isConditional: words.count === 4 };
}

/** Returns the condition of DELEX, which is read once the key is known to hold a string. */
export function conditionOfDelex(words: RequestWords): ValueCondition | string {
  return conditionAt(words, 2, 'all') ?? 'ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE';
}

/** The condition of DELIFEQ key value. */
export const DELIFEQ_CONDITION: ValueCondition = { ...FORMS.IFEQ, index: 2 };
