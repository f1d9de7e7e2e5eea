import { plural, tableInBlocks, wrap } from '../base/index.js';
import type { SweepResult } from '../sweep/node.js';
import { bold } from './colour.js';
import { bestSummary } from './sweep-best.js';
import { axisColumns, describeCell, figureColumns, LEGEND, timingColumns } from './sweep-columns.js';
import type { Terminal } from './terminal.js';

/** Returns a sweep as a table with a row for each cell, then the failed cells and the best one. */
export function sweepReport(
  result: SweepResult,
  { width, colours }: Terminal,
  { hasTiming = false }: { readonly hasTiming?: boolean } = {},
): string {
  const { workload, cells, cellCount } = result;
  const label = { title: 'cell', cells: cells.map(({ cell }) => `${cell}`) };
  const columns = [
    ...axisColumns(result),
    ...figureColumns(result),
    ...(hasTiming ? timingColumns(result) : []),
  ];
  const best = bestSummary(result);
  const sections = [
    [bold(`${workload}, ${plural(cellCount, 'cell')}`, colours)],
    tableInBlocks(label, columns, width),
    wrap(LEGEND, width),
    cells.flatMap((cell) =>
      cell.error === null
        ? []
        : wrap(
            `Cell ${cell.cell} (${describeCell(cell)}) failed. ${cell.error.name}: ${cell.error.message}`,
            width,
          ),
    ),
    result.isComplete ? [] : wrap(`Interrupted: ${cells.length} of ${cellCount} cells are done.`, width),
    best === undefined
      ? []
      : [
          ...wrap(best.sentence, width),
          ...(best.line === undefined ? [] : ['', `    ${best.line}`, '']),
          ...wrap(best.caution, width),
        ],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}
