/**
 * The canonical value of a sweep: a grid of RunResults with their axes.
 *
 * A JSON Schema beside this file describes it. A breaking change raises the number in `schema`.
 */
import type { RunFailure, RunResult } from '../run/index.js';
import type { Figures, Objective } from './figures.js';
import type { Axis } from './grid/sweep-axis.js';

/** Identifies sweep-result.schema.json, which describes SweepResult as a JSON Schema. A breaking change raises the number. */
export const SWEEP_SCHEMA = 'slablab.sweep/1';

/** The extension of the directory beside a result that has the recordings of its cells, each named by its number. */
export const CELLS_EXTENSION = '.cells';

export interface SweepCell {
  /** Number in the grid, from 0; the last axis varies fastest. */
  readonly cell: number;
  /** Values by axis, as given. */
  readonly values: Readonly<Record<string, string>>;
  /** Null if the cell failed. */
  readonly figures: Figures | null;
  readonly error: RunFailure | null;
  /** The run, even if it ended early; null if nothing ran. */
  readonly run: RunResult | null;
  readonly timing: CellTiming;
}

/** Time inside the allocator, and the operations per second that follow from it. Not deterministic. */
interface CellTiming {
  readonly replayMs: number;
  readonly operationsPerSecond: number | null;
}

/** The cell with the lowest cost in the first objective. The other objectives, then the cell's number, break ties. */
export interface BestCell {
  readonly cell: number;
  readonly objectives: readonly Objective[];
  readonly conf: string;
  /** The environment variable for `conf`: a bundled jemalloc has the prefix JE_, a distribution's has none. */
  readonly variable: 'JE_MALLOC_CONF' | 'MALLOC_CONF';
}

/** The cells of one setting, which differ only in their seed. */
export interface SettingGroup {
  readonly cells: readonly number[];
  readonly values: Readonly<Record<string, string>>;
  readonly mean: Figures;
  readonly least: Figures;
  readonly most: Figures;
}

/** The setting to choose. */
export interface Recommendation {
  /** The first cell of that setting. */
  readonly cell: number;
  /** The first cell of the defaults; null if they were not swept. */
  readonly defaultCell: number | null;
  /** The share of a figure below which a difference counts as none. */
  readonly tolerance: number;
  /** The figures that decide, in their order. */
  readonly objectives: readonly Objective[];
  /**
   * - no difference: all settings are equal in these figures
   * - default: the defaults are as good as any
   * - best: the setting is better than the defaults, or than others if those were not swept
   */
  readonly reason: 'no difference' | 'default' | 'best';
}

export interface SweepResult {
  readonly schema: typeof SWEEP_SCHEMA;
  readonly workload: string;
  readonly axes: readonly Axis[];
  readonly cellCount: number;
  /** Whether all cells are present; false if the sweep was interrupted. */
  readonly isComplete: boolean;
  /** Cells in the order of the grid. */
  readonly cells: readonly SweepCell[];
  /** The figures that all cells have, which determine the front and the best cell. */
  readonly objectives: readonly Objective[];
  /** The Pareto front: cells that no other dominates. */
  readonly pareto: readonly number[];
  readonly best: BestCell | null;
  /** The cells that differ only in their seed, with the mean and spread of their figures. Absent without a seed axis. */
  readonly groups?: readonly SettingGroup[];
  /** The setting to choose, where differences below a tolerance count as none. Absent in results of earlier versions. */
  readonly recommendation?: Recommendation | null;
  readonly timing: SweepTiming;
}

/** The part of a sweep's result that is not deterministic, besides the `timing` of cells and runs. */
export interface SweepTiming {
  readonly startedAt: string;
  readonly wallMs: number;
  readonly jobs: number;
  /** Number of cells taken from a journal. */
  readonly resumedCells: number;
  /** The Pareto front with operations per second as another objective. */
  readonly paretoWithSpeed: readonly number[];
}
