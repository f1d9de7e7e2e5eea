import { visibleLines } from '../base/index.js';

/** Returns rows of fields as CSV: RFC 4180 with LF line ends. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\n`).join('');
}

/** Quotes a field. A text that a spreadsheet would carry out as a formula begins with an apostrophe instead. */
function field(text: string): string {
  const shown = visibleLines(text.replaceAll('\r\n', '\n'));
  const isFormula = /^[=+\-@\t]/.test(shown) && Number.isNaN(Number(shown));
  const safe = isFormula ? `'${shown}` : shown;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
