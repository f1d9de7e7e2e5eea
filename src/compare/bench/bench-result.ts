import type { RunFailure } from '../../run/index.js';
import type { ComparedRun, Comparison } from '../comparison.js';

export const BENCH_SCHEMA = 'slablab.bench/1';

export interface BenchCase {
  /** "workload / configuration", by the names that the suite gives them. */
  readonly name: string;
  /** Null where nothing ran; of a run that ended early, what it measured before. */
  readonly run: ComparedRun | null;
  readonly error: RunFailure | null;
  /** Not deterministic; only where it was asked for. */
  readonly timing?: CaseTiming;
}

export interface CaseTiming {
  /** Inside the allocator, the fastest of several laps that took turns. */
  readonly wasmMs: number;
  readonly nativeMs: number;
  readonly ofNative: number;
}

export interface BenchResult {
  readonly schema: typeof BENCH_SCHEMA;
  readonly suite: string;
  /** Workload by workload, in the order of the suite. */
  readonly cases: readonly BenchCase[];
  /** With the baseline; absent from a baseline. */
  readonly comparison?: Comparison;
}
