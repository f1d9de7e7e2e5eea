import type { Slice } from '../slice.js';
import { CountedWalker } from './counted-walker.js';
import { signExtend } from './packed-walker.js';

const HEADER_BYTES = 6;

/**
 * Walks a listpack: total bytes (u32), the number of entries (u16), then entries, and 0xff. An entry is
 * [encoding and payload][their length, 7 bits a byte, to be read backwards].
 */
export class ListpackWalker extends CountedWalker {
  constructor(blob: Slice) {
    super(blob, HEADER_BYTES);
  }

  protected read(at: number): number {
    const end = this.#entry(at);
    if (end < 0) return -1;
    const nextAt = this.#backLength(end, end - at);
    return nextAt < 0 ? this.refuse('the length after the entry is not its length') : nextAt;
  }

  /** Sets the entry. Returns the end of its payload, or -1. */
  #entry(at: number): number {
    const first = this.bytes[at]!;
    const room = this.last - at;
    if (first < 0x80) return this.number(at + 1, first);
    if (first < 0xc0) return this.text(at + 1, first & 0x3f);
    if (first < 0xe0) {
      if (room < 2) return this.short();
      const value = signExtend(((first & 0x1f) << 8) | this.bytes[at + 1]!, 13);
      return this.number(at + 2, value);
    }
    if (first < 0xf0) {
      if (room < 2) return this.short();
      return this.text(at + 2, ((first & 0x0f) << 8) | this.bytes[at + 1]!);
    }
    const wide = [5, 3, 4, 5, 9][first - 0xf0];
    if (wide === undefined) return this.refuse(`unknown encoding 0x${first.toString(16)}`);
    if (room < wide) return this.short();
    switch (first) {
      case 0xf0:
        return this.text(at + 5, this.data.getUint32(at + 1, true));
      case 0xf1:
        return this.number(at + 3, this.data.getInt16(at + 1, true));
      case 0xf2:
        // The byte before the three is read as well, and shifted out.
        return this.number(at + 4, this.data.getInt32(at, true) >> 8);
      case 0xf3:
        return this.number(at + 5, this.data.getInt32(at + 1, true));
      default:
        return this.number(at + 9, this.data.getBigInt64(at + 1, true));
    }
  }

  /** Checks the length after an entry. Returns the start of the next entry, or -1. */
  #backLength(at: number, size: number): number {
    const width = size <= 127 ? 1 : size < 16383 ? 2 : size < 2097151 ? 3 : size < 268435455 ? 4 : 5;
    if (at + width > this.last) return -1;
    let value = 0;
    for (let index = 0; index < width; index++) {
      const byte = this.bytes[at + index]!;
      if (byte >= 0x80 !== index > 0) return -1;
      value = value * 128 + (byte & 0x7f);
    }
    return value === size ? at + width : -1;
  }
}
