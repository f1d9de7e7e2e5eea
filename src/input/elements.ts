/**
 * A sequence that is read from the input on demand. It can be iterated once; the reader skips what is left unread. It has
 * no `return`, so that a second loop may continue after a `break`.
 *
 * Every step refills the same element, so callers copy what they keep.
 */
export class Elements<T> implements Iterable<T>, Iterator<T> {
  /** The number of all elements. */
  readonly count: number;
  readonly #read: () => T;
  readonly #skipLast: (() => void) | undefined;
  #left: number;

  /** Makes a sequence. `skipLast` skips the unread parts of the last element, if elements have parts. */
  constructor(count: number, read: () => T, skipLast?: () => void) {
    this.count = count;
    this.#read = read;
    this.#skipLast = skipLast;
    this.#left = count;
  }

  next(): IteratorResult<T, undefined> {
    if (this.#left === 0) return { done: true, value: undefined };
    // The count decreases before the read, so that a failed sequence does not fail forever.
    this.#left--;
    return { done: false, value: this.#read() };
  }

  [Symbol.iterator](): this {
    return this;
  }

  /** Skips the unread elements, so that the input continues after the sequence. */
  drain(): void {
    while (this.#left > 0) {
      this.#left--;
      this.#read();
    }
    this.#skipLast?.();
  }
}
