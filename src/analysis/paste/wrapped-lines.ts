/** Joins lines that a terminal or editor broke at its width, in the middle of words. */
import type { PastedLine } from './named-text.js';

/** Fewer lines of the greatest length can be so by chance. */
const MIN_FULL_LINES = 3;

/** Returns the lines with each full one joined to the next; null if lines were not broken at a width. */
export function rejoined(lines: readonly PastedLine[]): PastedLine[] | null {
  const width = Math.max(...lines.map(({ text }) => text.length));
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

/** Returns a text with its broken lines joined. Each stays in the place of its first piece. */
export function rejoinedText(text: string): string {
  const lines = text.split(/\r*\n|\r/).map((each, index) => ({ text: each, number: index + 1 }));
  const joined = rejoined(lines);
  if (joined === null) return text;
  const places = new Map(joined.map((line) => [line.number, line.text]));
  return lines.map(({ number }) => places.get(number) ?? '').join('\n');
}
