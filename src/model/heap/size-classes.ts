import { firstIndexWhere, KIB } from '../../base/index.js';

/** Which size class a request falls into: the allocator as a table, so that models need not ask an engine. */
export class SizeClasses {
  readonly #sizes: Float64Array;
  /** Class of a request of up to LOOKUP_LIMIT bytes, by the request in units of 8 bytes, rounded up. */
  readonly #small: Uint8Array;

  /** `sizes` as a build reports them: bytes, ascending. */
  constructor(sizes: readonly number[]) {
    if (sizes.length === 0 || sizes.length > 256) {
      throw new RangeError(`${sizes.length} size classes: there must be 1 to 256`);
    }
    this.#sizes = Float64Array.from(sizes);
    this.#small = new Uint8Array(LOOKUP_LIMIT / 8 + 1);
    for (let units = 0; units < this.#small.length; units++) this.#small[units] = this.#search(units * 8);
  }

  /** Index of the class that a request falls into. */
  classOf(bytes: number): number {
    return bytes <= LOOKUP_LIMIT ? this.#small[(bytes + 7) >>> 3]! : this.#search(bytes);
  }

  /** Bytes that a region of the class really has. */
  sizeOf(sizeClass: number): number {
    return this.#sizes[sizeClass]!;
  }

  /** malloc_usable_size of what a request of `bytes` gets. */
  usable(bytes: number): number {
    return this.#sizes[this.classOf(bytes)]!;
  }

  #search(bytes: number): number {
    const sizes = this.#sizes;
    const last = sizes.length - 1;
    if (bytes > sizes[last]!) {
      throw new RangeError(`a request of ${bytes} bytes: the largest size class has ${sizes[last]}`);
    }
    return firstIndexWhere(0, last, (at) => sizes[at]! >= bytes);
  }
}

const LOOKUP_LIMIT = 32 * KIB;
