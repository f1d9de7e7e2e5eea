import type { Runtime } from '../engine/index.js';
import type { Comparison, Measures } from './server-comparison.js';
import type { Traffic } from './server-session.js';

export const VERIFY_SCHEMA = 'slablab.verify/1';

/**
 * 'idle': what each side holds more than it did with one client connected and no command sent ("deltas from an idle
 * server"). What a server allocates as it starts is then on neither side, as long as the model leaves it out.
 * 'absolute': all that each side holds.
 */
export const BASELINES = ['idle', 'absolute'] as const;
export type Baseline = (typeof BASELINES)[number];

export interface VerifyPhase {
  readonly name: string;
  readonly idle: Comparison;
  readonly absolute: Comparison;
  /** Over all databases of the server. */
  readonly serverKeys: number;
  /** Of the comparison that `baseline` chose, the measures above their thresholds. */
  readonly exceeded: readonly (keyof Measures)[];
}

interface VerifiedServer {
  readonly binary: string;
  readonly product: string;
  readonly version: string;
  /** Version, quantum and page size as the server's allocator tells them. */
  readonly jemalloc: string;
  readonly quantum: number;
  readonly pageSize: number;
  readonly cacheOblivious: boolean;
  /** Lines of its configuration file; port and directory, which differ each time, are left out. */
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
    /** Commands that the model does not know: the server carried them out, the lab did not. */
    readonly unknown: readonly { readonly name: string; readonly count: number }[];
  };
  readonly server: VerifiedServer;
  readonly traffic: Traffic;
  readonly pace: string;
  readonly settleMs: number;
  readonly baseline: Baseline;
  readonly thresholds: Measures;
  readonly phases: readonly VerifyPhase[];
  readonly agrees: boolean;
  /** Everything else here differs from run to run as well, but only by the server's own chance. */
  readonly timing: { readonly startedAt: string; readonly serverMs: number; readonly labMs: number };
}
