import type { CaseComparison, Comparison } from '../sweep/compare/comparison.js';
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
import { tableInBlocks } from './table.js';
import type { Terminal } from './terminal.js';
import { wrap } from './wrap.js';

/** What moved, case by case, and last whether that counts. */
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
  lines.push(...tableInBlocks(label, rest, width));
  if (leftOut > 0) lines.push(...wrap(leftOutSentence(leftOut), width));
  return lines;
}
