/** Tables in the Markdown dialect of pull requests and issues. */
import type { Column } from './table.js';
import { visible } from './visible.js';

/** Returns a table whose columns of text are flush left and whose figures are flush right. */
export function markdownTable(columns: readonly Column[], isText: (column: number) => boolean): string[] {
  const row = (texts: readonly string[]) => `| ${texts.map(escaped).join(' | ')} |`;
  const rules = columns.map((_, index) => (isText(index) ? '---' : '---:'));
  return [
    row(columns.map(({ title }) => title)),
    `| ${rules.join(' | ')} |`,
    ...(columns[0]?.cells ?? []).map((_, index) => row(columns.map((column) => column.cells[index] ?? ''))),
  ];
}

/** Escapes a text from outside for a cell or a sentence, so that it is neither markup nor a line of its own. */
export function escaped(text: string): string {
  const line = text.replaceAll(/\r?\n/g, ' ');
  return visible(line, Number.POSITIVE_INFINITY).replaceAll(/[\\|*_`<[\]&]/g, '\\$&');
}
