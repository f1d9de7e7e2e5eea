import type { RunFailure, RunResult } from '../run/index.js';
import type { Figures, Objective } from './figures.js';
import type { Axis } from './grid/sweep-axis.js';

export const SWEEP_SCHEMA = 'slablab.sweep/1';

export interface SweepCell {
  /** Number in the grid, from 0; the last axis varies fastest. */
  readonly cell: number;
  /** By axis, as they were given. */
  readonly values: Readonly<Record<string, string>>;
  /** Null on a cell that failed. */
  readonly figures: Figures | null;
  readonly error: RunFailure | null;
  /** Null where nothing ran; of a run that ended early, what it measured before. */
  readonly run: RunResult | null;
  readonly timing: CellTiming;
}

/** Not deterministic: time inside the allocator, and what that makes in operations a second. */
interface CellTiming {
  readonly replayMs: number;
  readonly operationsPerSecond: number | null;
}

/** The cell with the lowest figure of the first objective; the others decide among equals, then its number. */
export interface BestCell {
  readonly cell: number;
  readonly objectives: readonly Objective[];
  readonly conf: string;
  /** What sets it: a server's bundled jemalloc has a prefix, a distribution's shared one has none. */
  readonly variable: 'JE_MALLOC_CONF' | 'MALLOC_CONF';
}

export interface SweepResult {
  readonly schema: typeof SWEEP_SCHEMA;
  readonly workload: string;
  readonly axes: readonly Axis[];
  readonly cellCount: number;
  /** False when the sweep was interrupted: cells are missing. */
  readonly isComplete: boolean;
  /** In the order of the grid. */
  readonly cells: readonly SweepCell[];
  /** What the front and the best cell go by: the figures that all cells have. */
  readonly objectives: readonly Objective[];
  /** Cells that no other beats in all of the objectives. */
  readonly pareto: readonly number[];
  readonly best: BestCell | null;
  readonly timing: SweepTiming;
}

/** Everything that is not deterministic, beside the `timing` of each cell and of each run. */
export interface SweepTiming {
  readonly startedAt: string;
  readonly wallMs: number;
  readonly jobs: number;
  /** Cells taken over from a journal. */
  readonly resumedCells: number;
  /** The front with operations per second as one more objective. */
  readonly paretoWithSpeed: readonly number[];
}
