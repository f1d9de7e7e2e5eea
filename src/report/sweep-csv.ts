import { OBJECTIVES } from '../sweep/index.js';
import type { SweepResult } from '../sweep/node.js';
import { csvOf } from './csv.js';

/** Returns a row for each cell, in plain numbers. The format is RFC 4180 with LF line ends. */
export function sweepCsv({ axes, cells, pareto }: SweepResult): string {
  const front = new Set(pareto);
  const names = axes.map(({ name }) => name);
  const head = ['cell', ...names, ...OBJECTIVES, 'pareto', 'error', 'usedMemory'];
  const rows = cells.map(({ cell, values, figures, error }) => [
    `${cell}`,
    ...names.map((name) => values[name] ?? ''),
    ...OBJECTIVES.map((objective) => `${figures?.[objective] ?? ''}`),
    front.has(cell) ? '1' : '0',
    error === null ? '' : `${error.name}: ${error.message}`,
    `${figures?.usedMemory ?? ''}`,
  ]);
  return csvOf([head, ...rows]);
}
