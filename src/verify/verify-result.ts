/**
 * The canonical value of one verification. `verify-result.schema.json` describes it as a JSON Schema; a breaking change
 * raises the number in `schema`.
 */
import type { Runtime } from '../engine/index.js';
import type { Gaps } from '../model/index.js';
import type { Amounts, Comparison, Measures } from './server-comparison.js';
import type { Traffic } from './server-session.js';

export const VERIFY_SCHEMA = 'slablab.verify/1';

/**
 * The memory that is compared:
 * - 'idle': the growth since one client was connected, without what a server allocates at its start
 * - 'absolute': all memory of each side
 */
export const BASELINES = ['idle', 'absolute'] as const;
export type Baseline = (typeof BASELINES)[number];

export interface VerifyPhase {
  readonly name: string;
  readonly idle: Comparison;
  readonly absolute: Comparison;
  /** The number of keys in all databases of the server. */
  readonly serverKeys: number;
  /** The least amounts that apply: LEAST_AMOUNTS, or what tcaches make of the server if that is more. */
  readonly least: Amounts;
  /** The measures above their thresholds and least amounts in the comparison that `baseline` chooses. */
  readonly exceeded: readonly (keyof Measures)[];
  /** The comparison of both sides without tcaches, which is made if they differ with them. */
  readonly withoutTcaches?: WithoutTcaches;
}

interface WithoutTcaches {
  /** The comparison that `baseline` chooses. */
  readonly comparison: Comparison;
  readonly exceeded: readonly (keyof Measures)[];
}

interface VerifiedServer {
  readonly binary: string;
  readonly product: string;
  readonly version: string;
  /** The version of the server's allocator. */
  readonly jemalloc: string;
  readonly quantum: number;
  readonly pageSize: number;
  readonly cacheOblivious: boolean;
  /** The lines of its configuration file, without port and directory, which vary between runs. */
  readonly configuration: readonly string[];
}

export interface VerifyResult {
  readonly schema: typeof VERIFY_SCHEMA;
  readonly input: string;
  readonly lab: {
    readonly server: string;
    readonly build: string;
    readonly jemalloc: string;
    readonly conf: string;
    readonly runtime: Runtime;
    /** The unmodelled commands, which the server executed and the lab did not. */
    readonly unknown: readonly { readonly name: string; readonly count: number }[];
    /** The commands that the lab could not carry out; absent if there are none. */
    readonly gaps?: Gaps;
    /** Sentences on how sure its figures are. */
    readonly certainty?: readonly string[] | undefined;
  };
  readonly server: VerifiedServer;
  readonly traffic: Traffic;
  readonly pace: string;
  readonly settleMs: number;
  readonly baseline: Baseline;
  readonly thresholds: Measures;
  readonly phases: readonly VerifyPhase[];
  readonly agrees: boolean;
  /** Times, which vary between runs; all other figures vary only by the randomness of the server. */
  readonly timing: { readonly startedAt: string; readonly serverMs: number; readonly labMs: number };
}
