/**
 * The canonical value of a run that can be looked at: what was run, and a snapshot of every sweep. FORMAT.md is the same
 * as a file (`.slabs`); whoever shows a recording need not know whether it was read, received or made on the spot.
 */

import type { SlabOwners } from '../analysis/index.js';
import type { BuildInfo } from '../engine/engine.js';
import type { Snapshot } from '../engine/snapshot.js';
import type { RunHeader, RunResult } from '../run/run-result.js';

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
