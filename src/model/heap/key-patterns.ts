import { globMatcher, latin1, latin1Bytes, type NameMatcher } from '../../base/index.js';
/** Key names, sorted into a bounded number of patterns. */
export interface KeyPatterns {
  /** The patterns by number. Number 0 is no pattern, for regions that belong to no key. */
  readonly names: readonly string[];
  of(bytes: Uint8Array, from: number, length: number): number;
}

/** The pattern of names that match no other, or that arrive when the number of patterns is at its limit. */
export const OTHER_KEYS = '(other keys)';
const OTHER = 1;
/** Most inferred patterns, so that reports stay readable, and a row's pattern fits in 16 bits. */
const MOST = 254;

/** Sorts names by given glob patterns as in KEYS. A name belongs to the first that it matches. */
export class GivenPatterns implements KeyPatterns {
  readonly names: readonly string[];
  readonly #matchers: readonly NameMatcher[];

  constructor(patterns: readonly string[]) {
    this.names = ['', OTHER_KEYS, ...patterns];
    this.#matchers = patterns.map((pattern) => globMatcher(latin1Bytes(pattern)));
  }

  of(bytes: Uint8Array, from: number, length: number): number {
    const found = this.#matchers.findIndex((matches) => matches(bytes, from, from + length));
    return found < 0 ? OTHER : OTHER + 1 + found;
  }
}

/**
 * Infers patterns from the names: numbers and identifiers become `*`, so that `user:1234:name` and `user:77:name` are
 * `user:*:name`. The rules apply to each word, a run of letters and digits:
 *
 *     digits only; 8 or more hex digits, one of them a figure; letters and digits in turns (`x7Kf93q`)  -> *
 *     one run of digits among letters  -> * in their place (`shard12` is `shard*`)
 *
 * UUIDs are `*`, as are `*-*`, `*.*` and `*_*`, which covers addresses and times. The numbers of patterns follow the
 * order in which names arrive, so they are the same for the same commands.
 */
export class InferredPatterns implements KeyPatterns {
  readonly names: string[] = ['', OTHER_KEYS];
  /** The numbers by the text of the pattern, with a character for each byte. */
  readonly #numbers = new Map<string, number>();
  /** The bytes and number of a pattern by its hash, so that a known one is found without a string. */
  readonly #known = new Map<number, { readonly bytes: Uint8Array; readonly number: number }>();
  #pattern = new Uint8Array(256);
  /** The shapes of recent names. Names with other digits in the same places have the same pattern. */
  readonly #shapes: Shape[] = Array.from({ length: SHAPES }, () => ({
    bytes: new Uint8Array(64),
    length: -1,
    number: 0,
  }));

  of(bytes: Uint8Array, from: number, length: number): number {
    if (length === 0) return this.#sorted(bytes, from, length);
    const shape = this.#shapes[(length ^ bytes[from]!) & (SHAPES - 1)]!;
    if (hasShape(shape, bytes, from, length)) return shape.number;
    // A long name has no shape and is sorted each time.
    shape.length = length <= shape.bytes.length ? length : -1;
    for (let at = 0; at < shape.length; at++) {
      shape.bytes[at] = LIKE[bytes[from + at]!]!;
    }
    shape.number = this.#sorted(bytes, from, length);
    return shape.number;
  }

  #sorted(bytes: Uint8Array, from: number, length: number): number {
    const end = this.#collapse(bytes, from, length);
    const pattern = this.#pattern;
    let hash = 0;
    for (let at = 0; at < end; at++) hash = (Math.imul(hash, 31) + pattern[at]!) | 0;
    const known = this.#known.get(hash);
    if (known !== undefined && equal(known.bytes, pattern, end)) return known.number;
    return this.#enter(hash, pattern.slice(0, end));
  }

  #enter(hash: number, bytes: Uint8Array): number {
    const text = latin1(bytes);
    const before = this.#numbers.get(text);
    if (before !== undefined) return before;
    if (this.names.length === MOST + 2) return OTHER;
    const number = this.names.length;
    this.names.push(text);
    this.#numbers.set(text, number);
    if (!this.#known.has(hash)) this.#known.set(hash, { bytes, number });
    return number;
  }

  /** Writes the pattern of a name to #pattern and returns its length. */
  #collapse(bytes: Uint8Array, from: number, length: number): number {
    if (this.#pattern.length < length) this.#pattern = new Uint8Array(length * 2);
    const pattern = this.#pattern;
    const end = from + length;
    let size = 0;
    for (let at = from; at < end; ) {
      const word = at;
      if (isUuid(bytes, at, end)) {
        size = addStar(pattern, size);
        at += UUID.length;
        if (at < end) pattern[size++] = bytes[at++]!;
        continue;
      }
      let digits = 0;
      let runs = 0;
      let others = 0;
      let isDigit = false;
      for (; at < end; at++) {
        const kind = KINDS[bytes[at]!]!;
        if (kind === SEPARATOR) break;
        if (kind === DIGIT) {
          digits++;
          if (!isDigit) runs++;
          isDigit = true;
        } else {
          if (kind === LETTER) others++;
          isDigit = false;
        }
      }
      const letters = at - word - digits;
      if (digits > 0 && (letters === 0 || runs > 1 || (others === 0 && at - word >= 8))) {
        size = addStar(pattern, size);
      } else {
        for (let copied = word; copied < at; copied++) {
          if (KINDS[bytes[copied]!] !== DIGIT) pattern[size++] = bytes[copied]!;
          else if (copied === word || KINDS[bytes[copied - 1]!] !== DIGIT) pattern[size++] = STAR;
        }
      }
      if (at < end) pattern[size++] = bytes[at++]!;
    }
    return size;
  }
}

interface Shape {
  /** The bytes of a name, with 0 in place of each digit. */
  readonly bytes: Uint8Array;
  length: number;
  number: number;
}

const SHAPES = 16;

function hasShape(shape: Shape, bytes: Uint8Array, from: number, length: number): boolean {
  if (shape.length !== length) return false;
  const like = shape.bytes;
  let differences = 0;
  for (let at = 0; at < length; at++) {
    differences |= LIKE[bytes[(from + at) >>> 0]!]! ^ like[at]!;
  }
  return differences === 0;
}

/** The form of a UUID: hyphens at these positions, hex digits at all others. */
const UUID = '00000000-0000-0000-0000-000000000000';

function isUuid(bytes: Uint8Array, from: number, end: number): boolean {
  const after = from + UUID.length;
  // The first hyphen rules out nearly all names that are no UUID.
  if (after > end || bytes[from + 8] !== HYPHEN) return false;
  for (let at = 0; at < UUID.length; at++) {
    const byte = bytes[from + at]!;
    const kind = KINDS[byte];
    if (UUID[at] === '-' ? byte !== HYPHEN : kind !== DIGIT && kind !== HEX_LETTER) return false;
  }
  return after === end || KINDS[bytes[after]!] === SEPARATOR;
}

const HYPHEN = 0x2d;
const STAR = 0x2a;
const SEPARATOR = 0;
const DIGIT = 1;
const HEX_LETTER = 2;
const LETTER = 3;

/** The kind of each byte. Bytes beyond ASCII count as letters. */
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (/[0-9]/.test(character)) return DIGIT;
  if (/[a-f]/i.test(character)) return HEX_LETTER;
  return byte >= 0x80 || /[a-z]/i.test(character) ? LETTER : SEPARATOR;
});

/** Replaces each digit, since digits in the same place make no difference to the pattern. */
const ZERO = 0x30;
const LIKE = Uint8Array.from({ length: 256 }, (_, byte) => (KINDS[byte] === DIGIT ? ZERO : byte));

/** Adds a star and returns the size. After `*-`, `*.` or `*_` only the first star stays. */
function addStar(pattern: Uint8Array, size: number): number {
  const joins = JOINING.has(pattern[size - 1]!) && pattern[size - 2] === STAR;
  if (joins && size >= 2) return size - 1;
  pattern[size] = STAR;
  return size + 1;
}

const JOINING = new Set(latin1Bytes('-._'));

function equal(known: Uint8Array, pattern: Uint8Array, length: number): boolean {
  if (known.length !== length) return false;
  for (let at = 0; at < length; at++) if (known[at] !== pattern[at]) return false;
  return true;
}
