import type { Random } from '#slablab/src/base/index.js';

/** Bytes with a meaning in some format. */
const SPECIAL_BYTES = [
  0x00, 0x01, 0x0a, 0x0d, 0x20, 0x22, 0x23, 0x24, 0x2a, 0x2d, 0x30, 0x39, 0x5c, 0x7f, 0x80, 0x81, 0xc0, 0xc3,
  0xfe, 0xff,
];

/** Changes some bytes of an input: flips, replaces, deletes, inserts, doubles, cuts off. Never returns it unchanged. */
export class Mutator {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  mutate(original: Uint8Array): Uint8Array {
    for (;;) {
      let bytes = Buffer.from(original);
      for (let changes = 1 + this.#random.below(3); changes > 0; changes--) bytes = this.#change(bytes);
      if (Buffer.compare(bytes, original) !== 0) return bytes;
    }
  }

  #change(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
    const random = this.#random;
    if (bytes.length === 0) return Buffer.from([this.#byte()]);
    const at = random.below(bytes.length);
    const size = 1 + random.below(Math.min(16, bytes.length - at));
    switch (random.below(7)) {
      case 0:
        bytes[at] = bytes[at]! ^ (1 << random.below(8));
        return bytes;
      case 1:
      case 2:
        bytes[at] = this.#byte();
        return bytes;
      case 3:
        return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]);
      case 4:
        return Buffer.concat([bytes.subarray(0, at), Buffer.from([this.#byte()]), bytes.subarray(at)]);
      case 5:
        return Buffer.concat([bytes.subarray(0, at + size), bytes.subarray(at)]);
      default:
        // Without this, most of a long input would not be reached.
        return random.below(4) === 0 ? bytes.subarray(0, at) : this.#swapped(bytes, at, size);
    }
  }

  #swapped(bytes: Buffer<ArrayBuffer>, at: number, size: number): Buffer<ArrayBuffer> {
    const to = this.#random.below(bytes.length - size + 1);
    bytes.copyWithin(to, at, at + size);
    return bytes;
  }

  #byte(): number {
    const random = this.#random;
    return random.below(2) === 0 ? SPECIAL_BYTES[random.below(SPECIAL_BYTES.length)]! : random.below(256);
  }
}
