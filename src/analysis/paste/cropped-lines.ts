/** Marks the values of lines that a narrow screen cropped at its width. */
import type { PastedLine } from './named-text.js';

const FIELD = /^\w+:\S+$/;
/** Fewer lines of the greatest length, or a smaller share of all, can be so by chance. */
const MIN_FULL_LINES = 5;
const MIN_SHARE = 0.25;

/** Returns the lines; of those that were cropped, each ends in an ellipsis, so that its value is no figure. */
export function croppedMarked(lines: readonly PastedLine[]): readonly PastedLine[] {
  const fields = lines.filter(({ text }) => FIELD.test(text));
  const width = fields.reduce((most, { text }) => Math.max(most, text.length), 0);
  const full = fields.filter(({ text }) => text.length === width).length;
  if (full < MIN_FULL_LINES || full < MIN_SHARE * fields.length) return lines;
  return lines.map((line) =>
    FIELD.test(line.text) && line.text.length === width ? { ...line, text: `${line.text}…` } : line,
  );
}
