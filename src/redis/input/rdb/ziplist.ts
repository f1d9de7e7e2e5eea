import type { Slice } from '../slice.js';
import type { PackedWalker } from './packed.js';

const HEADER_BYTES = 10;
const END = 0xff;
const UNKNOWN_COUNT = 0xffff;
const LONG_PREVIOUS = 0xfe;

/**
 * ziplist, until Redis 6.2: total bytes (u32), offset of the last entry (u32), entries (u16), then entries of
 * [length of the entry before, 1 or 5 bytes][encoding][payload], and 0xff.
 */
export class ZiplistWalker implements PackedWalker {
  problem: string | undefined;
  at = 0;
  #integer: number | bigint | undefined;
  #payload = 0;
  #length = 0;
  #next = HEADER_BYTES;
  #previous = 0;
  #walked = 0;
  readonly #bytes: Uint8Array;
  readonly #data: DataView;

  constructor(blob: Slice) {
    this.#bytes = blob.asBytes();
    const { buffer, byteOffset, length } = this.#bytes;
    this.#data = new DataView(buffer, byteOffset, length);
    if (length < HEADER_BYTES + 1) this.#refuse(`only ${length} bytes`);
    else if (this.#data.getUint32(0, true) !== length) {
      this.#refuse(`it says ${this.#data.getUint32(0, true)} bytes, but there are ${length}`);
    } else if (this.#bytes[length - 1] !== END) this.#refuse('no end mark');
  }

  next(): boolean {
    if (this.problem !== undefined) return false;
    const start = this.#next;
    const last = this.#bytes.length - 1;
    if (start === last) return this.#end();
    this.at = start;
    const prefix = this.#bytes[start] === LONG_PREVIOUS ? 5 : 1;
    if (start + prefix >= last) return this.#refuse('an entry goes beyond the end');
    const previous = prefix === 1 ? (this.#bytes[start] as number) : this.#data.getUint32(start + 1, true);
    if (previous !== this.#previous) {
      return this.#refuse(`the entry before has ${this.#previous} bytes, not ${previous}`);
    }
    const behind = this.#read(start + prefix, last);
    if (behind < 0) return false;
    this.#previous = behind - start;
    this.#next = behind;
    this.#walked++;
    return true;
  }

  into(slice: Slice): void {
    if (this.#integer === undefined) slice.view(this.#bytes, this.#payload, this.#length);
    else slice.integer(this.#integer);
  }

  #end(): boolean {
    const announced = this.#data.getUint16(8, true);
    const tail = this.#data.getUint32(4, true);
    if (announced !== UNKNOWN_COUNT && announced !== this.#walked) {
      this.#refuse(`it says ${announced} entries, but has ${this.#walked}`);
    } else if (tail !== this.#next - this.#previous) {
      this.#refuse(`it says its last entry is at ${tail}, but that is at ${this.#next - this.#previous}`);
    }
    return false;
  }

  #refuse(found: string): false {
    this.problem = found;
    return false;
  }

  /** Sets the entry whose encoding is at `at`; where it ends, or -1. */
  #read(at: number, last: number): number {
    const first = this.#bytes[at] as number;
    if (first < 0x40) return this.#text(at + 1, first, last);
    if (first < 0x80) {
      if (at + 2 > last) return this.#short();
      return this.#text(at + 2, ((first & 0x3f) << 8) | (this.#bytes[at + 1] as number), last);
    }
    if (first === 0x80) {
      if (at + 5 > last) return this.#short();
      return this.#text(at + 5, this.#data.getUint32(at + 1), last);
    }
    if (first > 0xf0 && first <= 0xfd) return this.#number(at + 1, (first & 0x0f) - 1);
    const width = WIDTHS.get(first);
    if (width === undefined) {
      this.#refuse(`unknown encoding 0x${first.toString(16)}`);
      return -1;
    }
    if (at + 1 + width > last) return this.#short();
    return this.#number(at + 1 + width, this.#signed(at + 1, width));
  }

  #signed(at: number, width: number): number | bigint {
    switch (width) {
      case 1:
        return this.#data.getInt8(at);
      case 2:
        return this.#data.getInt16(at, true);
      case 3:
        // The encoding's byte before is read along and shifted out.
        return this.#data.getInt32(at - 1, true) >> 8;
      case 4:
        return this.#data.getInt32(at, true);
      default:
        return this.#data.getBigInt64(at, true);
    }
  }

  #number(behind: number, value: number | bigint): number {
    this.#integer = value;
    return behind;
  }

  #text(payload: number, length: number, last: number): number {
    if (payload + length > last) return this.#short();
    this.#integer = undefined;
    this.#payload = payload;
    this.#length = length;
    return payload + length;
  }

  #short(): -1 {
    this.#refuse('an entry goes beyond the end');
    return -1;
  }
}

/** Bytes of a number, by encoding. */
const WIDTHS = new Map([
  [0xfe, 1],
  [0xc0, 2],
  [0xf0, 3],
  [0xd0, 4],
  [0xe0, 8],
]);
