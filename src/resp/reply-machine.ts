import { concatBytes, InputError, latin1, shownBytes } from '../base/index.js';
import {
  ARRAY,
  ATTRIBUTE,
  BIG_NUMBER,
  BOOLEAN,
  BULK,
  BULK_ERROR,
  CR,
  DOUBLE,
  ERROR,
  INTEGER,
  LF,
  MAP,
  NULL,
  PUSH,
  SET,
  STATUS,
  VERBATIM,
  ZERO,
} from './protocol-bytes.js';
import { MAX_REPLY_DEPTH, MAX_REPLY_ELEMENTS, MAX_REPLY_STRING_BYTES } from './protocol-limits.js';

const [NO_TYPE, LINE, STRING, AGGREGATE, PAIRS] = [0, 1, 2, 3, 4];

/** The form of the elements that begin with each byte. */
const FORMS = new Uint8Array(256);
for (const type of [STATUS, ERROR, INTEGER, NULL, BOOLEAN, DOUBLE, BIG_NUMBER]) FORMS[type] = LINE;
for (const type of [BULK, VERBATIM, BULK_ERROR]) FORMS[type] = STRING;
for (const type of [ARRAY, SET, PUSH]) FORMS[type] = AGGREGATE;
for (const type of [MAP, ATTRIBUTE]) FORMS[type] = PAIRS;

/** Limit of a line with a length: the type, a sign, the digits of 2^63, and the line end. */
const MAX_HEAD_BYTES = 23;
const SHOWN_BYTES = 40;
const CARRIAGE_RETURN = Uint8Array.of(CR);
const NO_BYTES = new Uint8Array();

type State = 'between' | 'line' | 'head' | 'string' | 'tail';

/** Reports bytes that are not from a server that speaks RESP. */
export class NotRespError extends InputError {}

/** Receives the elements of replies, each with the number of aggregates around it. */
export interface ReplySink {
  /** Begins an element that has no elements of its own. */
  begun(depth: number, type: number): void;
  /** Receives bytes of its content. */
  content(depth: number, bytes: Uint8Array, from: number, to: number): void;
  ended(depth: number, type: number, isNull: boolean): void;
  /** Receives an element at once, with all its content: instead of the three calls, for speed. */
  whole(depth: number, type: number, bytes: Uint8Array, from: number, to: number): void;
  /** Begins an aggregate, and ends it if it has no elements. A map has two for each pair. */
  opened(depth: number, type: number, elements: number): void;
}

/**
 * Reads replies, RESP2 and RESP3, at any cut of the bytes, and reports their elements to a sink:
 *
 *     between ── type byte ──┬──> line ────────────────────┬──> between
 *                            └──> head ──> string ──> tail ┤
 *                                      └──> elements ──────┘
 *
 * Nothing is allocated by an announced length, and nesting is counted without recursion. Attributes are passed over.
 * The streamed types of RESP3 are refused, since no server sends them.
 *
 * The sink is no subclass: with objects of two shapes, each step would take five times as long.
 */
export class ReplyMachine {
  /** Elements inside of more aggregates than this are not reported. */
  reportedDepth: number;
  readonly #sink: ReplySink;
  /** Missing elements of each open aggregate, the outermost first; negative for attributes. */
  readonly #open: number[] = [];
  /** Number of the aggregates around the outermost open attribute; -1 if there is none. */
  #attributeAt = -1;
  #state: State = 'between';
  #type = 0;
  #isInside = false;
  /** Beginning of a head whose end has not arrived. */
  #head: Uint8Array = NO_BYTES;
  /** Missing bytes of a string, without its line end. */
  #left = 0;
  /** Whether the last byte was a CR that may belong to a line end. */
  #isAfterCr = false;
  /** Number of bytes before those of the current call, which begin at `#from`. */
  #before = 0;
  #from = 0;

  constructor(sink: ReplySink, reportedDepth: number) {
    this.#sink = sink;
    this.reportedDepth = reportedDepth;
  }

  /** Whether the bytes read so far end between two replies. */
  get isBetween(): boolean {
    return !this.#isInside;
  }

  /** Reads on at `at`: returns the offset after the next reply, or -1 when all bytes were read before one ended. */
  next(bytes: Uint8Array, at: number): number {
    const end = bytes.length;
    if (at >= end) return -1;
    this.#from = at;
    this.#isInside = true;
    let to = at;
    while (to < end && this.#isInside) {
      to = this.#state === 'between' ? this.#element(bytes, to) : this.#step(bytes, to);
    }
    this.#before += to - at;
    return this.#isInside ? -1 : to;
  }

  /** Counts bytes of whole replies that were read without the machine, for the places in errors. */
  passOver(bytes: number): void {
    this.#before += bytes;
  }

  #step(bytes: Uint8Array, at: number): number {
    switch (this.#state) {
      case 'between':
        return this.#element(bytes, at);
      case 'line':
        return this.#moreLine(bytes, at);
      case 'head':
        return this.#moreHead(bytes, at);
      case 'string':
        return this.#moreString(bytes, at);
      case 'tail':
        return this.#moreTail(bytes, at);
    }
  }

  /** Reads an element whose bytes are all there at once, which is the usual case, or begins another. */
  #element(bytes: Uint8Array, at: number): number {
    const type = bytes[at]!;
    const form = FORMS[type]!;
    this.#type = type;
    if (form === LINE) {
      const lineEnd = endOfLine(bytes, at + 1);
      if (lineEnd >= 0) return this.#whole(bytes, at + 1, lineEnd);
      if (this.#isReported()) this.#sink.begun(this.#open.length, type);
      this.#state = 'line';
      return at + 1;
    }
    if (form === NO_TYPE) throw this.#refusal(this.#place(at), bytes.subarray(at), 'is no RESP');
    const end = bytes.length;
    let to = at + 1;
    let length = 0;
    for (; to < end; to++) {
      const digit = bytes[to]! - ZERO;
      if (digit < 0 || digit > 9) break;
      length = length * 10 + digit;
    }
    const digits = to - at - 1;
    const isPlain = digits > 0 && digits < 9 && (digits === 1 || bytes[at + 1] !== ZERO);
    if (!isPlain || to + 1 >= end || bytes[to] !== CR || bytes[to + 1] !== LF) {
      this.#state = 'head';
      return this.#moreHead(bytes, at);
    }
    const next = to + length + 4;
    if (form === STRING && next <= end && bytes[next - 2] === CR && bytes[next - 1] === LF) {
      return this.#whole(bytes, to + 2, next);
    }
    this.#headEnded(form, length, this.#place(at));
    return to + 2;
  }

  /** Reports an element whose content ends with the line end before `end`. */
  #whole(bytes: Uint8Array, from: number, end: number): number {
    if (this.#isReported()) this.#sink.whole(this.#open.length, this.#type, bytes, from, end - 2);
    this.#elementEnded();
    return end;
  }

  #moreLine(bytes: Uint8Array, from: number): number {
    if (this.#isAfterCr) {
      this.#isAfterCr = false;
      if (bytes[from] === LF) return this.#contentEnded(from + 1);
      this.#report(CARRIAGE_RETURN, 0, 1);
    }
    const lineEnd = endOfLine(bytes, from);
    if (lineEnd >= 0) {
      this.#report(bytes, from, lineEnd - 2);
      return this.#contentEnded(lineEnd);
    }
    this.#isAfterCr = bytes[bytes.length - 1] === CR;
    this.#report(bytes, from, bytes.length - (this.#isAfterCr ? 1 : 0));
    return bytes.length;
  }

  #moreHead(bytes: Uint8Array, at: number): number {
    const kept = this.#head.length;
    const head = concatBytes([this.#head, bytes.subarray(at, at + MAX_HEAD_BYTES - kept)]);
    const lineEnd = endOfLine(head, 1);
    if (lineEnd < 0) {
      if (head.length === MAX_HEAD_BYTES)
        throw this.#refusal(this.#place(at) - kept, head, 'has no valid length');
      this.#head = head;
      return at + head.length - kept;
    }
    const form = FORMS[this.#type]!;
    const place = this.#place(at) - kept;
    const length = this.#lengthIn(head.subarray(0, lineEnd), form, place);
    this.#head = NO_BYTES;
    this.#headEnded(form, length, place);
    return at + lineEnd - kept;
  }

  /** Returns the length in a whole head, in a server's only spelling; -1 for a null. */
  #lengthIn(head: Uint8Array, form: number, place: number): number {
    const text = latin1(head, 1, head.length - 2);
    const type = head[0];
    if (text === '-1' && (type === BULK || type === ARRAY)) return -1;
    if (text === '?') throw this.#refusal(place, head, 'is streamed, which no Redis or Valkey server does');
    if (!/^(0|[1-9]\d*)$/.test(text)) throw this.#refusal(place, head, 'has no valid length');
    const length = Number(text);
    const limit = form === STRING ? MAX_REPLY_STRING_BYTES : MAX_REPLY_ELEMENTS;
    if (length > limit) throw this.#refusal(place, head, `is over the limit of ${limit}`);
    return length;
  }

  #headEnded(form: number, length: number, place: number): void {
    this.#state = 'between';
    if (length < 0) {
      if (this.#isReported()) {
        this.#sink.begun(this.#open.length, this.#type);
        this.#sink.ended(this.#open.length, this.#type, true);
      }
      this.#elementEnded();
    } else if (form === STRING) {
      if (this.#isReported()) this.#sink.begun(this.#open.length, this.#type);
      this.#left = length;
      this.#state = length > 0 ? 'string' : 'tail';
    } else this.#openAggregate(form === PAIRS ? 2 * length : length, place);
  }

  #openAggregate(elements: number, place: number): void {
    const open = this.#open;
    const isAttribute = this.#type === ATTRIBUTE;
    if (!isAttribute && this.#isReported()) this.#sink.opened(this.#open.length, this.#type, elements);
    if (elements === 0) {
      if (!isAttribute) this.#elementEnded();
      return;
    }
    if (open.length === MAX_REPLY_DEPTH) {
      throw this.#refusal(place, Uint8Array.of(this.#type), `is over ${MAX_REPLY_DEPTH} aggregates deep`);
    }
    if (isAttribute && this.#attributeAt < 0) this.#attributeAt = open.length;
    open.push(isAttribute ? -elements : elements);
  }

  #moreString(bytes: Uint8Array, at: number): number {
    const length = Math.min(this.#left, bytes.length - at);
    this.#report(bytes, at, at + length);
    this.#left -= length;
    if (this.#left === 0) this.#state = 'tail';
    return at + length;
  }

  #moreTail(bytes: Uint8Array, at: number): number {
    if (bytes[at] !== (this.#isAfterCr ? LF : CR)) {
      throw this.#refusal(this.#place(at), bytes.subarray(at), 'is no line end');
    }
    this.#isAfterCr = !this.#isAfterCr;
    return this.#isAfterCr ? at + 1 : this.#contentEnded(at + 1);
  }

  #contentEnded(at: number): number {
    this.#state = 'between';
    if (this.#isReported()) this.#sink.ended(this.#open.length, this.#type, this.#type === NULL);
    this.#elementEnded();
    return at;
  }

  #elementEnded(): void {
    const open = this.#open;
    for (let depth = open.length - 1; depth >= 0; depth--) {
      const left = open[depth]!;
      if (left > 1 || left < -1) {
        open[depth] = left > 0 ? left - 1 : left + 1;
        return;
      }
      open.pop();
      if (left < 0) {
        // An attribute is no element: the one that it describes follows.
        if (this.#attributeAt === depth) this.#attributeAt = -1;
        return;
      }
    }
    this.#isInside = false;
  }

  #isReported(): boolean {
    return this.#open.length <= this.reportedDepth && this.#attributeAt < 0;
  }

  #report(bytes: Uint8Array, from: number, to: number): void {
    if (to > from && this.#isReported()) this.#sink.content(this.#open.length, bytes, from, to);
  }

  #place(at: number): number {
    return this.#before + at - this.#from;
  }

  #refusal(place: number, bytes: Uint8Array, what: string): NotRespError {
    const lineEnd = bytes.indexOf(CR, 1);
    const shown = shownBytes(lineEnd < 0 ? bytes : bytes.subarray(0, lineEnd), SHOWN_BYTES);
    return new NotRespError(
      `the server answered ${shown}, which ${what} (byte ${place} of its replies); ` +
        'is another program listening on its port?',
    );
  }
}

/** Returns the offset after the next CR and LF, or -1. A lone one of them belongs to the line. */
function endOfLine(bytes: Uint8Array, from: number): number {
  const end = bytes.length;
  for (let at = from; at < end; at++) {
    if (bytes[at] === LF && at > from && bytes[at - 1] === CR) return at + 1;
  }
  return -1;
}
