import { wordAt } from '../../base/index.js';
import { CountedWalker } from './counted-walker.js';
import { bigIntAt, signExtend } from './packed-walker.js';

const HEADER_BYTES = 6;
/** The bytes of the widest entries without their length after them, from encoding 0xf0 on. */
const WIDE = [5, 3, 4, 5, 9];

/**
 * Walks a listpack: total bytes (u32), the number of entries (u16), then entries, and 0xff. An entry is
 * [encoding and payload][their length, 7 bits a byte, to be read backwards].
 */
export class ListpackWalker extends CountedWalker {
  constructor() {
    super(HEADER_BYTES);
  }

  protected read(at: number): number {
    const end = this.#entry(at);
    if (end < 0) return -1;
    const nextAt = this.#backLength(end, end - at);
    return nextAt < 0 ? this.refuse('the length after the entry is not its length') : nextAt;
  }

  /** Sets the entry. Returns the end of its payload, or -1. */
  #entry(at: number): number {
    const { bytes } = this;
    const first = bytes[at]!;
    const room = this.last - at;
    if (first < 0x80) return this.number(at + 1, first);
    if (first < 0xc0) return this.text(at + 1, first & 0x3f);
    if (first < 0xe0) {
      if (room < 2) return this.short();
      const value = signExtend(((first & 0x1f) << 8) | bytes[at + 1]!, 13);
      return this.number(at + 2, value);
    }
    if (first < 0xf0) {
      if (room < 2) return this.short();
      return this.text(at + 2, ((first & 0x0f) << 8) | bytes[at + 1]!);
    }
    const wide = WIDE[first - 0xf0];
    if (wide === undefined) return this.refuse(`unknown encoding 0x${first.toString(16)}`);
    if (room < wide) return this.short();
    switch (first) {
      case 0xf0:
        return this.text(at + 5, wordAt(bytes, at + 1) >>> 0);
      case 0xf1:
        return this.number(at + 3, signExtend(bytes[at + 1]! | (bytes[at + 2]! << 8), 16));
      case 0xf2:
        // The byte before the three is read as well, and shifted out.
        return this.number(at + 4, wordAt(bytes, at) >> 8);
      case 0xf3:
        return this.number(at + 5, wordAt(bytes, at + 1));
      default:
        return this.number(at + 9, bigIntAt(bytes, at + 1));
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
