/**
 * The result of a suite. A baseline is the same value without a comparison. `bench-result.schema.json` describes it as a
 * JSON Schema; a breaking change raises the number in `schema`.
 */
import type { Gaps } from '../../model/index.js';
import type { RunFailure } from '../../run/index.js';
import type { ComparedRun, Comparison } from '../comparison.js';

/**
 * Identifies bench-result.schema.json, which describes BenchResult as a JSON Schema. A breaking change raises the number.
 * A baseline is the same without a comparison.
 */
export const BENCH_SCHEMA = 'slablab.bench/1';

export interface BenchCase {
  /** Name in the form "workload / configuration", with the names of the suite. */
  readonly name: string;
  /** The run, even if it ended early; null if nothing ran. */
  readonly run: ComparedRun | null;
  readonly error: RunFailure | null;
  /** The commands that could not be carried out; absent if there are none. */
  readonly gaps?: Gaps;
  /** Present if requested. Not deterministic. */
  readonly timing?: CaseTiming;
}

export interface CaseTiming {
  /** Milliseconds inside the allocator, in the fastest of several alternating laps. */
  readonly wasmMs: number;
  readonly nativeMs: number;
  readonly ofNative: number;
}

export interface BenchResult {
  readonly schema: typeof BENCH_SCHEMA;
  readonly suite: string;
  /** Cases by workload, in the order of the suite. */
  readonly cases: readonly BenchCase[];
  /** Comparison with the baseline; absent in a baseline. */
  readonly comparison?: Comparison;
}
