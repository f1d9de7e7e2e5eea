import type { Slice } from '../slice.js';
import type { PackedWalker } from './packed-walker.js';

const HEADER_BYTES = 8;
const NONE = new DataView(new ArrayBuffer(0));

/** Walks an intset: the width of a number (u32: 2, 4 or 8), their count (u32), then the numbers in ascending order. */
export class IntsetWalker implements PackedWalker {
  problem: string | undefined;
  at = 0;
  #value: number | bigint = 0;
  #width = 0;
  #next = HEADER_BYTES;
  #length = 0;
  #data: DataView = NONE;

  begin(blob: Slice): this {
    this.problem = undefined;
    this.at = 0;
    this.#value = 0;
    this.#width = 0;
    this.#next = HEADER_BYTES;
    const { buffer, byteOffset, length } = blob.asBytes();
    this.#data = new DataView(buffer, byteOffset, length);
    this.#length = length;
    if (length < HEADER_BYTES) {
      this.problem = `only ${length} bytes`;
      return this;
    }
    const width = this.#data.getUint32(0, true);
    const count = this.#data.getUint32(4, true);
    if (width !== 2 && width !== 4 && width !== 8) this.problem = `numbers of ${width} bytes`;
    else if (count * width !== length - HEADER_BYTES) {
      this.problem = `${count} numbers of ${width} bytes in ${length - HEADER_BYTES} bytes`;
    }
    this.#width = width;
    return this;
  }

  next(): boolean {
    if (this.problem !== undefined || this.#next === this.#length) return false;
    this.at = this.#next;
    const before = this.#value;
    this.#value = this.#read(this.#next);
    if (this.#next > HEADER_BYTES && this.#value <= before) {
      this.problem = `${this.#value} after ${before}: not in ascending order`;
      return false;
    }
    this.#next += this.#width;
    return true;
  }

  get integer(): number | bigint {
    return this.#value;
  }

  into(slice: Slice): void {
    slice.integer(this.#value);
  }

  #read(at: number): number | bigint {
    if (this.#width === 2) return this.#data.getInt16(at, true);
    return this.#width === 4 ? this.#data.getInt32(at, true) : this.#data.getBigInt64(at, true);
  }
}
