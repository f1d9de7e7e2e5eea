/** Whether a name, the bytes `from` to `end`, matches a pattern. */
export type NameMatcher = (bytes: Uint8Array, from?: number, end?: number) => boolean;

const STAR = 0x2a;
const QUESTION_MARK = 0x3f;
const OPENING_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSING_BRACKET = 0x5d;
const CARET = 0x5e;
const HYPHEN = 0x2d;

/**
 * Returns a matcher for a pattern of KEYS, SCAN MATCH or CONFIG GET. The dialect of the servers has `*`, `?`,
 * `[a-z]`, `[^a-z]`, and `\` before any of them. The matcher reads the bytes of the pattern, which must not change.
 */
export function globMatcher(pattern: Uint8Array, ignoresCase = false): NameMatcher {
  // Servers take this pattern for all names, the empty one included.
  if (pattern.length === 1 && pattern[0] === STAR) return () => true;
  const fold = ignoresCase ? LOWER_CASE : SIGNED;
  return (bytes, from = 0, end = bytes.length) => matches(pattern, fold, bytes, from, end);
}

/**
 * Only the last star is retried, as in servers since 2023, which keeps the time from growing exponentially. If the
 * text after a star matches nowhere in the rest of the name, a longer match of an earlier star leaves less to search.
 */
function matches(pattern: Uint8Array, fold: Fold, name: Uint8Array, from: number, end: number): boolean {
  // A server does not look at the pattern of an empty name.
  if (from === end) return pattern.length === 0;
  let at = 0;
  let afterStar = -1;
  let retryFrom = 0;
  for (let index = from; index < end; ) {
    if (pattern[at] === STAR) {
      at = afterStars(pattern, at);
      if (at === pattern.length) return true;
      afterStar = at;
      retryFrom = index;
    }
    const next = afterElement(pattern, at, fold, name[index]!);
    if (next >= 0) {
      at = next;
      index++;
    } else if (afterStar < 0) {
      return false;
    } else {
      at = afterStar;
      index = ++retryFrom;
    }
  }
  return afterStars(pattern, at) === pattern.length;
}

function afterStars(pattern: Uint8Array, from: number): number {
  let at = from;
  while (pattern[at] === STAR) at++;
  return at;
}

/** Returns where the pattern continues after the element at `at`, or -1 if the byte does not match the element. */
function afterElement(pattern: Uint8Array, at: number, fold: Fold, byte: number): number {
  const first = pattern[at];
  if (first === undefined) return -1;
  if (first === QUESTION_MARK) return at + 1;
  if (first === OPENING_BRACKET) return afterClass(pattern, at + 1, fold, byte);
  const literal = first === BACKSLASH && at + 1 < pattern.length ? at + 1 : at;
  return fold[pattern[literal]!] === fold[byte] ? literal + 1 : -1;
}

/** Returns where the pattern continues after the class whose first byte is at `from`, or -1 if the byte does not match. */
function afterClass(pattern: Uint8Array, from: number, fold: Fold, byte: number): number {
  const end = pattern.length;
  const isNegated = pattern[from] === CARET;
  let isIn = false;
  let at = isNegated ? from + 1 : from;
  for (; at < end && pattern[at] !== CLOSING_BRACKET; at++) {
    const first = pattern[at]!;
    if (first === BACKSLASH && at + 1 < end) {
      // Servers compare an escaped byte as it is, even where they ignore case.
      if (pattern[++at] === byte) isIn = true;
    } else if (pattern[at + 1] === HYPHEN && at + 2 < end) {
      at += 2;
      if (isBetween(fold, byte, first, pattern[at]!)) isIn = true;
    } else if (fold[first] === fold[byte]) isIn = true;
  }
  if (isIn === isNegated) return -1;
  // A class without a closing bracket ends with the pattern.
  return at < end ? at + 1 : end;
}

/** Whether a byte is in a range, whose ends may stand in either order. */
function isBetween(fold: Fold, byte: number, one: number, other: number): boolean {
  const isAscending = SIGNED[one]! <= SIGNED[other]!;
  const low = fold[isAscending ? one : other]!;
  const high = fold[isAscending ? other : one]!;
  return low <= fold[byte]! && fold[byte]! <= high;
}

/** The number that a byte is compared as. */
type Fold = Int16Array;

/** A `char` of servers on x86, which has a sign. */
const SIGNED: Fold = Int16Array.from({ length: 256 }, (_, byte) => (byte << 24) >> 24);
/** Returned by `tolower` of glibc for a `char`: no sign, except that -1 is also the end of a file. */
const LOWER_CASE: Fold = Int16Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0xff) return -1;
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
});
