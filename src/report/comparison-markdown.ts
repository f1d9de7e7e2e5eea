import { escaped, markdownTable } from '../base/index.js';
import type { CaseComparison, Comparison } from '../compare/index.js';
import { certaintyLine } from './certainty-line.js';
import {
  headline,
  leftOutSentence,
  movedCases,
  movementTable,
  remarks,
  summary,
  timingColumns,
} from './comparison-rows.js';

/** Keeps the text within the 65,536 characters of a comment on a pull request. */
const MAX_TABLES = 60;

/** Returns a comparison for a pull request: the verdict, then each case that moved, with its figures folded. */
export function comparisonMarkdown(comparison: Comparison, title: string): string {
  const moved = movedCases(comparison);
  const timed = timingColumns(comparison);
  const blocks = [
    [`### ${comparison.isPassed ? '✅' : '❌'} ${escaped(title)}`],
    [escaped(summary(comparison)), escaped(certaintyLine(comparison))].filter(Boolean),
    ...moved.map((one, index) => caseBlock(one, moved.length, index < MAX_TABLES)),
    timed === undefined ? [] : markdownTable([timed.label, ...timed.columns], (column) => column === 0),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function caseBlock(one: CaseComparison, casesMoved: number, hasTable: boolean): string[] {
  const { columns, leftOut } = movementTable(one, casesMoved);
  const rows = columns[0]?.cells.length ?? 0;
  const mark = one.isPassed ? '' : ' ❌';
  const lines = [
    `**${escaped(one.name)}**${mark}`,
    ...[...remarks(one), ...headline(one)].map((line) => `- ${escaped(line)}`),
  ];
  if (rows === 0) return lines;
  if (!hasTable) return [...lines, `- ${escaped(leftOutSentence(rows + leftOut))}`];
  return [
    ...lines,
    '',
    `<details><summary>${rows + leftOut} figures</summary>`,
    '',
    ...markdownTable(columns, (column) => column < 2),
    ...(leftOut > 0 ? ['', escaped(leftOutSentence(leftOut))] : []),
    '',
    '</details>',
  ];
}
