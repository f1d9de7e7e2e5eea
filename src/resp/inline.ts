import { grown } from '../base/index.js';
export interface QuoteProblem {
  readonly at: number;
  readonly found: string;
}

const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const BACKSLASH = 0x5c;
const SMALL_X = 0x78;

/** Bytes of the escapes in double quotes, by the byte after the backslash; every other byte is itself. */
const ESCAPES = new Map([
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
  [0x62, 0x08],
  [0x61, 0x07],
]);

/**
 * Splits a line into arguments with the rules of redis-cli and of inline commands. The escapes of "double quotes" are
 * \n \r \t \b \a \xHH and \ before any other byte. The only escape of 'single quotes' is \', and a quote ends its
 * argument.
 */
export class InlineSplitter {
  bytes = new Uint8Array(256);
  start = new Uint32Array(16);
  length = new Uint32Array(16);
  count = 0;
  #filled = 0;

  /** Splits a line; returns undefined, or the reason why it cannot be split. */
  split(line: Uint8Array): QuoteProblem | undefined {
    if (this.bytes.length < line.length) this.bytes = new Uint8Array(line.length * 2);
    this.#filled = 0;
    this.count = 0;
    // A zero byte ends the line in C: no byte after it reaches the server's splitter.
    const zero = line.indexOf(0);
    const end = zero < 0 ? line.length : zero;
    for (let at = 0; ; ) {
      while (at < end && isSpace(line[at]!)) at++;
      if (at >= end) return undefined;
      this.#open();
      const behind = this.#argument(line, at, end);
      if (typeof behind !== 'number') return behind;
      at = behind;
      this.#close();
    }
  }

  #argument(line: Uint8Array, from: number, end: number): number | QuoteProblem {
    let at = from;
    while (at < end) {
      const byte = line[at]!;
      if (byte === QUOTE || byte === APOSTROPHE) return this.#quoted(line, at, end);
      // Vertical tab and form feed separate arguments but do not end one: the server's own asymmetry.
      if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return at;
      this.#put(byte);
      at++;
    }
    return at;
  }

  #quoted(line: Uint8Array, open: number, end: number): number | QuoteProblem {
    const quote = line[open]!;
    for (let at = open + 1; at < end; at++) {
      const byte = line[at]!;
      if (byte === quote) {
        if (at + 1 < end && !isSpace(line[at + 1]!)) {
          return { at: at + 1, found: 'no space behind a closing quote' };
        }
        return at + 1;
      }
      if (byte !== BACKSLASH || at + 1 >= end) {
        this.#put(byte);
      } else if (quote === APOSTROPHE) {
        this.#put(line[at + 1] === APOSTROPHE ? line[++at]! : byte);
      } else {
        const hex = line[at + 1] === SMALL_X ? hexByte(line, at + 2, end) : -1;
        if (hex >= 0) {
          this.#put(hex);
          at += 3;
        } else {
          const escaped = line[++at]!;
          this.#put(ESCAPES.get(escaped) ?? escaped);
        }
      }
    }
    return { at: open, found: 'a quote that is not closed' };
  }

  #open(): void {
    this.start = grown(this.start, this.count + 1);
    this.length = grown(this.length, this.count + 1);
    this.start[this.count] = this.#filled;
  }

  #put(byte: number): void {
    this.bytes[this.#filled++] = byte;
  }

  #close(): void {
    this.length[this.count] = this.#filled - this.start[this.count]!;
    this.count++;
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

/** Returns the byte that two hexadecimal digits encode, or -1. */
export function hexByte(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end) return -1;
  const high = hexDigit(bytes[at]!);
  const low = hexDigit(bytes[at + 1]!);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
