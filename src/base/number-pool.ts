import { grown } from './grown-column.js';

/**
 * Hands out dense numbers from `first` on; a returned number is the next to be handed out (LIFO), as with a free
 * list, so that tables indexed by the numbers stay as small as the peak and warm in the cache.
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

  /** All numbers handed out so far are below it. */
  get end(): number {
    return this.#next;
  }

  /** Those of them that nobody has at the moment. */
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
