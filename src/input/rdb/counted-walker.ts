import type { Slice } from '../slice.js';
import type { PackedWalker } from './packed-walker.js';

const END = 0xff;
/** A header that could not hold the number of entries. */
const UNKNOWN_COUNT = 0xffff;

/**
 * What listpacks and ziplists have in common: total bytes (u32) at their beginning, the number of entries (u16) at the
 * end of their header, and 0xff behind the last entry. An entry is text or an integer.
 */
export abstract class CountedWalker implements PackedWalker {
  problem: string | undefined;
  at = 0;
  protected readonly bytes: Uint8Array;
  protected readonly data: DataView;
  /** Where the end mark is. */
  protected readonly last: number;
  /** Where the next entry starts. */
  protected behind: number;
  protected payload = 0;
  protected length = 0;
  readonly #headerBytes: number;
  #integer: number | bigint | undefined;
  #walked = 0;

  constructor(blob: Slice, headerBytes: number) {
    this.bytes = blob.asBytes();
    const { buffer, byteOffset, length } = this.bytes;
    this.data = new DataView(buffer, byteOffset, length);
    this.last = length - 1;
    this.behind = headerBytes;
    this.#headerBytes = headerBytes;
    if (length < headerBytes + 1) this.refuse(`only ${length} bytes`);
    else if (this.data.getUint32(0, true) !== length) {
      this.refuse(`it says ${this.data.getUint32(0, true)} bytes, but there are ${length}`);
    } else if (this.bytes[this.last] !== END) this.refuse('no end mark');
  }

  /** The entry as a number, if it is stored as one. */
  get integer(): number | bigint | undefined {
    return this.#integer;
  }

  next(): boolean {
    if (this.problem !== undefined) return false;
    if (this.behind === this.last) {
      this.#end();
      return false;
    }
    this.at = this.behind;
    const behind = this.read(this.at);
    if (behind < 0) return false;
    this.behind = behind;
    this.#walked++;
    return true;
  }

  into(slice: Slice): void {
    if (this.#integer === undefined) slice.view(this.bytes, this.payload, this.length);
    else slice.integer(this.#integer);
  }

  /** Sets the entry at `at`; where the next one starts, or -1 with `problem` set. */
  protected abstract read(at: number): number;

  /** What else can be wrong behind the last entry. */
  protected checkEnd(): void {}

  /** The entry is a number whose encoding ends before `behind`. */
  protected number(behind: number, value: number | bigint): number {
    this.#integer = value;
    return behind;
  }

  /** The entry is text; where it ends, or -1. */
  protected text(payload: number, length: number): number {
    if (payload + length > this.last) return this.short();
    this.#integer = undefined;
    this.payload = payload;
    this.length = length;
    return payload + length;
  }

  protected refuse(found: string): -1 {
    this.problem = found;
    return -1;
  }

  protected short(): -1 {
    return this.refuse('an entry goes beyond the end');
  }

  #end(): void {
    const announced = this.data.getUint16(this.#headerBytes - 2, true);
    if (announced !== UNKNOWN_COUNT && announced !== this.#walked) {
      this.refuse(`it says ${announced} entries, but has ${this.#walked}`);
    } else this.checkEnd();
  }
}
