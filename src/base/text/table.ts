/** A column of a table: a title and a cell per row. The first column of a table is flush left, the others right. */
export interface Column {
  readonly title: string;
  readonly cells: readonly string[];
}

const GAP = '  ';

/**
 * Returns a table as one block of lines. Columns from `wishes` that do not fit the width are omitted, last ones
 * first.
 */
export function tableThatFits(label: Column, wishes: readonly Column[], width: number): string[] {
  return lines(label, wishes.slice(0, countThatFit(label, wishes, width)));
}

/** Returns all columns in as many blocks as the width requires, one below the other; each block repeats the label. */
export function tableInBlocks(label: Column, columns: readonly Column[], width: number): string[] {
  const result: string[] = [];
  for (let from = 0; from < columns.length; ) {
    const rest = columns.slice(from);
    const count = countThatFit(label, rest, width);
    if (from > 0) result.push('');
    result.push(...lines(label, rest.slice(0, count)));
    from += count;
  }
  return result;
}

/** Returns the width of a table with all columns in one block. */
export function tableWidth(label: Column, columns: readonly Column[]): number {
  return columns.reduce((used, column) => used + GAP.length + widthOf(column), widthOf(label));
}

// Returns at least one, even if it does not fit: a cut-off figure is still better than none.
function countThatFit(label: Column, columns: readonly Column[], width: number): number {
  let used = widthOf(label);
  let count = 0;
  for (const column of columns) {
    used += GAP.length + widthOf(column);
    if (used > width) break;
    count++;
  }
  return Math.max(1, count);
}

function widthOf(column: Column): number {
  return column.cells.reduce((widest, cell) => Math.max(widest, cell.length), column.title.length);
}

function lines(label: Column, columns: readonly Column[]): string[] {
  const labelWidth = widthOf(label);
  const widths = columns.map(widthOf);
  const line = (first: string, rest: readonly string[]) =>
    [first.padEnd(labelWidth), ...rest.map((cell, index) => cell.padStart(widths[index]!))]
      .join(GAP)
      .trimEnd();
  const titles = columns.map((column) => column.title);
  const body = label.cells.map((cell, row) =>
    line(
      cell,
      columns.map((column) => column.cells[row] ?? ''),
    ),
  );
  return [line(label.title, titles), ...body];
}
