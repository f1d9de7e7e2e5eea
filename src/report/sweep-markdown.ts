import { escaped, markdownTable, plural } from '../base/index.js';
import type { SweepResult } from '../sweep/node.js';
import { bestSummary } from './sweep-best.js';
import { axisColumns, describeCell, figureColumns, LEGEND, markColumn, sweepRows } from './sweep-columns.js';

/** Returns a sweep as Markdown, for a pull request or an issue. */
export function sweepMarkdown(result: SweepResult): string {
  const { workload, cells, cellCount, isComplete } = result;
  const rows = sweepRows(result);
  const axes = axisColumns(result, rows);
  const columns = [
    { title: 'cell', cells: rows.map(({ label }) => label) },
    ...axes,
    ...figureColumns(result, rows),
    markColumn(rows),
  ];
  const isText = (column: number) => column > 0 && column <= axes.length;
  const best = bestSummary(result);
  const failed = cells.flatMap((cell) =>
    cell.error === null
      ? []
      : [`- cell ${cell.cell} (${escaped(describeCell(cell))}) failed: ${escaped(cell.error.message)}`],
  );
  const blocks = [
    [`### ${workload}, ${plural(cellCount, 'cell')}`],
    isComplete ? [] : [`Interrupted: ${cells.length} of ${cellCount} cells are done.`],
    best === undefined ? [] : [escaped(best.sentence)],
    best?.line === undefined ? [] : ['```sh', best.line, '```'],
    best === undefined ? [] : [escaped(best.caution)],
    markdownTable(columns, isText),
    [escaped(LEGEND)],
    failed,
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}
