import type { Slice } from '../slice.js';
import type { PackedWalker } from './packed-walker.js';

const END = 0xff;
const LONG_LENGTH = 0xfe;
const NONE = new Uint8Array();

/**
 * Walks a zipmap, which Redis used until 2.4: the number of fields (u8), then [length]field[length][unused]value and
 * unused bytes, and 0xff.
 */
export class ZipmapWalker implements PackedWalker {
  problem: string | undefined;
  at = 0;
  readonly integer = undefined;
  #payload = 0;
  #length = 0;
  #next = 1;
  #isValue = false;
  #bytes: Uint8Array = NONE;

  begin(blob: Slice): this {
    this.problem = undefined;
    this.at = 0;
    this.#next = 1;
    this.#isValue = false;
    this.#bytes = blob.asBytes();
    if (this.#bytes.length < 2) this.problem = `only ${this.#bytes.length} bytes`;
    else if (this.#bytes[this.#bytes.length - 1] !== END) this.problem = 'no end mark';
    return this;
  }

  next(): boolean {
    if (this.problem !== undefined) return false;
    const last = this.#bytes.length - 1;
    let at = this.#next;
    this.at = at;
    if (at === last) {
      if (this.#isValue) this.problem = 'a field without a value';
      return false;
    }
    let length = this.#bytes[at]!;
    at++;
    if (length === LONG_LENGTH) {
      if (at + 4 > last) return this.#short();
      length =
        (this.#bytes[at]! |
          (this.#bytes[at + 1]! << 8) |
          (this.#bytes[at + 2]! << 16) |
          (this.#bytes[at + 3]! << 24)) >>>
        0;
      at += 4;
    } else if (length === END) return this.#short();
    let unused = 0;
    if (this.#isValue) {
      unused = this.#bytes[at]!;
      at++;
    }
    if (at + length + unused > last) return this.#short();
    this.#payload = at;
    this.#length = length;
    this.#next = at + length + unused;
    this.#isValue = !this.#isValue;
    return true;
  }

  into(slice: Slice): void {
    slice.view(this.#bytes, this.#payload, this.#length);
  }

  #short(): false {
    this.problem = 'an entry goes beyond the end';
    return false;
  }
}
