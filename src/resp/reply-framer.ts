import { latin1, MIB } from '../base/index.js';

/**
 * Finds the ends of the replies in a server's bytes, RESP2 and RESP3, at any cut of the bytes. Contents are skipped,
 * except for the parts that show a tap whether a command was carried out.
 */

const CR = 13;
const LF = 10;
const MINUS = 45;
const PLUS = 43;
const COLON = 58;
const DOLLAR = 36;

/** A line longer than this is no status, error or number of a server's. */
const MAX_LINE_BYTES = MIB;
/** Number of bytes that are kept of an error or of a first element. */
const KEPT_BYTES = 32;

/** First elements of the RESP2 arrays that are published messages or replies to subscriptions. */
const PUSHED_WORDS: ReadonlySet<string> = new Set([
  'message',
  'pmessage',
  'smessage',
  'subscribe',
  'psubscribe',
  'ssubscribe',
  'unsubscribe',
  'punsubscribe',
  'sunsubscribe',
]);

/** Reports bytes that are not from a server that speaks RESP. */
export class NotRespError extends Error {
  override readonly name = 'NotRespError';
}

export class ReplyFramer {
  /** First byte of the reply that ended last, for example 45 for an error. */
  type = 0;
  /** Whether the reply is a null (`$-1`, `*-1`, `_`). */
  isNull = false;
  /** Whether the server sent it unasked, or as a RESP2 reply to a subscription. */
  isPush = false;
  /** Whether the client may have subscribed, so that an array may be a message. */
  mayBeSubscribed = false;
  /** Offset after the replies that `skipPlain` passed over. */
  skippedTo = 0;
  /** First characters of an error, or of an array's first element where the array may be a message. */
  #kept = '';
  #isAtStart = true;
  #line = '';
  /** Missing bytes of a bulk string, its line end included. */
  #bulkLeft = 0;
  #open: number[] = [];
  #isFirstElement = false;
  #isAttribute = false;

  /** Returns the first word of an error: NOAUTH, MOVED, … */
  get errorCode(): string {
    return this.type === MINUS ? this.#kept.split(' ', 1)[0]! : '';
  }

  /** Whether the bytes read so far end between two replies. */
  get isBetween(): boolean {
    return this.#isAtStart && this.#line === '';
  }

  /**
   * Skips at most `most` complete statuses, integers and bulk strings from an offset on, which need no further reading.
   * Returns how many, and sets `skippedTo` to the offset after them. The reply at which it stops is left to `next`.
   */
  skipPlain(bytes: Uint8Array, from: number, most: number): number {
    this.skippedTo = from;
    if (!this.isBetween || this.#open.length > 0 || this.#bulkLeft > 0) return 0;
    const end = bytes.length;
    let count = 0;
    let at = from;
    while (count < most && at < end) {
      const type = bytes[at];
      let behind = at + 1;
      if (type === DOLLAR) {
        let length = 0;
        let digits = 0;
        for (; behind < end; behind++, digits++) {
          const digit = bytes[behind]! - 48;
          if (digit < 0 || digit > 9) break;
          length = length * 10 + digit;
        }
        if (digits === 0 || digits > 9 || bytes[behind] !== CR) break;
        behind += 2 + length + 2;
        if (behind > end) break;
      } else if (type === PLUS || type === COLON) {
        while (behind < end && bytes[behind] !== LF) behind++;
        if (behind === end) break;
        behind++;
      } else break;
      at = behind;
      count++;
    }
    this.skippedTo = at;
    return count;
  }

  /** Reads on at `at`: returns the offset after the next reply, or -1 when all bytes were read before one ended. */
  next(bytes: Uint8Array, at: number): number {
    const end = bytes.length;
    while (at < end) {
      if (this.#bulkLeft > 0) {
        const length = Math.min(this.#bulkLeft, end - at);
        if (this.#isFirstElement) this.#keep(bytes, at, Math.min(at + length, at + KEPT_BYTES));
        this.#bulkLeft -= length;
        at += length;
        if (this.#bulkLeft > 0) return -1;
        if (this.#elementEnded()) return at;
        continue;
      }
      let lineEnd = at;
      while (lineEnd < end && bytes[lineEnd] !== LF) lineEnd++;
      if (lineEnd === end || this.#line !== '') {
        if (this.#line.length + lineEnd - at > MAX_LINE_BYTES)
          throw new NotRespError('a line without an end');
        this.#line += latin1(bytes, at, lineEnd);
        if (lineEnd === end) return -1;
        const line = Buffer.from(this.#line, 'latin1');
        this.#line = '';
        at = lineEnd + 1;
        if (this.#lineEnded(line, 0, line.length)) return at;
        continue;
      }
      const from = at;
      at = lineEnd + 1;
      if (this.#lineEnded(bytes, from, lineEnd)) return at;
    }
    return -1;
  }

  /** Reads a line; returns whether a reply ended with it. */
  #lineEnded(bytes: Uint8Array, from: number, lineEnd: number): boolean {
    const to = bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
    const type = bytes[from]!;
    if (this.#isAtStart) this.#start(type);
    switch (type) {
      case 43: // + status
      case 58: // : integer
      case 35: // # boolean
      case 44: // , double
      case 40: // ( big number
        return this.#elementEnded();
      case MINUS:
        if (this.#open.length === 0) this.#keep(bytes, from + 1, Math.min(to, from + 1 + KEPT_BYTES));
        return this.#elementEnded();
      case 95: // _ null
        this.#noteNull();
        return this.#elementEnded();
      case DOLLAR:
      case 61: // = verbatim
      case 33: // ! bulk error
        return this.#bulk(number(bytes, from + 1, to));
      case 42: // * array
      case 126: // ~ set
        return this.#aggregate(number(bytes, from + 1, to), type === 42);
      case 37: // % map
        return this.#aggregate(2 * number(bytes, from + 1, to), false);
      case 124: // | attributes, which come before the reply that they belong to
        this.#isAttribute = this.#open.length === 0;
        return this.#aggregate(2 * number(bytes, from + 1, to), false);
      case 62: // > push
        if (this.#open.length === 0) this.isPush = true;
        return this.#aggregate(number(bytes, from + 1, to), false);
      default:
        throw new NotRespError(`"${latin1(bytes, from, Math.min(to, from + 40))}"`);
    }
  }

  #start(type: number): void {
    this.#isAtStart = false;
    this.type = type;
    this.isNull = false;
    this.isPush = false;
    this.#kept = '';
    this.#isFirstElement = false;
  }

  #bulk(length: number): boolean {
    if (length < 0) {
      this.#noteNull();
      return this.#elementEnded();
    }
    this.#bulkLeft = length + 2;
    return false;
  }

  #aggregate(elements: number, isArray: boolean): boolean {
    if (elements <= 0) {
      if (elements < 0) this.#noteNull();
      return this.#elementEnded();
    }
    if (this.#open.length === 0) {
      this.#isFirstElement = isArray && this.mayBeSubscribed && (elements === 3 || elements === 4);
    } else this.#isFirstElement = false;
    this.#open.push(elements);
    return false;
  }

  #noteNull(): void {
    if (this.#open.length === 0) this.isNull = true;
  }

  #elementEnded(): boolean {
    if (this.#isFirstElement) {
      this.#isFirstElement = false;
      if (PUSHED_WORDS.has(this.#kept.trimEnd())) this.isPush = true;
      this.#kept = '';
    }
    const open = this.#open;
    for (let depth = open.length - 1; depth >= 0; depth--) {
      const left = open[depth]! - 1;
      open[depth] = left;
      if (left > 0) return false;
      open.pop();
    }
    this.#isAtStart = true;
    if (!this.#isAttribute) return true;
    this.#isAttribute = false;
    return false;
  }

  #keep(bytes: Uint8Array, from: number, to: number): void {
    this.#kept = (this.#kept + latin1(bytes, from, to)).slice(0, KEPT_BYTES);
  }
}

function number(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  const isNegative = bytes[at] === MINUS;
  if (isNegative) at++;
  let value = 0;
  if (at === to || to - at > 12)
    throw new NotRespError(`a length of "${latin1(bytes, from, Math.min(to, from + 20))}"`);
  for (; at < to; at++) {
    const digit = bytes[at]! - 48;
    if (digit < 0 || digit > 9) throw new NotRespError(`a length of "${latin1(bytes, from, to)}"`);
    value = value * 10 + digit;
  }
  return isNegative ? -value : value;
}
