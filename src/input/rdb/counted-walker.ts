import { wordAt } from '../../base/index.js';
import type { Slice } from '../slice.js';
import type { PackedWalker } from './packed-walker.js';

const END = 0xff;
const NONE = new Uint8Array();
/** The count in the header of a blob with more entries than the header can hold. */
const UNKNOWN_COUNT = 0xffff;

/**
 * The common part of listpacks and ziplists. They begin with their total bytes (u32); their header ends with the number
 * of entries (u16). 0xff follows the last entry. An entry is text or an integer.
 */
export abstract class CountedWalker implements PackedWalker {
  problem: string | undefined;
  protected bytes: Uint8Array = NONE;
  /** The position of the blob in `bytes`. */
  protected start = 0;
  /** The position of the end mark. */
  protected last = 0;
  /** The position of the next entry. */
  protected nextAt = 0;
  protected payload = 0;
  protected length = 0;
  readonly #headerBytes: number;
  #entryAt = 0;
  #integer: number | bigint | undefined;
  #walked = 0;

  constructor(headerBytes: number) {
    this.#headerBytes = headerBytes;
  }

  begin({ bytes, start, length }: Slice): this {
    this.problem = undefined;
    this.bytes = bytes;
    this.start = start;
    this.last = start + length - 1;
    this.nextAt = start + this.#headerBytes;
    this.#entryAt = start;
    this.#walked = 0;
    if (length < this.#headerBytes + 1) this.refuse(`only ${length} bytes`);
    else if (wordAt(bytes, start) >>> 0 !== length) {
      this.refuse(`it says ${wordAt(bytes, start) >>> 0} bytes, but there are ${length}`);
    } else if (bytes[this.last] !== END) this.refuse('no end mark');
    return this;
  }

  get at(): number {
    return this.#entryAt - this.start;
  }

  get integer(): number | bigint | undefined {
    return this.#integer;
  }

  next(): boolean {
    if (this.problem !== undefined) return false;
    const at = this.nextAt;
    if (at === this.last) {
      this.#end();
      return false;
    }
    this.#entryAt = at;
    const nextAt = this.read(at);
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
    const { bytes, start } = this;
    const announced = bytes[start + this.#headerBytes - 2]! | (bytes[start + this.#headerBytes - 1]! << 8);
    if (announced !== UNKNOWN_COUNT && announced !== this.#walked) {
      this.refuse(`it says ${announced} entries, but has ${this.#walked}`);
    } else this.checkEnd();
  }
}
