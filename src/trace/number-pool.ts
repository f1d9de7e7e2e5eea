import { grown } from './columns.js';

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

  take(): number {
    if (this.#returnedCount > 0) return this.#returned[--this.#returnedCount] as number;
    if (this.#next > this.last)
      throw new RangeError(`more than ${this.last} ${this.what} are in use at once`);
    return this.#next++;
  }

  /** As many `take`s, into the first places of `numbers`. */
  takeEach(numbers: Uint32Array, count: number): void {
    const returned = this.#returned;
    let left = this.#returnedCount;
    let at = 0;
    for (; at < count && left > 0; at++) numbers[at] = returned[--left] as number;
    this.#returnedCount = left;
    for (; at < count; at++) numbers[at] = this.take();
  }

  /** As many `give`s. */
  giveEach(numbers: Uint32Array, count: number): void {
    const from = this.#returnedCount;
    if (from + count > this.#returned.length) this.#returned = grown(this.#returned, from + count);
    const returned = this.#returned;
    for (let at = 0; at < count; at++) returned[from + at] = numbers[at] as number;
    this.#returnedCount = from + count;
  }

  give(number: number): void {
    if (this.#returnedCount === this.#returned.length) {
      this.#returned = grown(this.#returned, this.#returnedCount + 1);
    }
    this.#returned[this.#returnedCount++] = number;
  }
}
