import { wordAt } from '../../base/index.js';
import type { Slice } from '../slice.js';
import { CountedWalker } from './counted-walker.js';
import { bigIntAt, signExtend } from './packed-walker.js';

const HEADER_BYTES = 10;
const LONG_PREVIOUS = 0xfe;

/**
 * Walks a ziplist, which Redis used until 6.2. Its header is total bytes (u32), the offset of the last entry (u32) and
 * the number of entries (u16). Entries follow, then 0xff. An entry is [length of the previous entry, 1 or 5 bytes]
 * [encoding][payload].
 */
export class ZiplistWalker extends CountedWalker {
  #previous = 0;

  constructor() {
    super(HEADER_BYTES);
  }

  override begin(blob: Slice): this {
    this.#previous = 0;
    return super.begin(blob);
  }

  protected read(at: number): number {
    const prefix = this.bytes[at] === LONG_PREVIOUS ? 5 : 1;
    if (at + prefix >= this.last) return this.short();
    const previous = prefix === 1 ? this.bytes[at]! : wordAt(this.bytes, at + 1) >>> 0;
    if (previous !== this.#previous) {
      return this.refuse(`the entry before has ${this.#previous} bytes, not ${previous}`);
    }
    const end = this.#entry(at + prefix);
    if (end >= 0) this.#previous = end - at;
    return end;
  }

  protected override checkEnd(): void {
    const tail = wordAt(this.bytes, this.start + 4) >>> 0;
    const actual = this.nextAt - this.start - this.#previous;
    if (tail !== actual) this.refuse(`it says its last entry is at ${tail}, but that is at ${actual}`);
  }

  /** Sets the entry whose encoding is at `at`. Returns its end, or -1. */
  #entry(at: number): number {
    const first = this.bytes[at]!;
    if (first < 0x40) return this.text(at + 1, first);
    if (first < 0x80) {
      if (at + 2 > this.last) return this.short();
      return this.text(at + 2, ((first & 0x3f) << 8) | this.bytes[at + 1]!);
    }
    if (first === 0x80) {
      if (at + 5 > this.last) return this.short();
      return this.text(at + 5, bigEndianAt(this.bytes, at + 1));
    }
    if (first > 0xf0 && first <= 0xfd) return this.number(at + 1, (first & 0x0f) - 1);
    const width = WIDTHS.get(first);
    if (width === undefined) return this.refuse(`unknown encoding 0x${first.toString(16)}`);
    if (at + 1 + width > this.last) return this.short();
    return this.number(at + 1 + width, this.#signed(at + 1, width));
  }

  #signed(at: number, width: number): number | bigint {
    const { bytes } = this;
    switch (width) {
      case 1:
        return signExtend(bytes[at]!, 8);
      case 2:
        return signExtend(bytes[at]! | (bytes[at + 1]! << 8), 16);
      case 3:
        // The byte before the three is read as well, and shifted out.
        return wordAt(bytes, at - 1) >> 8;
      case 4:
        return wordAt(bytes, at);
      default:
        return bigIntAt(bytes, at);
    }
  }
}

function bigEndianAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

/** The width of a number in bytes, by its encoding. */
const WIDTHS = new Map([
  [0xfe, 1],
  [0xc0, 2],
  [0xf0, 3],
  [0xd0, 4],
  [0xe0, 8],
]);
