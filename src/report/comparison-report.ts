import { type Column, plural, tableInBlocks, tableWidth, wrap } from '../base/index.js';
import type { CaseComparison, Comparison } from '../compare/index.js';
import { certaintyLine } from './certainty-line.js';
import { bold } from './colour.js';
import {
  headline,
  leftOutSentence,
  movedBytes,
  movedCases,
  movementTable,
  remarks,
  summary,
  timingColumns,
} from './comparison-rows.js';
import type { Terminal } from './terminal.js';

/** Returns a comparison as text: the verdict, then each case that moved. */
export function comparisonReport(comparison: Comparison, { width, colours }: Terminal): string {
  const moved = movedCases(comparison);
  const timed = timingColumns(comparison);
  const sections = [
    [
      ...wrap(summary(comparison), width).map((line) => bold(line, colours)),
      ...wrap(certaintyLine(comparison), width),
    ],
    leadLines(moved, width),
    ...moved.map((one) => caseLines(one, moved.length, width, colours)),
    timed === undefined ? [] : tableInBlocks(timed.label, timed.columns, width),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/** The lines in which an answer fits a screen, without its first sentence. */
const MOST_LEADS = 8;

/** Returns what moved most in each case, a line for each, in the order of bytes. Cases without a line are counted. */
function leadLines(moved: readonly CaseComparison[], width: number): string[] {
  if (moved.length < 2) return [];
  const leads = [...moved]
    .sort((a, b) => Number(a.isPassed) - Number(b.isPassed) || movedBytes(b) - movedBytes(a))
    .map((one) => `${one.name}: ${[...remarks(one), ...headline(one)][0] ?? 'smaller figures moved'}`);
  const shown = leads.slice(0, MOST_LEADS).map((line) => shortenedTo(line, width));
  const more = leads.length - shown.length;
  return more === 0 ? shown : [...shown, `… and ${plural(more, 'case')} more, below`];
}

function shortenedTo(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
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
