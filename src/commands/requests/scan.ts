import { globMatcher, latin1Bytes } from '../../base/index.js';
import { RequestReader } from '../request-reader.js';
import type { RequestWords } from '../request-words.js';

/**
 * A scan can leave out nothing, the values of a hash, or also the scores of a sorted set. A server that has the last form
 * refuses types that it does not know.
 */
export type ScanForm = 'all' | 'without values' | 'without values or scores';

export interface ScanRequest {
  readonly count: number;
  readonly matches: (name: Uint8Array) => boolean;
  /** The pattern of `matches`; undefined without one, or if it is `*`. */
  readonly pattern: Uint8Array | undefined;
  /** The type of the keys in lower case; undefined for all types. */
  readonly type: string | undefined;
  /** Whether only the names are wanted, without values or scores. */
  readonly namesOnly: boolean;
}

/** Returns the cursor that a word is, or the error. */
export function parseCursor(words: RequestWords, index: number): number | string {
  const text = words.text(index);
  // strtoul reads nothing as 0 and takes a sign.
  const isNumber = text === '' || /^[+-]?\d+$/.test(text);
  if (!isNumber || BigInt(text) >= 1n << 64n) return 'ERR invalid cursor';
  return Number(BigInt.asUintN(64, BigInt(text)));
}

/** The types that keys can have, as TYPE names them. */
const TYPES = ['string', 'list', 'set', 'zset', 'hash', 'stream'];

/** The options that leave something out, with the one command that has each. */
const LEAVING_OUT = [
  { option: 'NOVALUES', command: 'HSCAN', forms: ['without values', 'without values or scores'] },
  { option: 'NOSCORES', command: 'ZSCAN', forms: ['without values or scores'] },
];

/** Parses the options of SCAN and CLUSTERSCAN from word 2 on, and those of SSCAN, HSCAN and ZSCAN from word 3 on. */
export function parseScan(
  words: RequestWords,
  form: ScanForm,
  otherOption: (reader: RequestReader) => boolean = () => false,
): ScanRequest | string {
  const isOfKeys = words.name === 'scan' || words.name === 'clusterscan';
  const reader = new RequestReader(words, isOfKeys ? 2 : 3);
  let count = 10;
  let pattern: Uint8Array | undefined;
  let type: string | undefined;
  let namesOnly = false;
  while (reader.hasMore) {
    const leavingOut = LEAVING_OUT.find(({ option, forms }) => forms.includes(form) && reader.takes(option));
    if (leavingOut !== undefined) {
      const { option, command } = leavingOut;
      if (words.name.toUpperCase() !== command)
        reader.refuse(`ERR ${option} option can only be used in ${command}`);
      namesOnly = true;
    } else if (reader.takes('COUNT', 1)) {
      count = reader.integer();
      if (count < 1) reader.refuse();
    } else if (reader.takes('MATCH', 1)) pattern = latin1Bytes(reader.text());
    else if (isOfKeys && reader.takes('TYPE', 1)) {
      const name = reader.text();
      type = name.toLowerCase();
      if (form === 'without values or scores' && !TYPES.includes(type)) {
        reader.refuse(`ERR unknown type name '${name}'`);
      }
    } else if (!otherOption(reader)) reader.refuse();
  }
  if (reader.error !== undefined) return reader.error;
  if (pattern?.length === 1 && pattern[0] === STAR) pattern = undefined;
  return {
    count,
    matches: pattern === undefined ? () => true : globMatcher(pattern),
    pattern,
    type,
    namesOnly,
  };
}

const STAR = 0x2a;
