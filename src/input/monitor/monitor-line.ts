import { grown, latin1 } from '../../base/index.js';
import type { Command } from '../../commands/index.js';
import { hexByte } from '../../resp/index.js';

const PLUS = 0x2b;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const SMALL_X = 0x78;
/** The maximum length of the time, database and client, which may be the path of a unix socket. */
const MAX_HEAD_BYTES = 256;

const HEAD = /^(\d{1,12})\.(\d{6}) \[(\d{1,10}) ([^"]{1,200}?)\] $/;

/** The escapes of the server's sdscatrepr, except \xHH. */
const ESCAPES = new Map([
  [QUOTE, QUOTE],
  [BACKSLASH, BACKSLASH],
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
  [0x61, 0x07],
  [0x62, 0x08],
]);

/** The escapes that are letters, which stand for bytes that cannot be printed. */
const LETTERS = new Map([...ESCAPES].filter(([letter]) => letter !== QUOTE && letter !== BACKSLASH));

/**
 * Parses a line of MONITOR: `1339518083.107412 [0 127.0.0.1:60866] "set" "a" "b\n"`. Arguments are unescaped in place,
 * which only shortens them.
 */
export class MonitorLine {
  /** The Unix time in microseconds. */
  micros = 0;
  database = 0;
  /** ip:port, `unix:` and a path, or `lua` for commands of scripts. */
  client = '';
  /** Whether quotes and backslashes of this log are not escaped. Valkey 8.1 writes them as they are. */
  isUnescaped = false;
  /** The bytes of the current line before the first of its escapes was replaced. */
  #original = new Uint8Array(256);
  #start = new Uint32Array(16);
  #length = new Uint32Array(16);

  /** Parses bytes[from .. to) into `command`. Returns a problem, or undefined. */
  parse(command: Command, bytes: Uint8Array, from: number, to: number): string | undefined {
    // Connections other than redis-cli's receive each line as a RESP simple string.
    const begin = bytes[from] === PLUS ? from + 1 : from;
    const limit = Math.min(to, begin + MAX_HEAD_BYTES);
    let quote = begin;
    while (quote < limit && bytes[quote] !== QUOTE) quote++;
    const text = latin1(bytes, begin, quote);
    const [, seconds, fraction, database, client] = HEAD.exec(text) ?? [];
    if (seconds === undefined || client === undefined) {
      return 'expected a time, [database client] and quoted arguments';
    }
    this.micros = Number(seconds) * 1e6 + Number(fraction);
    this.database = Number(database);
    this.client = client;
    if (this.isUnescaped) return this.#arguments(command, bytes, quote, to);
    this.#keep(bytes, quote, to);
    const problem = this.#arguments(command, bytes, quote, to);
    if (problem === undefined) return undefined;
    bytes.set(this.#original.subarray(0, to - quote), quote);
    this.isUnescaped = true;
    if (this.#arguments(command, bytes, quote, to) === undefined) return undefined;
    this.isUnescaped = false;
    return problem;
  }

  #keep(bytes: Uint8Array, from: number, to: number): void {
    if (this.#original.length < to - from) this.#original = new Uint8Array((to - from) * 2);
    this.#original.set(bytes.subarray(from, to));
  }

  #arguments(command: Command, bytes: Uint8Array, from: number, to: number): string | undefined {
    let count = 0;
    let at = from;
    for (;;) {
      if (bytes[at] !== QUOTE || at >= to) return `argument ${count} has no opening quote`;
      const start = at + 1;
      const closing = this.isUnescaped
        ? this.#unescapeLiteral(bytes, start, to)
        : this.#unescape(bytes, start, to);
      if (closing < 0)
        return `argument ${count} has no closing quote, or an escape that MONITOR does not write`;
      if (count === this.#start.length) {
        this.#start = grown(this.#start, count + 1);
        this.#length = grown(this.#length, count + 1);
      }
      this.#start[count] = start;
      this.#length[count] = this.#unescapedEnd - start;
      count++;
      at = closing + 1;
      if (at === to) break;
      if (bytes[at] !== SPACE) return `no space after argument ${count - 1}`;
      at++;
    }
    command.bytes = bytes;
    command.start = this.#start;
    command.length = this.#length;
    command.argumentCount = count;
    return undefined;
  }

  #unescapedEnd = 0;

  /**
   * Unescapes an argument whose quotes and backslashes stand for themselves. A quote closes it if another argument or
   * the end of the line follows, and a backslash that begins no escape is one.
   */
  #unescapeLiteral(bytes: Uint8Array, from: number, to: number): number {
    let filled = from;
    for (let at = from; at < to; at++) {
      let byte = bytes[at]!;
      if (byte === QUOTE) {
        const isLast = at + 1 === to || (bytes[at + 1] === SPACE && bytes[at + 2] === QUOTE && at + 2 < to);
        if (isLast) {
          this.#unescapedEnd = filled;
          return at;
        }
      } else if (byte === BACKSLASH && at + 1 < to) {
        const hex = bytes[at + 1] === SMALL_X ? hexByte(bytes, at + 2, to) : -1;
        const escaped = LETTERS.get(bytes[at + 1]!);
        if (bytes[at + 1] === BACKSLASH) {
          bytes[filled++] = byte;
          at++;
        } else if (hex >= 0) {
          byte = hex;
          at += 3;
        } else if (escaped !== undefined) {
          byte = escaped;
          at++;
        }
      }
      bytes[filled++] = byte;
    }
    return -1;
  }

  /** Unescapes an argument. Returns the position of its closing quote, or -1. */
  #unescape(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to && bytes[at] !== QUOTE && bytes[at] !== BACKSLASH) at++;
    let filled = at;
    while (at < to && bytes[at] !== QUOTE) {
      let byte = bytes[at]!;
      if (byte === BACKSLASH) {
        at++;
        if (at >= to) return -1;
        if (bytes[at] === SMALL_X) {
          byte = hexByte(bytes, at + 1, to);
          if (byte < 0) return -1;
          at += 2;
        } else {
          const escaped = ESCAPES.get(bytes[at]!);
          if (escaped === undefined) return -1;
          byte = escaped;
        }
      }
      bytes[filled++] = byte;
      at++;
    }
    if (at >= to) return -1;
    this.#unescapedEnd = filled;
    return at;
  }
}
