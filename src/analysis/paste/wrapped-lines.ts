/** Joins lines that a terminal or editor broke at its width, in the middle of words. */
import { greatest } from '../../base/index.js';
import type { PastedLine } from './named-text.js';

/** Fewer lines of the greatest length can be so by chance. */
const MIN_FULL_LINES = 3;

/** Returns the lines with each full one joined to the next; null if lines were not broken at a width. */
export function rejoined(lines: readonly PastedLine[]): PastedLine[] | null {
  const width = greatest(lines.map(({ text }) => text.length));
  if (lines.filter(({ text }) => text.length === width).length < MIN_FULL_LINES) return null;
  const joined: PastedLine[] = [];
  let isOpen = false;
  for (const { text, number } of lines) {
    const before = joined.at(-1);
    if (isOpen && before !== undefined) {
      joined[joined.length - 1] = { text: before.text + text, number: before.number };
    } else joined.push({ text, number });
    isOpen = text.length === width;
  }
  return joined;
}

/** Fewer characters are no width of a terminal. */
const MIN_WIDTH = 40;

/** Returns a text as one line if all its lines but the last are full: a line that a terminal or a mail has broken. */
export function blockJoined(text: string): string {
  const lines = text.trimEnd().split(/\r*\n|\r/);
  const width = lines[0]!.length;
  const full = lines.slice(0, -1);
  const isBlock =
    full.length >= MIN_FULL_LINES &&
    width >= MIN_WIDTH &&
    full.every((line) => line.length === width) &&
    !hasBlankColumn(full, width);
  return isBlock ? lines.join('') : text;
}

/** Whether all lines have a blank or a rule in one place, as those of tables, and of screens that were copied whole. */
function hasBlankColumn(lines: readonly string[], width: number): boolean {
  for (let at = 0; at < width; at++) if (lines.every((line) => /[│|\s]/.test(line[at]!))) return true;
  return false;
}

/** Returns a text with its broken lines joined. Each stays in the place of its first piece. */
export function rejoinedText(text: string): string {
  const lines = text.split(/\r*\n|\r/).map((each, index) => ({ text: each, number: index + 1 }));
  const joined = rejoined(lines);
  if (joined === null) return text;
  const places = new Map(joined.map((line) => [line.number, line.text]));
  return lines.map(({ number }) => places.get(number) ?? '').join('\n');
}
