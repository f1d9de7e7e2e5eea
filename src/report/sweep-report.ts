import { plural, tableInBlocks, tableWidth, wrap } from '../base/index.js';
import { commonCertainty } from '../run/index.js';
import type { SweepResult } from '../sweep/node.js';
import { certaintyLine } from './certainty-line.js';
import { bold } from './colour.js';
import { bestSummary } from './sweep-best.js';
import {
  axisColumns,
  describeCell,
  figureColumns,
  LEGEND,
  markColumn,
  sweepRows,
  timingColumns,
} from './sweep-columns.js';
import type { Terminal } from './terminal.js';

/** Returns a sweep: the setting to choose, a table with a row for each cell, and the failed cells. */
export function sweepReport(
  result: SweepResult,
  { width, colours }: Terminal,
  { hasTiming = false }: { readonly hasTiming?: boolean } = {},
): string {
  const { workload, cells, cellCount } = result;
  const best = bestSummary(result);
  const sections = [
    [bold(`${workload}, ${plural(cellCount, 'cell')}`, colours)],
    result.isComplete ? [] : wrap(`Interrupted: ${cells.length} of ${cellCount} cells are done.`, width),
    best === undefined
      ? []
      : [
          ...wrap(best.sentence, width),
          ...wrap(
            certaintyLine({ certainty: commonCertainty(cells.flatMap(({ run }) => run ?? [])) }),
            width,
          ),
          ...(best.line === undefined ? [] : ['', `    ${best.line}`, '']),
          ...wrap(best.caution, width),
        ],
    table(result, hasTiming, width),
    wrap(LEGEND, width),
    cells.flatMap((cell) =>
      cell.error === null
        ? []
        : wrap(
            `Cell ${cell.cell} (${describeCell(cell)}) failed. ${cell.error.name}: ${cell.error.message}`,
            width,
          ),
    ),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/** Returns the table. Where it needs several blocks, the mark of a row is beside its number, so that none is without. */
function table(result: SweepResult, hasTiming: boolean, width: number): string[] {
  const rows = sweepRows(result);
  const mark = markColumn(rows);
  const columns = [...axisColumns(result, rows), ...figureColumns(result, rows)];
  const timing = hasTiming ? timingColumns(result) : [];
  const label = { title: 'cell', cells: rows.map(({ label }) => label) };
  if (tableWidth(label, [...columns, mark, ...timing]) <= width) {
    return tableInBlocks(label, [...columns, mark, ...timing], width);
  }
  const marked = {
    title: 'cell',
    cells: rows.map(({ label }, row) => `${label} ${mark.cells[row]}`.trimEnd()),
  };
  return tableInBlocks(marked, [...columns, ...timing], width);
}
