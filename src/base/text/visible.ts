/** Characters that act on a terminal, hide, change the direction of text, or are no characters. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The most characters of a name from outside that a message or a table has. */
export const MAX_NAME = 64;

/**
 * Returns a text from outside as it may be printed anywhere. Characters that act on a terminal or cannot be seen are
 * escaped. A text longer than `most` is cut, with a mark.
 */
export function visible(text: string, most = MAX_NAME): string {
  // Most texts are short and plain.
  if (text.length <= most && text.search(UNSAFE) < 0) return text;
  const cut = text.length > most ? `${text.slice(0, most - 1)}…` : text;
  return cut.replaceAll(UNSAFE, escaped);
}

/** Returns lines as `visible` would, of any length. Their line ends stay. */
export function visibleLines(text: string): string {
  return text
    .split('\n')
    .map((line) => visible(line, Number.POSITIVE_INFINITY))
    .join('\n');
}

function escaped(character: string): string {
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0)!;
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
