import { latin1, writeLatin1 } from '../base/index.js';
/**
 * Some bytes, valid until whoever filled it is asked for the next: a view into what has been read where that is
 * possible, else (compressed, or stored as a number) bytes of its own.
 */
export class Slice {
  bytes: Uint8Array = EMPTY;
  start = 0;
  length = 0;
  /** Whether it was stored as a number; the bytes are its decimal digits. */
  isInteger = false;
  /** Bytes that it took in the file where it was compressed there; else 0. */
  compressedLength = 0;
  #own: Uint8Array = EMPTY;

  view(bytes: Uint8Array, start: number, length: number): void {
    this.bytes = bytes;
    this.start = start;
    this.length = length;
    this.isInteger = false;
    this.compressedLength = 0;
  }

  /** Room for `length` bytes of its own, to be filled by the caller. */
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

  /** A copy of another slice's bytes, which outlives them. */
  copyOf(other: Slice): void {
    const { bytes, start, length, isInteger, compressedLength } = other;
    this.own(length).set(bytes.subarray(start, start + length));
    this.isInteger = isInteger;
    this.compressedLength = compressedLength;
  }

  /** The bytes themselves, not copied. */
  asBytes(): Uint8Array {
    return this.bytes.subarray(this.start, this.start + this.length);
  }

  /** Each byte as one character. */
  asText(): string {
    return latin1(this.bytes, this.start, this.start + this.length);
  }
}

const EMPTY = new Uint8Array();
