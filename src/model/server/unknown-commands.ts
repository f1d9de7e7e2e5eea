/** The number of names that are kept, since a client may send any number of them. */
const MOST_NAMES = 100;
const LONGEST_NAME = 64;

/** Counts commands that the model does not know, since a report must not hide what it left out. */
export class UnknownCommands {
  readonly #counts = new Map<string, number>();
  #others = 0;

  add(name: string): void {
    const shown = printable(name.slice(0, LONGEST_NAME).toUpperCase());
    const count = this.#counts.get(shown);
    if (count === undefined && this.#counts.size >= MOST_NAMES) this.#others++;
    else this.#counts.set(shown, (count ?? 0) + 1);
  }

  /** The counts by name, in the order of first arrival. Names beyond the first hundred are counted together. */
  get counts(): ReadonlyMap<string, number> {
    return this.#others === 0 ? this.#counts : new Map([...this.#counts, ['(other names)', this.#others]]);
  }
}

/** Returns a name in which bytes that a terminal could obey are escaped. */
function printable(name: string): string {
  return name.replaceAll(/[^ -~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
