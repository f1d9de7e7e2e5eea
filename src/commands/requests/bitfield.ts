import { greatest, parseInteger64 } from '../../base/index.js';
import { NOT_AN_INTEGER, SYNTAX_ERROR } from '../error-texts.js';
import { meaningAt, type RequestWords } from '../request-words.js';
import { bitOffset } from './bits.js';

/** The treatment of a number that is too large for its field. */
type BitOverflow = 'wrap' | 'saturate' | 'fail';

export interface BitOperation {
  readonly kind: 'get' | 'set' | 'increment';
  readonly isSigned: boolean;
  readonly bits: number;
  readonly offset: number;
  readonly value: bigint;
  readonly overflow: BitOverflow;
}

const KINDS = { GET: 'get', SET: 'set', INCRBY: 'increment' } as const;
const OVERFLOWS: Readonly<Record<string, BitOverflow>> = { WRAP: 'wrap', SAT: 'saturate', FAIL: 'fail' };

/** BITFIELD key [OVERFLOW how | GET field offset | SET field offset value | INCRBY field offset value] … */
export function parseBitfield(
  words: RequestWords,
  maxBytes: number,
  onOperation?: (operations: number) => void,
): BitOperation[] | string {
  const operations: BitOperation[] = [];
  let overflow: BitOverflow = 'wrap';
  for (let index = 2; index < words.count; ) {
    const left = words.count - index - 1;
    if (words.is(index, 'OVERFLOW') && left >= 1) {
      const given = meaningAt(words, index + 1, OVERFLOWS);
      if (given === undefined) return 'ERR Invalid OVERFLOW type specified';
      overflow = given;
      index += 2;
      continue;
    }
    const kind = meaningAt(words, index, KINDS);
    const size = kind === 'get' ? 2 : 3;
    if (kind === undefined || left < size) return SYNTAX_ERROR;
    const field = fieldType(words.text(index + 1));
    if (typeof field === 'string') return field;
    const offset = bitOffset(words, index + 2, maxBytes, field.bits);
    if (typeof offset === 'string') return offset;
    const value = kind === 'get' ? 0n : parseInteger64(words.text(index + 3));
    if (value === undefined) return NOT_AN_INTEGER;
    operations.push({ kind, ...field, offset, value, overflow });
    onOperation?.(operations.length);
    index += size + 1;
  }
  const isRefused = words.name === 'bitfield_ro' && operations.some(({ kind }) => kind !== 'get');
  return isRefused ? 'ERR BITFIELD_RO only supports the GET subcommand' : operations;
}

/** Returns the highest bit that operations write; -1 if they only read. */
export function highestWrite(operations: readonly BitOperation[]): number {
  return greatest(
    operations.map(({ kind, offset, bits }) => (kind === 'get' ? -1 : offset + bits - 1)),
    -1,
  );
}

function fieldType(text: string): { readonly isSigned: boolean; readonly bits: number } | string {
  const [, sign, digits] = /^([iu])([1-9]\d?)$/.exec(text) ?? [];
  const bits = Number(digits);
  const isSigned = sign === 'i';
  return sign !== undefined && bits <= (isSigned ? 64 : 63)
    ? { isSigned, bits }
    : 'ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.';
}
