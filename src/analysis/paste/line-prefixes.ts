/**
 * Removes what lines begin with that is not theirs: quoting, indentation, and the prefixes of logs. A prefix is learned
 * from lines that are known by their words, and removed from the lines between them.
 */
import { anchorOf } from './anchors.js';
import type { PastedLine } from './named-text.js';

/** A prefix counts as one if at least so many lines have one of its shape. */
const MIN_LINES = 3;
const QUOTING = /^(?:\s*(?:>|&gt;))+ ?/;
/** Matches marks of Markdown and tables around a line. */
const MARKUP = /^[\s|*`_~•·+-]*$/;

export function withoutPrefixes(lines: readonly PastedLine[]): PastedLine[] {
  const unquoted = lines.map(({ text, number }) => ({ text: text.replace(QUOTING, ''), number }));
  const shapes = shapesOf(unquoted);
  let last: RegExp | undefined;
  return unquoted.map(({ text, number }) => {
    const shape = shapeOf(prefixOf(text));
    if (shapes.has(shape)) {
      last = new RegExp(`^${shape}`);
      return { text: text.slice(prefixOf(text).length), number };
    }
    const known = last?.exec(text) ?? firstMatch(shapes, text);
    return { text: known == null ? text : text.slice(known[0].length), number };
  });
}

/** Returns the text without what precedes a known beginning, on each line; null if there is nothing before it. */
export function withoutPrefixOf(text: string, beginning: RegExp): string | null {
  const at = text.search(beginning);
  if (at < 0) return null;
  const before = text.slice(text.lastIndexOf('\n', at) + 1, at).trim();
  const prefix = before.endsWith('{') ? before.slice(0, -1).trim() : before;
  if (prefix === '') return null;
  const shape = new RegExp(`^\\s*${shapeOf(prefix)}`);
  return text
    .split('\n')
    .map((each) => each.replace(shape, ''))
    .join('\n');
}

function firstMatch(shapes: ReadonlySet<string>, text: string): RegExpExecArray | null {
  for (const shape of shapes) {
    const match = new RegExp(`^${shape}`).exec(text);
    if (match !== null) return match;
  }
  return null;
}

/** Returns what precedes a known line, without blanks at its end and without marks that are the line's own. */
function prefixOf(line: string): string {
  const at = anchorOf(line);
  if (at <= 0) return '';
  const prefix = line.slice(0, at).trimEnd();
  return MARKUP.test(prefix) ? '' : prefix;
}

/** Returns the shapes of prefixes that enough lines have, the most frequent first. */
function shapesOf(lines: readonly PastedLine[]): Set<string> {
  const counts = new Map<string, number>();
  for (const { text } of lines) {
    const shape = shapeOf(prefixOf(text));
    if (shape !== '') counts.set(shape, (counts.get(shape) ?? 0) + 1);
  }
  const frequent = [...counts].filter(([, count]) => count >= MIN_LINES).sort(([, a], [, b]) => b - a);
  return new Set(frequent.map(([shape]) => shape));
}

/** Parts of a prefix that differ from line to line: identifiers, numbers, blanks, days and months. */
const VARYING =
  /(\b(?=[a-f-]*\d)[\da-f]{4,}(?:-[\da-f]{4,})*\b)|(\d+)|(\s+)|(\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b)|([.*+?^${}()|[\]\\/-])/g;

/** Returns a pattern of a prefix, in which any numbers and identifiers stand for its own. */
function shapeOf(prefix: string): string {
  return prefix.replaceAll(
    VARYING,
    (_, id?: string, digits?: string, blanks?: string, name?: string, mark = '') => {
      if (id !== undefined) return '[\\da-f-]+';
      if (digits !== undefined) return '\\d+';
      if (blanks !== undefined) return '\\s+';
      return name === undefined ? `\\${mark}` : '[A-Z][a-z]{2}';
    },
  );
}
