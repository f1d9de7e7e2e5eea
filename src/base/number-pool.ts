import { grown } from './grown-column.js';

/**
 * Hands out dense numbers from `first` on. Like a free list, it hands out the last returned number first (LIFO). So
 * tables indexed by the numbers stay as small as the peak, and warm in the cache.
 */
export class NumberPool {
  #next: number;
  #returned = new Uint32Array(1024);
  #returnedCount = 0;

  constructor(
    first: number,
    readonly last: number,
    readonly what: string,
  ) {
    this.#next = first;
  }

  /** A number above all numbers handed out so far. */
  get end(): number {
    return this.#next;
  }

  /** Numbers below `end` that are not in use. */
  get returned(): Uint32Array {
    return this.#returned.subarray(0, this.#returnedCount);
  }

  take(): number {
    if (this.#returnedCount > 0) return this.#returned[--this.#returnedCount]!;
    if (this.#next > this.last)
      throw new RangeError(`more than ${this.last} ${this.what} are in use at once`);
    return this.#next++;
  }

  give(number: number): void {
    if (this.#returnedCount === this.#returned.length) {
      this.#returned = grown(this.#returned, this.#returnedCount + 1);
    }
    this.#returned[this.#returnedCount++] = number;
  }
}
