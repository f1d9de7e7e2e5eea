/** Removes the mark that every line ends with: the side of a box, and what `cat -A` and table clients put there. */

const MARKS = ['│', '|', '║', '┃', '$', '+', '¶', '↵', '\\'];
/** A mark that fewer lines end with may be a part of these lines. */
const MIN_LINES = 3;
const MIN_SHARE = 0.9;

export function withoutLineEnds(text: string): string {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const filled = lines.filter((line) => line !== '');
  const mark = MARKS.find((each) => {
    const ending = filled.filter((line) => line.endsWith(each));
    return ending.length >= MIN_LINES && ending.length >= filled.length * MIN_SHARE;
  });
  if (mark === undefined || areRows(filled, mark)) return text;
  return lines.map((line) => (line.endsWith(mark) ? line.slice(0, -mark.length).trimEnd() : line)).join('\n');
}

/** Returns whether most lines have the mark inside too, as rows of a table have between their cells. */
function areRows(lines: readonly string[], mark: string): boolean {
  return lines.filter((line) => line.slice(1, -1).includes(mark)).length > lines.length / 2;
}
