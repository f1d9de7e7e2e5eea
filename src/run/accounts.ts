import {
  Attribution,
  GivenPatterns,
  InferredPatterns,
  MemoryAccounts,
  type MemoryAccountsCopy,
} from '../model/index.js';
export interface AccountsOptions {
  /** Whether owners are asked for, which takes keeping where each region comes from, or only sums by type. */
  readonly owners: boolean;
  /** Patterns of keys, as KEYS takes them; none: they are inferred from the names. */
  readonly patterns: readonly string[];
  /** First page of a slab whose survivors are to be listed. */
  readonly slab?: number | undefined;
}

/**
 * The accounts of one run: what the modelled server holds, and a copy of it for each phase. The model runs ahead of
 * the replay, so the copy is made when the model comes to the phase's end, and waits here for the replay to come there.
 */
export class Accounts {
  readonly holdings: MemoryAccounts;
  readonly slab: number | undefined;
  readonly #waiting = new Map<string, MemoryAccountsCopy>();

  constructor({ owners, patterns, slab }: AccountsOptions) {
    this.slab = slab;
    this.holdings = new MemoryAccounts(owners ? new Attribution(patternsOf(patterns)) : undefined);
  }

  get hasOwners(): boolean {
    return this.holdings.attribution !== undefined;
  }

  /** The model has come to the end of a phase; `isLast`: and to its own. */
  note(phase: string, isLast = false): void {
    this.#waiting.set(phase, this.holdings.copy(isLast));
  }

  /** ... and the replay; undefined for a phase that the model knows nothing of. */
  take(phase: string): MemoryAccountsCopy | undefined {
    const copy = this.#waiting.get(phase);
    this.#waiting.delete(phase);
    return copy;
  }
}

function patternsOf(given: readonly string[]) {
  return given.length === 0 ? new InferredPatterns() : new GivenPatterns(given);
}
