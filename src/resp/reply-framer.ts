import { ArrayStart, type Confirmation } from './array-start.js';
import { KeptBytes } from './kept-bytes.js';
import { ARRAY, BULK, CR, INTEGER, isErrorType, LF, NULL, PUSH, STATUS, ZERO } from './protocol-bytes.js';
import { ReplyMachine, type ReplySink } from './reply-machine.js';

/** Number of bytes that are kept of an error or a status. The code of an error is its first word. */
const KEPT_BYTES = 128;

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
export class ReplyFramer implements ReplySink {
  /** First byte of the reply that ended last. */
  type = 0;
  /** Whether the reply is a null (`$-1`, `*-1`, `_`). */
  isNull = false;
  /** Number of elements of an aggregate; 0 for other replies. */
  elements = 0;
  /** Whether errors and confirmations in the elements of arrays are noted, as for EXEC. */
  notesElements = false;
  /** Errors among the elements of the reply, if elements are noted; until the next reply begins. */
  elementErrors: ElementError[] = [];
  /** Confirmations of subscriptions: the reply itself, or its elements if they are noted. */
  confirmations: Confirmation[] = [];
  /** Offset after the replies that `skipPlain` passed over. */
  skippedTo = 0;
  readonly #machine = new ReplyMachine(this, 0);
  readonly #start = new ArrayStart();
  readonly #nested = new ArrayStart();
  /** Index of the element of the reply that is being read. */
  #index = 0;
  #isLineKept = false;
  readonly #line = new KeptBytes(KEPT_BYTES);
  /** Whether there are errors or confirmations of the reply before. */
  #hasNotes = false;

  /** Whether the bytes read so far end between two replies. */
  get isBetween(): boolean {
    return this.#machine.isBetween;
  }

  /** Whether the reply is an error. */
  get isError(): boolean {
    return isErrorType(this.type);
  }

  /** Returns the first word of an error: NOAUTH, MOVED, … */
  get errorCode(): string {
    return this.isError ? codeOf(this.#line.text) : '';
  }

  /** Returns the first bytes of an array's first element if it is a status or a string; else empty. */
  get firstWord(): string {
    return this.elements === 0 ? '' : this.#start.word;
  }

  /** Returns the first bytes of an error or a status, without the type. */
  get line(): string {
    return this.#line.text;
  }

  /** Reads on at `at`: returns the offset after the next reply, or -1 when all bytes were read before one ended. */
  next(bytes: Uint8Array, at: number): number {
    return this.#machine.next(bytes, at);
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
        for (; to < end; to++) {
          const digit = bytes[to]! - ZERO;
          if (digit < 0 || digit > 9) break;
          length = length * 10 + digit;
        }
        const digits = to - at - 1;
        const next = to + length + 4;
        if (next > end || digits === 0 || digits > 9 || (digits > 1 && bytes[at + 1] === ZERO)) break;
        if (bytes[to] !== CR || bytes[to + 1] !== LF || bytes[next - 2] !== CR || bytes[next - 1] !== LF)
          break;
        to = next;
      } else if (type === STATUS || type === INTEGER) {
        while (to < end && bytes[to] !== LF) to++;
        if (to === end || bytes[to - 1] !== CR) break;
        to++;
      } else break;
      at = to;
      count++;
    }
    this.skippedTo = at;
    this.#machine.passOver(at - from);
    return count;
  }

  begun(depth: number, type: number): void {
    if (depth === 0) this.#begin(type, 0);
    else this.#arrayAt(depth).begun(type);
    if (depth === 0) this.#isLineKept = isErrorType(type) || type === STATUS || type === INTEGER;
    else this.#isLineKept = depth === 1 && this.notesElements && isErrorType(type);
    if (this.#isLineKept) this.#line.clear();
  }

  content(depth: number, bytes: Uint8Array, from: number, to: number): void {
    if (this.#isLineKept) this.#line.add(bytes, from, to);
    else if (depth > 0) this.#arrayAt(depth).content(bytes, from, to);
  }

  ended(depth: number, _type: number, isNull: boolean): void {
    const isErrorKept = this.#isLineKept;
    this.#isLineKept = false;
    if (depth === 0) {
      this.isNull = isNull;
      return;
    }
    if (isErrorKept) {
      this.#hasNotes = true;
      this.elementErrors.push({ index: this.#index, code: codeOf(this.#line.text) });
    }
    this.#elementRead(depth);
  }

  whole(depth: number, type: number, bytes: Uint8Array, from: number, to: number): void {
    this.begun(depth, type);
    if (depth > 0 || this.#isLineKept) this.content(depth, bytes, from, to);
    this.ended(depth, type, type === NULL);
  }

  opened(depth: number, type: number, elements: number): void {
    const isList = type === ARRAY || type === PUSH;
    if (depth > 0) {
      this.#elementRead(depth);
      if (depth === 1) this.#nested.open(isList ? elements : 0);
      return;
    }
    this.#begin(type, elements);
    this.#index = 0;
    this.#start.open(isList ? elements : 0);
    if (isList) this.#machine.reportedDepth = this.notesElements ? 2 : 1;
    else this.#machine.reportedDepth = 0;
  }

  /** The array around the element that is reported. */
  #arrayAt(depth: number): ArrayStart {
    return depth === 1 ? this.#start : this.#nested;
  }

  #begin(type: number, elements: number): void {
    this.type = type;
    this.isNull = false;
    this.elements = elements;
    if (!this.#hasNotes) return;
    this.#hasNotes = false;
    this.elementErrors = [];
    this.confirmations = [];
  }

  #elementRead(depth: number): void {
    const array = this.#arrayAt(depth);
    if (depth === 1) this.#index++;
    array.ended();
    const { confirmation } = array;
    if (confirmation !== undefined) {
      this.#hasNotes = true;
      this.confirmations.push(confirmation);
    }
    if (!this.notesElements && array.isRead) this.#machine.reportedDepth = 0;
  }
}

function codeOf(error: string): string {
  return error.split(' ', 1)[0]!;
}
