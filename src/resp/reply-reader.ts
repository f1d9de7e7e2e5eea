import { InputError, latin1, Queue } from '../base/index.js';
import { ARRAY, BULK, isErrorType, MINUS, NULL, PUSH, STATUS } from './protocol-bytes.js';
import { MAX_REPLY_DEPTH, MAX_REPLY_TEXT } from './protocol-limits.js';
import { ReplyMachine, type ReplySink } from './reply-machine.js';

export interface ReplyErrors {
  /** The error's first word: ERR, WRONGTYPE, NOSCRIPT, … */
  readonly kind: string;
  readonly count: number;
  /** The first of them, in full. */
  readonly example: string;
}

/** Counts replies and their errors. Contents are skipped, except for errors and for replies that a caller reads. */
export class Replies implements ReplySink {
  /** Number of complete replies, without the pushes of RESP3. */
  count = 0;
  readonly #machine = new ReplyMachine(this, MAX_REPLY_DEPTH);
  readonly #errors = new Map<string, { count: number; example: string }>();
  /** The numbers of replies, counted from 0, whose strings are noted. */
  readonly #noted = new Queue<number>();
  #notes: string[] = [];
  #isPush = false;
  #isKeeping = false;
  #texts: string[] = [];
  #textsLength = 0;
  /** Text of the element that is being read, if it matters. */
  #text: string | undefined;

  get errors(): ReplyErrors[] {
    return [...this.#errors].map(([kind, rest]) => ({ kind, ...rest }));
  }

  /** Keeps the text of simple replies and bulk strings from now on, until it is taken. */
  keep(): void {
    this.takeTexts();
    this.#isKeeping = true;
  }

  takeTexts(): string[] {
    const texts = this.#texts;
    this.#isKeeping = false;
    this.#texts = [];
    this.#textsLength = 0;
    return texts;
  }

  /** Notes a later reply, by its number, if it is a string. Numbers increase from call to call. */
  note(reply: number): void {
    this.#noted.push(reply);
  }

  /** Returns the strings that were noted since the last call. */
  takeNotes(): string[] {
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }

  add(bytes: Uint8Array): void {
    for (let at = this.#machine.next(bytes, 0); at >= 0; at = this.#machine.next(bytes, at)) {
      if (!this.#isPush) {
        if (this.#isNoted(0)) this.#noted.shift();
        this.count++;
      }
      this.#isPush = false;
    }
  }

  #isNoted(depth: number): boolean {
    return depth === 0 && this.#noted.first === this.count;
  }

  begun(depth: number, type: number): void {
    this.#text = this.#isKeeping || isErrorType(type) || this.#isNoted(depth) ? '' : undefined;
  }

  content(_depth: number, bytes: Uint8Array, from: number, to: number): void {
    if (this.#text === undefined) return;
    this.#textsLength += to - from;
    if (this.#textsLength > MAX_REPLY_TEXT) {
      throw new InputError(`a reply of over ${MAX_REPLY_TEXT} bytes is too long to be read: ask for less`);
    }
    this.#text += latin1(bytes, from, to);
  }

  ended(depth: number, type: number, isNull: boolean): void {
    const text = this.#text;
    this.#text = undefined;
    if (text === undefined) return;
    if (type === BULK && !isNull && this.#isNoted(depth)) this.#notes.push(text);
    if (isErrorType(type)) this.#error(text);
    if (!this.#isKeeping) this.#textsLength = 0;
    // A null array has no elements, and so no texts.
    else if (!(isNull && type === ARRAY)) this.#texts.push(text);
  }

  whole(depth: number, type: number, bytes: Uint8Array, from: number, to: number): void {
    this.begun(depth, type);
    this.content(depth, bytes, from, to);
    this.ended(depth, type, type === NULL);
  }

  opened(depth: number, type: number): void {
    if (depth === 0) this.#isPush = type === PUSH;
  }

  #error(message: string): void {
    const kind = message.split(' ', 1)[0]!;
    const before = this.#errors.get(kind);
    if (before === undefined) this.#errors.set(kind, { count: 1, example: message });
    else before.count++;
  }
}

/** Replies that have arrived whole. */
export interface ReadReply {
  /** The first byte. */
  readonly type: number;
  readonly isError: boolean;
  readonly isStatus: boolean;
  readonly isNull: boolean;
  /** The texts in them, in order and without the structure of arrays. */
  readonly texts: readonly string[];
}

/** Reads replies that have arrived whole; all but the texts is about the first of them. */
export function readReply(bytes: Uint8Array): ReadReply {
  const replies = new Replies();
  replies.keep();
  replies.add(bytes);
  const type = bytes[0]!;
  const isNull = type === NULL || ((type === BULK || type === ARRAY) && bytes[1] === MINUS);
  return { type, isError: isErrorType(type), isStatus: type === STATUS, isNull, texts: replies.takeTexts() };
}

/** Whether a reply that has arrived whole is an error. */
export function isErrorReply(reply: Uint8Array): boolean {
  return isErrorType(reply[0]);
}
