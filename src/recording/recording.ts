import type { SlabOwners } from '../analysis/index.js';
import type { BuildInfo, Snapshot } from '../engine/index.js';
import type { RunHeader, RunResult } from '../run/index.js';
/** One sweep. */
export interface Frame {
  /** Name of the phase that the sweep ends, or `sweep-N` for one between phases. */
  readonly phase: string;
  readonly snapshot: Snapshot;
  /** Who lives in each granule, where the run was asked to say. */
  readonly owners: SlabOwners | null;
}

export interface Recording {
  readonly about: RunHeader;
  readonly info: BuildInfo;
  /** In the order of the stream. */
  readonly frames: readonly Frame[];
  /** Null as long as the run goes on, and for good where it was cut off. */
  readonly result: RunResult | null;
}
