/** Brings tables that clients of databases draw into one form. */

/** A name and its value on lines or in fields of their own: `metric: x`, then `value: 1`. */
const NAMED_VALUE =
  /["']?\b(?:variable_name|metric|name|event)\b["']?\s*[:=]\s*["']?([\w.]+)["']?[^\S\n]*[,\n]\s*["']?(?:variable_)?value\b["']?\s*[:=]\s*/gi;

/** Returns the text with plain bars between cells, no lines of rules, and each value beside its name. */
export function plainTable(text: string): string {
  return text
    .replaceAll(/[│┃║]/g, '|')
    .replaceAll(/[\u2500-\u257F]+/g, ' ')
    .replaceAll(NAMED_VALUE, '\n$1: ');
}
