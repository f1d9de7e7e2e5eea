/** Finds the fields of INFO in a line, however the line writes them. */
import { INFO_NAMES } from './anchors.js';

export interface Field {
  readonly name: string;
  readonly value: string;
}

/** A name, a separator, and a value that may be quoted, in braces, or have thousands separators. */
const PAIR =
  /(?<![\w.])["'`*]*([A-Za-z][\w.-]*)["'`*]*\s*(?::|=>?)\s*(?:"([^"]*)"|'([^']*)'|[{(]([^{}()]*)[})]|(-?\d{1,3}(?:,\d{3})+)(?!\d)|([^\s,;}|{"'<>\\]+))/g;
const NAMES_IN_LINE = new RegExp(`(?:^|[\\s,;{('"|])["']?${INFO_NAMES}["']?\\s*[:=]`, 'g');
const SINGLE = /^[\s|│┃*•_`"'~{[(+-]*([a-zA-Z][\w.-]*?)["'`*\]]*\s*(?::|=>?)\s*(.*)$/;
/** A row of a table or of comma-separated values, only for names of INFO. */
const ROW = new RegExp(
  `^[\\s|│┃"'\`*[(]*(${INFO_NAMES})["'\`*]*\\s*(?:[|│┃,;\\t ]|\\.{2,})\\s*["'\`*]*([^\\s|│┃"'\`*\\])]+)`,
);

export function fieldsOf(line: string): Field[] {
  if ((line.match(NAMES_IN_LINE)?.length ?? 0) > 1) {
    return [...line.matchAll(PAIR)].map(([, name = '', ...values]) => ({
      name,
      value: (values.find((value) => value !== undefined) ?? '').trim(),
    }));
  }
  const [, name, value] = SINGLE.exec(line) ?? ROW.exec(line) ?? [];
  return name === undefined || value === undefined ? [] : [{ name, value: bare(value) }];
}

/** Removes the marks of quoting, Markdown and tables around a value. */
function bare(value: string): string {
  return (
    value
      .trim()
      .replace(/^["'`*|{]+/, '')
      // A log may have other fields after the closing quote.
      .replace(/["'] .*$/, '')
      .replace(/(?<!["'`*_|,;}\s])["'`*_|,;}\s]+$/, '')
      .trim()
  );
}
