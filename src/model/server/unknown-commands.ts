import { MAX_NAME, visible } from '../../base/index.js';

/** The most names that are counted apart. A damaged or hostile input has a new name in each command. */
const MOST_NAMES = 100;
/** Stands for all further names. */
const OTHERS = '(other names)';

/** Counts commands that the model does not know, since a report must not hide what it left out. */
export class UnknownCommands {
  readonly #counts = new Map<string, number>();
  #others = 0;
  /** The commands that compared a value with one of which the model knows the length only, by name. */
  readonly comparisons = new Map<string, number>();
  /** The number of entries of streams whose ids are by the server's own clock. */
  clockIds = 0;

  /** Counts a name, which may be of any length and have any bytes. */
  add(name: string): void {
    const shown = visible(name.slice(0, MAX_NAME + 1).toUpperCase());
    const count = this.#counts.get(shown);
    if (count === undefined && this.#counts.size >= MOST_NAMES) this.#others++;
    else this.#counts.set(shown, (count ?? 0) + 1);
  }

  /** Counts a comparison that was decided by lengths. */
  compared(name: string): void {
    this.comparisons.set(name, (this.comparisons.get(name) ?? 0) + 1);
  }

  /** The counts by name, in the order of first arrival. Names beyond the first hundred are counted together. */
  get counts(): ReadonlyMap<string, number> {
    return this.#others === 0 ? this.#counts : new Map([...this.#counts, [OTHERS, this.#others]]);
  }
}
