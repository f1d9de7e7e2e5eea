import type { Slice } from '../slice.js';
import { type PackedWalker, signExtend } from './packed.js';

const HEADER_BYTES = 6;
const END = 0xff;
/** A header that could not hold the number of entries. */
const UNKNOWN_COUNT = 0xffff;

/**
 * listpack: total bytes (u32), entries (u16), then entries of
 * [encoding and payload][their length again, 7 bits a byte, to be read backwards], and 0xff.
 */
export class ListpackWalker implements PackedWalker {
  problem: string | undefined;
  at = 0;
  #integer: number | bigint | undefined;
  #payload = 0;
  #length = 0;
  #next = HEADER_BYTES;
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

  /** The entry as a number, if it is stored as one. */
  get integer(): number | bigint | undefined {
    return this.#integer;
  }

  next(): boolean {
    if (this.problem !== undefined) return false;
    const at = this.#next;
    this.at = at;
    const last = this.#bytes.length - 1;
    if (at === last) return this.#end();
    const size = this.#read(at, last);
    if (size < 0) return false;
    const behind = this.#lengthAgain(at + size, size, last);
    if (behind < 0) return this.#refuse('the length behind the entry is not its length');
    this.#next = behind;
    this.#walked++;
    return true;
  }

  into(slice: Slice): void {
    if (this.#integer === undefined) slice.view(this.#bytes, this.#payload, this.#length);
    else slice.integer(this.#integer);
  }

  #end(): boolean {
    const announced = this.#data.getUint16(4, true);
    if (announced !== UNKNOWN_COUNT && announced !== this.#walked) {
      this.#refuse(`it says ${announced} entries, but has ${this.#walked}`);
    }
    return false;
  }

  #refuse(found: string): false {
    this.problem = found;
    return false;
  }

  /** Sets the entry; its bytes with the encoding, or -1. */
  #read(at: number, last: number): number {
    const first = this.#bytes[at] as number;
    const room = last - at;
    if (first < 0x80) return this.#number(1, first);
    if (first < 0xc0) return this.#text(1, first & 0x3f, room);
    if (first < 0xe0) {
      if (room < 2) return this.#short();
      return this.#number(2, signExtend(((first & 0x1f) << 8) | (this.#bytes[at + 1] as number), 13));
    }
    if (first < 0xf0) {
      if (room < 2) return this.#short();
      return this.#text(2, ((first & 0x0f) << 8) | (this.#bytes[at + 1] as number), room);
    }
    const wide = [5, 3, 4, 5, 9][first - 0xf0];
    if (wide === undefined) {
      this.#refuse(`unknown encoding 0x${first.toString(16)}`);
      return -1;
    }
    if (room < wide) return this.#short();
    switch (first) {
      case 0xf0:
        return this.#text(5, this.#data.getUint32(at + 1, true), room);
      case 0xf1:
        return this.#number(3, this.#data.getInt16(at + 1, true));
      case 0xf2:
        // Three bytes: the one before is read along and shifted out.
        return this.#number(4, this.#data.getInt32(at, true) >> 8);
      case 0xf3:
        return this.#number(5, this.#data.getInt32(at + 1, true));
      default:
        return this.#number(9, this.#data.getBigInt64(at + 1, true));
    }
  }

  #number(size: number, value: number | bigint): number {
    this.#integer = value;
    return size;
  }

  #text(header: number, length: number, room: number): number {
    if (header + length > room) return this.#short();
    this.#integer = undefined;
    this.#payload = this.at + header;
    this.#length = length;
    return header + length;
  }

  #short(): -1 {
    this.#refuse('an entry goes beyond the end');
    return -1;
  }

  /** Where the next entry starts, or -1 when the length is not repeated properly. */
  #lengthAgain(at: number, size: number, last: number): number {
    const width = size <= 127 ? 1 : size < 16383 ? 2 : size < 2097151 ? 3 : size < 268435455 ? 4 : 5;
    if (at + width > last) return -1;
    let value = 0;
    for (let index = 0; index < width; index++) {
      const byte = this.#bytes[at + index] as number;
      if (byte >= 0x80 !== index > 0) return -1;
      value = value * 128 + (byte & 0x7f);
    }
    return value === size ? at + width : -1;
  }
}
