/**
 * Counts the replies of a server, RESP2 and RESP3, as their bytes arrive. Contents are skipped, except for errors and for
 * replies that a caller reads.
 */
import { InputError, latin1 } from '../base/index.js';

export interface ReplyErrors {
  /** The error's first word: ERR, WRONGTYPE, NOSCRIPT, … */
  readonly kind: string;
  readonly count: number;
  /** The first of them, in full. */
  readonly example: string;
}

const CR = 13;
const LF = 10;

export class Replies {
  /** Number of complete replies, without the pushes of RESP3. */
  count = 0;
  readonly #errors = new Map<string, { count: number; example: string }>();
  /** Bytes of a line that has not ended yet. */
  #line: number[] = [];
  /** Missing bytes of a bulk string, its line end included. */
  #bulkLeft = 0;
  /** Missing elements of each open array, the outermost first. */
  readonly #open: number[] = [];
  #isPush = false;
  #kept: Uint8Array[] | undefined;
  #texts: string[] = [];

  get errors(): ReplyErrors[] {
    return [...this.#errors].map(([kind, rest]) => ({ kind, ...rest }));
  }

  /** Keeps the text of simple replies and bulk strings from now on, until it is taken. */
  keep(): void {
    this.#kept = [];
    this.#texts = [];
  }

  takeTexts(): string[] {
    const texts = this.#texts;
    this.#kept = undefined;
    this.#texts = [];
    return texts;
  }

  add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#bulkLeft > 0) {
        const length = Math.min(this.#bulkLeft, bytes.length - at);
        this.#kept?.push(bytes.slice(at, at + length));
        this.#bulkLeft -= length;
        at += length;
        if (this.#bulkLeft === 0) this.#bulkComplete();
      } else {
        const byte = bytes[at++]!;
        if (byte === LF) this.#lineComplete();
        else if (byte !== CR) this.#line.push(byte);
      }
    }
  }

  #bulkComplete(): void {
    if (this.#kept !== undefined) {
      const text = Buffer.concat(this.#kept).toString('latin1');
      this.#texts.push(text.slice(0, -2));
      this.#kept = [];
    }
    this.#elementComplete();
  }

  #lineComplete(): void {
    const line = latin1(Uint8Array.from(this.#line));
    this.#line = [];
    const rest = line.slice(1);
    switch (line[0]) {
      case '-':
        this.#error(rest);
        this.#simple(rest);
        break;
      case '+':
      case ':':
      case '_':
      case '#':
      case ',':
      case '(':
        this.#simple(rest);
        break;
      case '$':
      case '=':
      case '!':
        // A length of -1 is the null of RESP2.
        if (Number(rest) < 0) this.#simple('');
        else this.#bulkLeft = Number(rest) + 2;
        break;
      case '>':
        this.#isPush = this.#open.length === 0;
        this.#aggregate(Number(rest));
        break;
      case '*':
      case '~':
        this.#aggregate(Number(rest));
        break;
      case '%':
        this.#aggregate(2 * Number(rest));
        break;
      default:
        throw new InputError(
          `the server answered "${line.slice(0, 40)}", which is no RESP; is another program listening on its port?`,
        );
    }
  }

  #simple(text: string): void {
    if (this.#kept !== undefined) this.#texts.push(text);
    this.#elementComplete();
  }

  #aggregate(elements: number): void {
    if (elements > 0) this.#open.push(elements);
    else this.#elementComplete();
  }

  #elementComplete(): void {
    for (let depth = this.#open.length - 1; depth >= 0; depth--) {
      const left = this.#open[depth]! - 1;
      this.#open[depth] = left;
      if (left > 0) return;
      this.#open.pop();
    }
    if (!this.#isPush) this.count++;
    this.#isPush = false;
  }

  #error(message: string): void {
    const kind = message.split(' ', 1)[0]!;
    const before = this.#errors.get(kind);
    if (before === undefined) this.#errors.set(kind, { count: 1, example: message });
    else before.count++;
  }
}
