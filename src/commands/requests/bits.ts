import { parseInteger64 } from '../../base/index.js';
import { SYNTAX_ERROR } from '../error-texts.js';
import { integerAt } from '../request-numbers.js';
import { meaningAt, type RequestWords } from '../request-words.js';
import type { IndexRange } from './index-range.js';

const BAD_OFFSET = 'ERR bit offset is not an integer or out of range';
const BAD_BIT = 'ERR bit is not an integer or out of range';

/**
 * Returns a position in a string of at most `maxBytes`, or the error. In fields of `fieldBits`, '#n' is the n-th of
 * them.
 */
export function bitOffset(
  words: RequestWords,
  index: number,
  maxBytes: number,
  fieldBits = 0,
): number | string {
  const offset = words.integer(index) ?? countedOffset(words.text(index), fieldBits);
  return offset === undefined || offset < 0 || Math.floor(offset / 8) >= maxBytes ? BAD_OFFSET : offset;
}

function countedOffset(text: string, fieldBits: number): number | undefined {
  const fields = fieldBits > 0 && text.startsWith('#') ? parseInteger64(text.slice(1)) : undefined;
  return fields === undefined ? undefined : Number(fields) * fieldBits;
}

export interface SetbitRequest {
  readonly offset: number;
  readonly bit: number;
}

/** SETBIT key offset bit */
export function parseSetbit(words: RequestWords, maxBytes: number): SetbitRequest | string {
  const offset = bitOffset(words, 2, maxBytes);
  if (typeof offset === 'string') return offset;
  const bit = words.integer(3);
  return bit === 0 || bit === 1 ? { offset, bit } : BAD_BIT;
}

const UNITS = { BYTE: false, BIT: true };

export interface BitRange extends IndexRange {
  readonly inBits: boolean;
  /** Whether the request gives an end; without one zeros follow the string. */
  readonly hasEnd: boolean;
}

const WHOLE: BitRange = { start: 0, end: -1, inBits: false, hasEnd: false };

/** BITCOUNT key [start end [BYTE | BIT]] */
export function parseBitcount(words: RequestWords): BitRange | string {
  if (words.count === 2) return WHOLE;
  if (words.count === 3 || words.count > 5) return SYNTAX_ERROR;
  const start = integerAt(words, 2);
  if (typeof start === 'string') return start;
  const end = integerAt(words, 3);
  if (typeof end === 'string') return end;
  const inBits = words.count === 5 ? meaningAt(words, 4, UNITS) : false;
  // A server checks the unit after it has found that a range is empty.
  if (inBits === undefined && !(start < 0 && end < 0 && start > end)) return SYNTAX_ERROR;
  return { start, end, inBits: inBits ?? false, hasEnd: true };
}

/** BITPOS key bit [start [end [BYTE | BIT]]]: returns the bit, which a server checks before it looks up the key. */
export function parseBit(words: RequestWords): number | string {
  const bit = integerAt(words, 2);
  return typeof bit === 'string' || bit === 0 || bit === 1 ? bit : 'ERR The bit argument must be 1 or 0.';
}

/** Returns the range of BITPOS, which a server checks only if the key exists. */
export function parseBitposRange(words: RequestWords): BitRange | string {
  const { count } = words;
  if (count > 6) return SYNTAX_ERROR;
  const start = count > 3 ? integerAt(words, 3) : 0;
  if (typeof start === 'string') return start;
  const inBits = count === 6 ? meaningAt(words, 5, UNITS) : false;
  if (inBits === undefined) return SYNTAX_ERROR;
  const end = count > 4 ? integerAt(words, 4) : -1;
  return typeof end === 'string' ? end : { start, end, inBits, hasEnd: count > 4 };
}

/** The operations on two bytes. NOT ignores the second. */
const OPERATIONS: Readonly<Record<string, (left: number, right: number) => number>> = {
  AND: (left, right) => left & right,
  OR: (left, right) => left | right,
  XOR: (left, right) => left ^ right,
  NOT: (byte) => ~byte,
};

/** BITOP operation destination key …: returns the operation on a byte of each key. */
export function parseBitop(words: RequestWords): ((left: number, right: number) => number) | string {
  const operation = meaningAt(words, 1, OPERATIONS);
  if (operation === undefined) return SYNTAX_ERROR;
  const isSingle = operation !== OPERATIONS.NOT || words.count === 4;
  return isSingle ? operation : 'ERR BITOP NOT must be called with a single source key.';
}
