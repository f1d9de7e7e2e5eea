/** One immutable value that several parts of the page show and change. */
export class Store<Value> {
  #value: Value;
  readonly #listeners = new Set<(value: Value, before: Value) => void>();

  constructor(value: Value) {
    this.#value = value;
  }

  get(): Value {
    return this.#value;
  }

  /** Listeners are told at once, in the order in which they came; the same value again is no change. */
  set(value: Value): void {
    const before = this.#value;
    if (value === before) return;
    this.#value = value;
    for (const listener of this.#listeners) listener(value, before);
  }

  /** Some properties anew; those that are equal already are no change. */
  change(part: Partial<Value>): void {
    const names = Object.keys(part) as (keyof Value)[];
    if (names.some((name) => part[name] !== this.#value[name])) this.set({ ...this.#value, ...part });
  }

  /** Gives what ends it. */
  subscribe(listener: (value: Value, before: Value) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
