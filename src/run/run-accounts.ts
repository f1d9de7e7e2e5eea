import { type KeyTally, type PinReport, tallyKeys } from '../analysis/index.js';
import {
  Attribution,
  type AttributionCopy,
  GivenPatterns,
  InferredPatterns,
  MemoryAccounts,
  type MemoryAccountsCopy,
  OwnedAllocations,
  type RedisServer,
} from '../model/index.js';

export interface AccountsOptions {
  /** Whether to attribute each region to its owner. Otherwise only sums by data type are kept. */
  readonly owners: boolean;
  /** Patterns of keys in the dialect of KEYS. If there are none, patterns are inferred from the names. */
  readonly patterns: readonly string[];
  /** Whether to note which allocations came to belong to the first pattern. */
  readonly notesAllocations?: boolean;
  /** First page of the slab whose survivors a report lists. */
  readonly slab?: number | undefined;
}

/** The accounts at the end of a phase. */
export interface AccountsCopy {
  /** Those of a modelled server. */
  readonly accounts?: MemoryAccountsCopy;
  /** The attribution of the regions of a recorded program. */
  readonly attribution?: AttributionCopy;
  /** The keys of a modelled server, if owners are kept. */
  readonly tally: KeyTally | undefined;
  readonly ofTrace?: Pick<PinReport, 'by' | 'lifetimes'>;
}

/** Copies of accounts, which a run takes as its replay reaches the ends of phases. */
export interface PhaseCopies {
  readonly hasOwners: boolean;
  /** First page of the slab whose survivors a report lists. */
  readonly slab: number | undefined;
  /** Returns the copy of a phase, and forgets it. Undefined for a phase that has none. */
  takeCopy(phase: string): AccountsCopy | undefined;
}

/**
 * The memory accounts of the modelled server of one run, and a copy of them for each phase. The model runs ahead of the
 * replay. The copy is therefore made when the model reaches the end of a phase, and kept until the replay reaches it.
 */
export class RunAccounts implements PhaseCopies {
  readonly memoryAccounts: MemoryAccounts;
  readonly slab: number | undefined;
  readonly #waiting = new Map<string, AccountsCopy>();

  readonly #owned: OwnedAllocations | undefined;

  constructor({ owners, patterns, notesAllocations = false, slab }: AccountsOptions) {
    this.slab = slab;
    const attribution = owners ? new Attribution(patternsOf(patterns)) : undefined;
    if (attribution !== undefined && notesAllocations) {
      this.#owned = new OwnedAllocations(attribution, attribution.patterns.names.indexOf(patterns[0]!));
    }
    this.memoryAccounts = new MemoryAccounts(attribution, this.#owned);
  }

  /** Whether any allocation came to belong to the first pattern. */
  get ownsAny(): boolean {
    return this.#owned?.isEmpty === false;
  }

  /** Whether the allocation at a position of the stream, which has ended, came to belong to the first pattern. */
  owns(position: number): boolean {
    return this.#owned?.has(position) ?? false;
  }

  get hasOwners(): boolean {
    return this.memoryAccounts.attribution !== undefined;
  }

  /** Copies the accounts at the end of a phase, when the model reaches it. `isLast`: the model has ended, too. */
  copyAt(phase: string, server: RedisServer, isLast = false): void {
    const { attribution } = this.memoryAccounts;
    // Counted before the copy, whose attribution may be made later.
    const tally = attribution === undefined ? undefined : tallyKeys(server, attribution);
    this.#waiting.set(phase, { accounts: this.memoryAccounts.copy(isLast), tally });
  }

  /** Returns the copy of a phase, and forgets it. Undefined for a phase that the model has no end of. */
  takeCopy(phase: string): AccountsCopy | undefined {
    const copy = this.#waiting.get(phase);
    this.#waiting.delete(phase);
    return copy;
  }
}

function patternsOf(given: readonly string[]) {
  return given.length === 0 ? new InferredPatterns() : new GivenPatterns(given);
}
