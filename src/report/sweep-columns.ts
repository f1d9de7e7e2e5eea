/** The columns of a sweep's rows, in every format. */
import { type Column, formatBytes, formatShare } from '../base/index.js';
import { OBJECTIVES, type Objective } from '../sweep/index.js';
import type { SweepCell, SweepResult } from '../sweep/node.js';

const TITLES: Readonly<Record<Objective, string>> = {
  steadyResident: 'resident',
  peakResident: 'peak',
  cohortDsr: 'came back',
  purgeWork: 'purged',
};

/** Explains the titles. */
export const LEGEND =
  'resident: at the end; peak: the most at any moment; came back: cohort DSR, the share of the slabs open at the mark ' +
  'that is drained or drainable; purged: given back to the system since the start; *: no other cell beats it in all of these';

/** Returns a column for each axis. The empty configuration is printed as "(defaults)". */
export function axisColumns({ axes, cells }: SweepResult): Column[] {
  return axes.map(({ name }) => ({
    title: name,
    cells: cells.map(({ values }) => shownValue(values[name] ?? '')),
  }));
}

export function figureColumns({ cells, pareto }: SweepResult): Column[] {
  const columns = OBJECTIVES.map((objective) => ({
    title: TITLES[objective],
    cells: cells.map(({ figures }) => (figures === null ? '-' : formatFigure(objective, figures[objective]))),
  }));
  const front = new Set(pareto);
  const mark = ({ cell, error }: SweepCell) => (error !== null ? 'FAILED' : front.has(cell) ? '*' : '');
  return [...columns, { title: '', cells: cells.map(mark) }];
}

/** Returns the operations per second of the allocator, which vary between runs, and the Pareto front with them. */
export function timingColumns({ cells, timing }: SweepResult): Column[] {
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
export function describeCell({ values }: SweepCell): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${shownValue(value)}`)
    .join(', ');
}

function shownValue(value: string): string {
  return value === '' ? '(defaults)' : value;
}

function formatFigure(objective: Objective, value: number | null): string {
  if (value === null) return '-';
  return objective === 'cohortDsr' ? formatShare(value) : formatBytes(value);
}
