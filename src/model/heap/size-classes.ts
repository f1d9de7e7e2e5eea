import { firstIndexWhere, KIB } from '../../base/index.js';

/** Maps requests to size classes, so that models need no allocator engine. */
export class SizeClasses {
  readonly #sizes: Float64Array;
  /** The class of each request of up to LOOKUP_LIMIT bytes, in units of 8 bytes, rounded up. */
  readonly #small: Uint8Array;

  /** `sizes` are the size classes that a build reports, in bytes, ascending. */
  constructor(sizes: readonly number[]) {
    if (sizes.length === 0 || sizes.length > 256) {
      throw new RangeError(`${sizes.length} size classes: there must be 1 to 256`);
    }
    this.#sizes = Float64Array.from(sizes);
    this.#small = new Uint8Array(LOOKUP_LIMIT / 8 + 1);
    for (let units = 0; units < this.#small.length; units++) this.#small[units] = this.#search(units * 8);
  }

  /** Returns the index of a request's size class. */
  classOf(bytes: number): number {
    return bytes <= LOOKUP_LIMIT ? this.#small[(bytes + 7) >>> 3]! : this.#search(bytes);
  }

  /** Returns the usable bytes of a region of the class. */
  sizeOf(sizeClass: number): number {
    return this.#sizes[sizeClass]!;
  }

  /** Returns the usable bytes that a request of `bytes` gets (malloc_usable_size). */
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
