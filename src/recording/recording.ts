import type { SlabOwners } from '../analysis/index.js';
import type { BuildInfo, Snapshot } from '../engine/index.js';
import type { RunHeader, RunResult } from '../run/index.js';

/** A snapshot of a sweep. */
export interface Frame {
  /** Name of the phase that the sweep ends, or `sweep-N` for one between phases. */
  readonly phase: string;
  readonly snapshot: Snapshot;
  /** The owners of each granule, if the run has them. */
  readonly owners: SlabOwners | null;
}

/** A run with a snapshot of every sweep, no matter whether it was read, received or just made. */
export interface Recording {
  readonly about: RunHeader;
  readonly info: BuildInfo;
  /** Frames in the order of the stream. */
  readonly frames: readonly Frame[];
  /** Null while the run continues, and if it was cut short. */
  readonly result: RunResult | null;
}
