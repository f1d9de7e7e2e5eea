import { latin1 } from '../base/index.js';
import { ArrayStart, type Confirmation } from './array-start.js';
import { ARRAY, BULK, CR, INTEGER, isError, LF, PUSH, STATUS, ZERO } from './protocol-bytes.js';
import { ReplyMachine } from './reply-machine.js';

/** Number of bytes that are kept of an error; its code is its first word. */
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

/** Error in an array, such as the reply to EXEC. */
export interface ElementError {
  readonly index: number;
  /** The first word: ERR, WRONGTYPE, … */
  readonly code: string;
}

/**
 * Finds the ends of replies, for proxies. Contents are skipped, except for the parts that show whether a command was
 * carried out and whether a reply is one at all.
 */
export class ReplyFramer extends ReplyMachine {
  /** First byte of the reply that ended last. */
  type = 0;
  /** Whether the reply is a null (`$-1`, `*-1`, `_`). */
  isNull = false;
  /** Number of elements of an aggregate; 0 for other replies. */
  elements = 0;
  /** Whether the client may have subscribed, so that an array may be a message. */
  mayBeSubscribed = false;
  /** Whether errors and confirmations in the elements of arrays are noted, as for EXEC. */
  notesElements = false;
  /** Errors among the elements of the reply, if elements are noted; until the next reply begins. */
  elementErrors: ElementError[] = [];
  /** Confirmations of subscriptions: the reply itself, or its elements if they are noted. */
  confirmations: Confirmation[] = [];
  /** Offset after the replies that `skipPlain` passed over. */
  skippedTo = 0;
  readonly #start = new ArrayStart();
  readonly #nested = new ArrayStart();
  /** Index of the element of the reply that is being read. */
  #index = 0;
  #isErrorKept = false;
  #error = '';

  /** Whether the reply is an error. */
  get isError(): boolean {
    return isError(this.type);
  }

  /** Returns the first word of an error: NOAUTH, MOVED, … */
  get errorCode(): string {
    return this.isError ? codeOf(this.#error) : '';
  }

  /** Returns the first bytes of an array's first element if it is a status or a string; else empty. */
  get firstWord(): string {
    return this.#start.word;
  }

  /** Whether the server sent it unasked, or as a RESP2 reply to a subscription. */
  get isPush(): boolean {
    if (this.type !== ARRAY) return this.type === PUSH;
    return (
      this.mayBeSubscribed && (this.elements === 3 || this.elements === 4) && PUSHED_WORDS.has(this.firstWord)
    );
  }

  /**
   * Skips at most `most` complete statuses, integers and bulk strings from an offset on, which need no further reading.
   * Returns how many, and sets `skippedTo` to the offset after them. The reply at which it stops is left to `next`.
   */
  skipPlain(bytes: Uint8Array, from: number, most: number): number {
    this.skippedTo = from;
    if (!this.isBetween) return 0;
    const end = bytes.length;
    let count = 0;
    let at = from;
    while (count < most && at < end) {
      const type = bytes[at];
      let to = at + 1;
      if (type === BULK) {
        let length = 0;
        let digits = 0;
        for (; to < end; to++, digits++) {
          const digit = bytes[to]! - ZERO;
          if (digit < 0 || digit > 9) break;
          length = length * 10 + digit;
        }
        if (digits === 0 || digits > 9 || (digits > 1 && bytes[at + 1] === ZERO)) break;
        if (bytes[to] !== CR || bytes[to + 1] !== LF) break;
        to += 2 + length + 2;
        if (to > end || bytes[to - 2] !== CR || bytes[to - 1] !== LF) break;
      } else if (type === STATUS || type === INTEGER) {
        while (to < end && bytes[to] !== LF) to++;
        if (to === end || bytes[to - 1] !== CR) break;
        to++;
      } else break;
      at = to;
      count++;
    }
    this.skippedTo = at;
    this.passOver(at - from);
    return count;
  }

  protected override begun(type: number): void {
    const { depth } = this;
    if (depth === 0) this.#begin(type, 0);
    else if (depth === 1) this.#start.begun(type);
    else this.#nested.begun(type);
    this.#isErrorKept = depth <= 1 && isError(type) && (depth === 0 || this.notesElements);
    if (this.#isErrorKept) this.#error = '';
  }

  protected override content(bytes: Uint8Array, from: number, to: number): void {
    const { depth } = this;
    if (this.#isErrorKept) {
      this.#error += latin1(bytes, from, Math.min(to, from + KEPT_BYTES - this.#error.length));
    } else if (depth === 1) this.#start.content(bytes, from, to);
    else if (depth === 2) this.#nested.content(bytes, from, to);
  }

  protected override ended(_type: number, isNull: boolean): void {
    const { depth } = this;
    if (depth === 0) this.isNull = isNull;
    else if (depth === 1) {
      if (this.#isErrorKept) this.elementErrors.push({ index: this.#index, code: codeOf(this.#error) });
      this.#elementRead(this.#start);
    } else this.#elementRead(this.#nested);
    this.#isErrorKept = false;
  }

  protected override opened(type: number, elements: number): void {
    const { depth } = this;
    if (depth === 0) {
      this.#begin(type, elements);
      if (type === ARRAY || type === PUSH) this.reportedDepth = this.notesElements ? 2 : 1;
    } else if (depth === 1) {
      this.#elementRead(this.#start);
      this.#nested.open(type === ARRAY || type === PUSH ? elements : 0);
    } else this.#elementRead(this.#nested);
  }

  #begin(type: number, elements: number): void {
    this.type = type;
    this.isNull = false;
    this.elements = elements;
    this.reportedDepth = 0;
    this.#index = 0;
    this.#start.open(elements);
    if (this.elementErrors.length > 0) this.elementErrors = [];
    if (this.confirmations.length > 0) this.confirmations = [];
  }

  #elementRead(array: ArrayStart): void {
    array.ended();
    if (array === this.#start) this.#index++;
    const { confirmation } = array;
    if (confirmation !== undefined) this.confirmations.push(confirmation);
    if (!this.notesElements && array.isRead) this.reportedDepth = 0;
  }
}

function codeOf(error: string): string {
  return error.split(' ', 1)[0]!;
}
