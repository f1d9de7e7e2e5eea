import { type Column, tableInBlocks, tableWidth, wrap } from '../base/index.js';
import type { CaseComparison, Comparison } from '../compare/index.js';
import { bold } from './colour.js';
import {
  headline,
  leftOutSentence,
  movedCases,
  movementTable,
  remarks,
  summary,
  timingColumns,
} from './comparison-rows.js';
import type { Terminal } from './terminal.js';

/** Returns a comparison as text: each case that moved, then the verdict. */
export function comparisonReport(comparison: Comparison, { width, colours }: Terminal): string {
  const moved = movedCases(comparison);
  const timed = timingColumns(comparison);
  const sections = [
    ...moved.map((one) => caseLines(one, moved.length, width, colours)),
    timed === undefined ? [] : tableInBlocks(timed.label, timed.columns, width),
    wrap(summary(comparison), width),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function caseLines(
  one: CaseComparison,
  casesMoved: number,
  width: number,
  colours: Terminal['colours'],
): string[] {
  const { columns, leftOut } = movementTable(one, casesMoved);
  const [label, ...rest] = columns;
  const lines = [
    bold(one.name, colours),
    ...[...remarks(one), ...headline(one)].flatMap((line) => wrap(line, width)),
  ];
  if (label === undefined || label.cells.length === 0) return lines;
  lines.push(
    ...(tableWidth(label, rest) <= width ? tableInBlocks(label, rest, width) : list(label, rest, width)),
  );
  if (leftOut > 0) lines.push(...wrap(leftOutSentence(leftOut), width));
  return lines;
}

/** Returns the rows as a list. Splitting a wide table into blocks would separate figures from their names. */
function list(phases: Column, [names, before, after, change]: readonly Column[], width: number): string[] {
  return phases.cells.flatMap((phase, row) => {
    const [name, was, is, moved] = [names, before, after, change].map((column) => column?.cells[row] ?? '');
    return [...wrap(`${phase}: ${name}`, width), `  ${was} -> ${is}  ${moved}`.trimEnd()];
  });
}
