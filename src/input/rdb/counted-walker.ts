import type { Slice } from '../slice.js';
import type { PackedWalker } from './packed-walker.js';

const END = 0xff;
/** The count in the header of a blob with more entries than the header can hold. */
const UNKNOWN_COUNT = 0xffff;

/**
 * The common part of listpacks and ziplists. They begin with their total bytes (u32); their header ends with the number
 * of entries (u16). 0xff follows the last entry. An entry is text or an integer.
 */
export abstract class CountedWalker implements PackedWalker {
  problem: string | undefined;
  at = 0;
  protected readonly bytes: Uint8Array;
  protected readonly data: DataView;
  /** The position of the end mark. */
  protected readonly last: number;
  /** The start of the next entry. */
  protected nextAt: number;
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
    this.nextAt = headerBytes;
    this.#headerBytes = headerBytes;
    if (length < headerBytes + 1) this.refuse(`only ${length} bytes`);
    else if (this.data.getUint32(0, true) !== length) {
      this.refuse(`it says ${this.data.getUint32(0, true)} bytes, but there are ${length}`);
    } else if (this.bytes[this.last] !== END) this.refuse('no end mark');
  }

  /** The current entry, if it is stored as a number. */
  get integer(): number | bigint | undefined {
    return this.#integer;
  }

  next(): boolean {
    if (this.problem !== undefined) return false;
    if (this.nextAt === this.last) {
      this.#end();
      return false;
    }
    this.at = this.nextAt;
    const nextAt = this.read(this.at);
    if (nextAt < 0) return false;
    this.nextAt = nextAt;
    this.#walked++;
    return true;
  }

  into(slice: Slice): void {
    if (this.#integer === undefined) slice.view(this.bytes, this.payload, this.length);
    else slice.integer(this.#integer);
  }

  /** Reads the entry at `at`. Returns the start of the next one, or -1 with `problem` set. */
  protected abstract read(at: number): number;

  /** Checks what follows the last entry. */
  protected checkEnd(): void {}

  /** Sets the entry to a number whose encoding ends at `end`, which is returned. */
  protected number(end: number, value: number | bigint): number {
    this.#integer = value;
    return end;
  }

  /** Sets the entry to a text. Returns its end, or -1. */
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
