/** Keeps one immutable value that several parts of the page show and change. */
export class Store<Value> {
  #value: Value;
  readonly #listeners = new Set<(value: Value, before: Value) => void>();

  constructor(value: Value) {
    this.#value = value;
  }

  get(): Value {
    return this.#value;
  }

  /** Sets the value and calls the listeners at once, in order of subscription; the same value is no change. */
  set(value: Value): void {
    const before = this.#value;
    if (value === before) return;
    this.#value = value;
    for (const listener of this.#listeners) listener(value, before);
  }

  /** Replaces some properties; equal ones are no change. */
  change(part: Partial<Value>): void {
    const names = Object.keys(part) as (keyof Value)[];
    if (names.some((name) => part[name] !== this.#value[name])) this.set({ ...this.#value, ...part });
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: (value: Value, before: Value) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
