import { latin1, writeLatin1 } from '../base/index.js';
/**
 * Bytes that are valid until their reader reads the next ones. A slice is a view of the read buffer, or it has its own
 * bytes if they were compressed or stored as a number.
 */
export class Slice {
  bytes: Uint8Array = EMPTY;
  start = 0;
  length = 0;
  /** Whether the bytes are the decimal digits of a stored number. */
  isInteger = false;
  /** The size in the file if it was compressed there, else 0. */
  compressedLength = 0;
  /** The hashes of a string of which only the first bytes are known; undefined if the bytes are whole. */
  hashes: { readonly hash: number; readonly secondHash: number } | undefined;
  #own: Uint8Array = EMPTY;

  view(bytes: Uint8Array, start: number, length: number): void {
    this.bytes = bytes;
    this.start = start;
    this.length = length;
    this.isInteger = false;
    this.compressedLength = 0;
    this.hashes = undefined;
  }

  /** Makes room for `length` bytes of its own, which the caller fills. */
  own(length: number): Uint8Array {
    if (this.#own.length < length) this.#own = new Uint8Array(Math.max(length, 24));
    this.view(this.#own, 0, length);
    return this.#own;
  }

  integer(value: number | bigint): void {
    const digits = `${value}`;
    const own = this.own(digits.length);
    writeLatin1(digits, own);
    this.isInteger = true;
  }

  /** Copies the bytes of another slice. */
  copyOf(other: Slice): void {
    const { bytes, start, length, isInteger, compressedLength } = other;
    const own = this.own(length);
    // Most are short: for them, this loop beats a subarray.
    if (length > LONG) own.set(bytes.subarray(start, start + length));
    else for (let index = 0; index < length; index++) own[index] = bytes[start + index]!;
    this.isInteger = isInteger;
    this.compressedLength = compressedLength;
  }

  /** Whether all bytes are there, not only their number. */
  get isWhole(): boolean {
    return this.bytes.length >= this.start + this.length;
  }

  /** Returns the bytes without copying them. */
  asBytes(): Uint8Array {
    return this.bytes.subarray(this.start, this.start + this.length);
  }

  /** Returns a text with one character for each byte. */
  asText(): string {
    return latin1(this.bytes, this.start, this.start + this.length);
  }
}

const EMPTY = new Uint8Array();
const LONG = 64;
