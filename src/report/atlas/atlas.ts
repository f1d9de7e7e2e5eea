/** An atlas: the cells of a sweep, each with its values, its figures and the map of its end. */
import { formatBytes, formatShare } from '../../base/index.js';
import type { AtlasAxis, CellMap } from '../../map/index.js';
import { EXTENSION } from '../../recording/index.js';
import {
  CELLS_EXTENSION,
  type Figures,
  OBJECTIVES,
  type Objective,
  type SweepResult,
} from '../../sweep/index.js';

export interface AtlasCell {
  readonly cell: number;
  readonly values: Readonly<Record<string, string>>;
  /** Null if it has not run, or has failed. */
  readonly figures: Figures | null;
  /** The reason of its failure; null if it did not fail. */
  readonly error: string | null;
  /** Null if it is not known. */
  readonly map: CellMap | null;
}

export interface Atlas {
  readonly workload: string;
  /** The settings that all cells have in common. */
  readonly conditions: string;
  readonly axes: readonly AtlasAxis[];
  /** The cells that are known, ascending by number. */
  readonly cells: readonly AtlasCell[];
  /** Number of all cells. */
  readonly cellCount: number;
}

/** Returns the atlas of a sweep's result. `maps` has the map of each cell with a recording. */
export function atlasOf(result: SweepResult, maps: ReadonlyMap<number, CellMap>): Atlas {
  const { workload, axes, cells, cellCount } = result;
  const run = cells.find((cell) => cell.run !== null)?.run ?? null;
  const swept = new Set(axes.map(({ name }) => name));
  const parameters = Object.entries(run?.parameters ?? {}).filter(([name]) => !swept.has(name));
  const common = [
    swept.has('server') ? '' : (run?.server ?? ''),
    swept.has('build') ? '' : `build ${run?.build ?? ''}`,
    ...parameters.map(([name, value]) => `${name}=${value}`),
  ];
  return {
    workload,
    conditions: run === null ? '' : common.filter((text) => text !== '').join(', '),
    axes,
    cells: cells.map(({ cell, values, figures, error }) => ({
      cell,
      values,
      figures,
      error: error?.message ?? null,
      map: maps.get(cell) ?? null,
    })),
    cellCount,
  };
}

/** The names of figures as titles. */
export const FIGURE_TITLES: Readonly<Record<Objective, string>> = {
  steadyResident: 'Resident at the end',
  peakResident: 'Peak of resident memory',
  cohortDsr: 'Cohort that drained',
  usedMemory: 'used_memory',
  purgeWork: 'Handed back by purging',
};

export function figureText(figure: Objective, value: number): string {
  return figure === 'cohortDsr' ? formatShare(value) : formatBytes(value);
}

/** Returns the figures that some cell has. */
export function figuresIn({ cells }: Atlas): Objective[] {
  return OBJECTIVES.filter((figure) => cells.some(({ figures }) => (figures?.[figure] ?? null) !== null));
}

/** Whether a higher value of a figure is better. */
export function isGain(figure: Objective): boolean {
  return figure === 'cohortDsr';
}

/** Returns the value of an axis as a reader would name it. */
export function valueText(axis: string, value: string): string {
  if (value === '') return 'defaults';
  if (!/_decay_ms$/.test(axis)) return value;
  if (value === '0') return '0: at once';
  if (value === '-1') return '−1: never';
  const ms = Number(value);
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${value} ms`;
}

/** Returns the name by which a page asks for the recording of a cell, beside the result of the sweep. */
export function nameOfCell(result: string, cell: number): string {
  const name = result.slice(1 + Math.max(result.lastIndexOf('/'), result.lastIndexOf('\\')));
  return `${name.replace(/\.json$/, '')}${CELLS_EXTENSION}-${cell}${EXTENSION}`;
}
