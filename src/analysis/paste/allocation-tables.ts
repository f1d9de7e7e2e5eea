/** Reads ClickHouse's table system.jemalloc_bins, which counts allocations but no slabs. */
import { parseSize } from './sizes.js';

export interface AllocationClass {
  readonly size: number;
  /** Allocations that live now. */
  readonly count: number;
}

/** Returns the classes of a table with the columns size, nmalloc and ndalloc; null if there is none. */
export function allocationTableOf(lines: readonly string[]): AllocationClass[] | null {
  const cellsOf = (line: string) =>
    line
      .replaceAll(/[│┃║|;,\t]/g, ' ')
      .trim()
      .split(/\s+/);
  const head = lines.findIndex((line) => {
    const cells = cellsOf(line).map((cell) => cell.replaceAll(/[^\w]/g, ''));
    return (
      cells.includes('size') &&
      cells.includes('nmalloc') &&
      cells.includes('ndalloc') &&
      !cells.includes('curregs')
    );
  });
  if (head < 0) return null;
  const columns = cellsOf(lines[head]!)
    .map((cell) => cell.replaceAll(/[^\w]/g, ''))
    .filter((cell) => cell !== '');
  const rows: AllocationClass[] = [];
  for (const line of lines.slice(head + 1)) {
    const cells = cellsOf(line);
    // ClickHouse's client numbers the rows: `1. │ 82 │ …`.
    if (/^\d+\.$/.test(cells[0] ?? '')) cells.shift();
    const figure = (column: string) => parseSize(cells[columns.indexOf(column)] ?? '');
    const [size, allocated, freed] = [figure('size'), figure('nmalloc'), figure('ndalloc')];
    if (cells.length !== columns.length || size === null || allocated === null || freed === null) continue;
    if (allocated > freed) rows.push({ size, count: allocated - freed });
  }
  return rows.length === 0 ? null : rows;
}
