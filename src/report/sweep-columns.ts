/** The columns of a sweep's rows, in every format. */
import { type Column, formatBytes, formatShare } from '../base/index.js';
import { type Figures, frontOf, OBJECTIVES, type Objective } from '../sweep/index.js';
import type { SweepCell, SweepResult } from '../sweep/node.js';

const TITLES: Readonly<Record<Objective, string>> = {
  steadyResident: 'resident',
  peakResident: 'peak',
  cohortDsr: 'came back',
  purgeWork: 'purged',
  usedMemory: 'used',
};

/** Explains the titles. */
export const LEGEND =
  'resident: at the end; peak: the most at any moment; came back: cohort DSR, the share of the slabs open at the mark ' +
  'that is drained or drainable; purged: given back to the system since the start; *: no other cell beats it in all of these';

/** A row of the table: a cell, or a setting with its seeds. */
export interface SweepRow {
  readonly label: string;
  readonly values: SweepCell['values'];
  /** The mean of the figures; null if the cell failed. */
  readonly figures: Figures | null;
  /** Half of the distance between the least and the largest figure; undefined for a single cell. */
  readonly spread?: ((objective: Objective) => number) | undefined;
  readonly isOnFront: boolean;
  readonly hasFailed: boolean;
}

/** Returns a row for each cell; with a seed axis, one for each setting and one for each failed cell. */
export function sweepRows({ cells, pareto, groups }: SweepResult): SweepRow[] {
  const front = new Set(pareto);
  const rowOf = ({ cell, values, figures, error }: SweepCell): SweepRow => ({
    label: `${cell}`,
    values,
    figures,
    isOnFront: front.has(cell),
    hasFailed: error !== null,
  });
  if (groups === undefined) return cells.map(rowOf);
  const onFront = new Set(frontOf(groups.map(({ mean }) => mean)));
  const ofGroups = groups.map(
    (group, index): SweepRow => ({
      label: labelOf(group.cells),
      values: group.values,
      figures: group.mean,
      spread: (objective) => ((group.most[objective] ?? 0) - (group.least[objective] ?? 0)) / 2,
      isOnFront: onFront.has(index),
      hasFailed: false,
    }),
  );
  return [...ofGroups, ...cells.filter(({ error }) => error !== null).map(rowOf)];
}

/** Returns numbers of cells as a range if they follow each other. */
function labelOf(cells: readonly number[]): string {
  const [first = 0] = cells;
  const last = cells.at(-1) ?? first;
  if (cells.length === 1) return `${first}`;
  return last - first === cells.length - 1 ? `${first}-${last}` : `${first}, … ${last}`;
}

/** Returns a column for each axis but that of seeds. The empty configuration is printed as "(defaults)". */
export function axisColumns({ axes, groups }: SweepResult, rows: readonly SweepRow[]): Column[] {
  return axes
    .filter(({ name }) => groups === undefined || name !== 'seed')
    .map(({ name }) => ({ title: name, cells: rows.map(({ values }) => shownValue(values[name] ?? '')) }));
}

/** Returns the figures of the rows. Used memory has a column if cells differ in it, or if it was asked for. */
export function figureColumns({ best }: SweepResult, rows: readonly SweepRow[]): Column[] {
  const isAsked = best?.objectives[0] === 'usedMemory';
  const used = new Set(rows.flatMap(({ figures }) => figures?.usedMemory ?? []));
  const shown = used.size > 1 || isAsked ? (['usedMemory', ...OBJECTIVES] as const) : OBJECTIVES;
  return shown.map((objective) => ({
    title: TITLES[objective],
    cells: rows.map(({ figures, spread }) =>
      figures === null ? '-' : withSpread(objective, figures[objective] ?? null, spread?.(objective)),
    ),
  }));
}

/** A smaller part of a figure is no spread worth the room. */
const LEAST_SPREAD = 0.0005;

function withSpread(objective: Objective, value: number | null, spread: number | undefined): string {
  const text = formatFigure(objective, value);
  if (value === null || spread === undefined || spread < Math.abs(value) * LEAST_SPREAD) return text;
  return `${text} ±${formatFigure(objective, spread)}`;
}

/** Returns the mark of each row: the star of the Pareto front, or that the cell failed. */
export function markColumn(rows: readonly SweepRow[]): Column {
  return {
    title: '',
    cells: rows.map(({ hasFailed, isOnFront }) => (hasFailed ? 'FAILED' : isOnFront ? '*' : '')),
  };
}

/**
 * Returns the operations per second of the allocator, which vary between runs, and the Pareto front with them; none for
 * settings with seeds.
 */
export function timingColumns({ cells, timing, groups }: SweepResult): Column[] {
  if (groups !== undefined) return [];
  const front = new Set(timing.paretoWithSpeed);
  return [
    {
      title: 'M ops/s',
      cells: cells.map(({ timing: { operationsPerSecond } }) =>
        operationsPerSecond === null ? '-' : (operationsPerSecond / 1e6).toFixed(1),
      ),
    },
    { title: '', cells: cells.map(({ cell }) => (front.has(cell) ? '*' : '')) },
  ];
}

/** Returns the values of a cell, for example "dirty_decay_ms=0, build=q3". */
export function describeCell({ values }: Pick<SweepCell, 'values'>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${shownValue(value)}`)
    .join(', ');
}

function shownValue(value: string): string {
  return value === '' ? '(defaults)' : value;
}

export function titleOf(objective: Objective): string {
  return TITLES[objective];
}

export function formatFigure(objective: Objective, value: number | null): string {
  if (value === null) return '-';
  return objective === 'cohortDsr' ? formatShare(value) : formatBytes(value);
}
