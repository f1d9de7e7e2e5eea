/** Counts commands that the model does not know, since a report must not hide what it left out. */
export class UnknownCommands {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    const upper = name.toUpperCase();
    this.#counts.set(upper, (this.#counts.get(upper) ?? 0) + 1);
  }

  /** The counts by name, in the order of first arrival. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }
}
