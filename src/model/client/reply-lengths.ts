import { SYNTAX_ERROR } from '../../commands/index.js';
/** Where a reply's bytes go; a client's buffers in real life. */
export interface ReplySink {
  /** So many bytes of reply. */
  write(bytes: number): void;
  /** An array whose length is only known at the end gets a node to put it in. */
  startDeferred(): void;
  /** The length is known: `bytes` of header. */
  endDeferred(bytes: number): void;
}

/**
 * A command's reply as the sizes of its parts, in RESP2: they fill the client's reply buffer, and what does not fit
 * becomes blocks that are allocated. What it says does not matter.
 */
export class Reply {
  constructor(readonly sink: ReplySink) {}

  /** +text\r\n or -text\r\n, by the length of the text. */
  status(length = 2): void {
    this.sink.write(length + 3);
  }

  /** -ERR …: what a handler says when it refuses. */
  error(message: string): void {
    this.sink.write(message.length + 3);
  }

  wrongType(): void {
    this.error('WRONGTYPE Operation against a key holding the wrong kind of value');
  }

  syntaxError(): void {
    this.error(SYNTAX_ERROR);
  }

  integer(value: number | bigint): void {
    this.sink.write(decimalLength(value) + 3);
  }

  /** $length\r\n…\r\n: the server adds it in three parts, each of which may start a new block. */
  bulk(length: number): void {
    this.sink.write(decimalLength(length) + 3);
    this.sink.write(length);
    this.sink.write(2);
  }

  nil(): void {
    this.sink.write(5);
  }

  /** *count\r\n; the elements follow. */
  array(count: number): void {
    this.sink.write(decimalLength(count) + 3);
  }

  nilArray(): void {
    this.sink.write(5);
  }

  /** An array of unknown length: elements, then `endDeferredArray`. */
  startDeferredArray(): void {
    this.sink.startDeferred();
  }

  endDeferredArray(count: number): void {
    this.sink.endDeferred(decimalLength(count) + 3);
  }
}

/** Characters of a whole number in decimal, its sign included. */
export function decimalLength(value: number | bigint): number {
  if (typeof value === 'bigint' || value > 0xffffffff || value < 0) return value.toString().length;
  // Most are lengths of names.
  if (value < 100) return value < 10 ? 1 : 2;
  let length = 3;
  for (let limit = 1000; value >= limit; limit *= 10) length++;
  return length;
}
