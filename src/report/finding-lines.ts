import type { Finding, FindingCell, FindingColumn } from '../../workloads/index.js';
import { formatCount, tableInBlocks, wrap } from '../base/index.js';
import { bold } from './colour.js';
import type { Terminal } from './terminal.js';
import { FORMATS } from './units.js';

/** Returns the findings of a workload about its runs, each under its title. */
export function findingLines(findings: readonly Finding[], { width, colours }: Terminal): string[] {
  return findings.flatMap((finding, index) => {
    const title = wrap(finding.title, width).map((line) => bold(line, colours));
    const sentences = finding.sentences.flatMap((sentence) => wrap(sentence, width));
    return [...(index === 0 ? [] : ['']), ...title, ...body(finding, width), ...sentences];
  });
}

/** Returns the rows of a finding: a list if all columns are text, which is too wide for a table, else a table. */
function body({ columns, rows }: Finding, width: number): string[] {
  const [label, ...others] = columns;
  if (label === undefined) return [];
  if (others.every(({ unit }) => unit === 'text')) {
    return rows.flatMap(([first, ...rest]) => wrap(`- ${first}: ${rest.join('. ')}`, width));
  }
  return tableInBlocks(
    columnOf(label, rows, 0),
    others.map((column, index) => columnOf(column, rows, index + 1)),
    width,
  );
}

function columnOf({ title, unit }: FindingColumn, rows: readonly (readonly FindingCell[])[], index: number) {
  return { title, cells: rows.map((row) => cellOf(row[index] ?? null, unit)) };
}

function cellOf(cell: FindingCell, unit: FindingColumn['unit']): string {
  if (cell === null) return '-';
  if (typeof cell === 'string') return cell;
  if (unit === 'text') return String(cell);
  return unit === 'seconds' ? `${formatCount(Math.round(cell))} s` : FORMATS[unit](cell);
}
