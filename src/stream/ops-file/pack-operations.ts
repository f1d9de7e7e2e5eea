/** Operations in few bytes, before deflate; FORMAT.md describes them. */
import type { OpChunk } from '../operation.js';
import { allocateColumns } from '../operation.js';

const OWNED = 0x80;
/** Most bytes of a packed operation: kind, owner (24 bits), difference (33 bits) and size (32 bits). */
export const MAX_PACKED_BYTES = 1 + 4 + 5 + 5;
/** Fewest bytes of a packed operation. */
export const MIN_PACKED_BYTES = 3;

/** Returns the packed operations of a chunk. Throws a RangeError for a kind that no operation has. */
export function packOperations({ length, what, handle, size }: OpChunk): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length * MAX_PACKED_BYTES);
  let at = 0;
  let last = 0;
  for (let index = 0; index < length; index++) {
    const kind = what[index]! & 0xff;
    const owner = what[index]! >>> 8;
    if (kind >= OWNED) throw new RangeError(`operation ${index} of a chunk: no operation has kind ${kind}`);
    bytes[at++] = owner === 0 ? kind : kind | OWNED;
    if (owner !== 0) at = putGroups(bytes, at, owner);
    const difference = handle[index]! - last;
    at = putGroups(bytes, at, difference >= 0 ? 2 * difference : -2 * difference - 1);
    at = putGroups(bytes, at, size[index]!);
    last = handle[index]!;
  }
  return bytes.slice(0, at);
}

/** Returns the `count` operations of packed bytes; undefined unless the bytes hold exactly as many. */
export function unpackOperations(
  bytes: Uint8Array,
  count: number,
  firstPosition: number,
): OpChunk | undefined {
  const columns = allocateColumns(count);
  const { what, handle, size } = columns;
  const source = new Groups(bytes);
  let last = 0;
  for (let index = 0; index < count; index++) {
    const kind = source.byte();
    const owner = (kind & OWNED) === 0 ? 0 : source.take();
    const folded = source.take();
    last += folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
    const requested = source.take();
    if (source.isCut || owner > 0xffffff || last < 0 || last > 0xffffffff || requested > 0xffffffff) {
      return undefined;
    }
    what[index] = (owner << 8) | (kind & ~OWNED);
    handle[index] = last;
    size[index] = requested;
  }
  return source.isAtEnd ? { firstPosition, length: count, ...columns } : undefined;
}

function putGroups(bytes: Uint8Array, from: number, value: number): number {
  let at = from;
  let rest = value;
  while (rest >= 0x80) {
    bytes[at++] = (rest % 0x80) | 0x80;
    // Shifts have 32 bits, and the difference of two handles can need 33.
    rest = rest > 0x7fffffff ? Math.floor(rest / 0x80) : rest >>> 7;
  }
  bytes[at++] = rest;
  return at;
}

/** Takes numbers from packed bytes. */
class Groups {
  readonly #bytes: Uint8Array;
  #at = 0;
  #isCut = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whether a number had no end, or no bytes at all. */
  get isCut(): boolean {
    return this.#isCut;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  byte(): number {
    if (this.#at >= this.#bytes.length) {
      this.#isCut = true;
      return 0;
    }
    return this.#bytes[this.#at++]!;
  }

  take(): number {
    let value = this.byte();
    if (value < 0x80) return value;
    value &= 0x7f;
    for (let scale = 0x80; scale <= 2 ** 28; scale *= 0x80) {
      const group = this.byte();
      value += (group & 0x7f) * scale;
      if (group < 0x80) return value;
    }
    this.#isCut = true;
    return value;
  }
}
