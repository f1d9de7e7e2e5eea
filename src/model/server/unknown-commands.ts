/** Commands that the model does not know, each with how often it came: a report must not hide what it left out. */
export class UnknownCommands {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    const upper = name.toUpperCase();
    this.#counts.set(upper, (this.#counts.get(upper) ?? 0) + 1);
  }

  /** By name, in the order in which they first came. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }
}
