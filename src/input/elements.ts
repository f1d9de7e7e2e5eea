/**
 * A sequence read from the input as it is asked for; can be walked once, and what is left unread is skipped by the
 * reader. It has no `return`, so a loop may break off and another may go on behind it.
 *
 * Elements are filled anew for each step: whoever wants to keep one copies it.
 */
export class Elements<T> implements Iterable<T>, Iterator<T> {
  /** How many there are in all. */
  readonly count: number;
  readonly #read: () => T;
  readonly #skipLast: (() => void) | undefined;
  #left: number;

  /** `skipLast` reads what may be left inside the last element, where elements have parts of their own. */
  constructor(count: number, read: () => T, skipLast?: () => void) {
    this.count = count;
    this.#read = read;
    this.#skipLast = skipLast;
    this.#left = count;
  }

  next(): IteratorResult<T, undefined> {
    if (this.#left === 0) return { done: true, value: undefined };
    // Before the read, so that a sequence that failed does not fail in the same place for ever.
    this.#left--;
    return { done: false, value: this.#read() };
  }

  [Symbol.iterator](): this {
    return this;
  }

  /** Reads what is left, so that the input stands behind the sequence. */
  drain(): void {
    while (this.#left > 0) {
      this.#left--;
      this.#read();
    }
    this.#skipLast?.();
  }
}
