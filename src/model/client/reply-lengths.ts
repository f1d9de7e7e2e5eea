import { SYNTAX_ERROR, WRONG_TYPE } from '../../commands/index.js';

/** The destination of a reply's bytes, such as a client's reply buffer. */
export interface ReplySink {
  write(bytes: number): void;
  /** Adds a reference to a string that is sent from where it is. */
  writeReference(): void;
  /** Begins an array of unknown length, which gets a node for the length. */
  startDeferred(): void;
  /** Ends such an array with a header of so many bytes. */
  endDeferred(bytes: number): void;
}

/**
 * A command's reply in RESP2 as the sizes of its parts. The sizes decide which blocks the reply buffer allocates; the
 * contents do not matter.
 */
export class Reply {
  /** `errors` counts each error by its message. */
  constructor(
    readonly sink: ReplySink,
    readonly errors: { count(message: string): void },
  ) {}

  /** Replies +text\r\n, by the length of the text. */
  status(length = 2): void {
    this.sink.write(length + 3);
  }

  /** Replies -text\r\n. */
  error(message: string): void {
    this.sink.write(message.length + 3);
    this.errors.count(message);
  }

  wrongType(): void {
    this.error(WRONG_TYPE);
  }

  syntaxError(): void {
    this.error(SYNTAX_ERROR);
  }

  integer(value: number | bigint): void {
    this.sink.write(decimalLength(value) + 3);
  }

  /** Replies $length\r\n…\r\n. The server adds it in three parts, each of which may start a new block. */
  bulk(length: number): void {
    this.sink.write(decimalLength(length) + 3);
    this.sink.write(length);
    this.sink.write(2);
  }

  /** Replies with a string that is sent from where it is; the buffer holds a reference to it. */
  bulkInPlace(): void {
    this.sink.writeReference();
  }

  nil(): void {
    this.sink.write(5);
  }

  /** Replies *count\r\n; the elements follow. */
  array(count: number): void {
    this.sink.write(decimalLength(count) + 3);
  }

  nilArray(): void {
    this.sink.write(5);
  }

  /** Begins an array of unknown length: the elements follow, then `endDeferredArray`. */
  startDeferredArray(): void {
    this.sink.startDeferred();
  }

  endDeferredArray(count: number): void {
    this.sink.endDeferred(decimalLength(count) + 3);
  }
}

/** Returns the number of characters of a whole number in decimal, with its sign. */
export function decimalLength(value: number | bigint): number {
  if (typeof value === 'bigint' || value > 0xffffffff || value < 0) return value.toString().length;
  // Most numbers are lengths of names.
  if (value < 100) return value < 10 ? 1 : 2;
  let length = 3;
  for (let limit = 1000; value >= limit; limit *= 10) length++;
  return length;
}
