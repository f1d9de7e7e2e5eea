/** Takes the output of diff apart: a text of two moments becomes the older, then the younger. */
export function undiffed(text: string): string {
  const isDifference = /^@@ .* @@/m.test(text) || (/^-[a-z]\w+:/m.test(text) && /^\+[a-z]\w+:/m.test(text));
  if (!isDifference) return text;
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  // Each line keeps its number in the younger text, which is the one that is read.
  const side = (mark: string) =>
    lines.map((line) => (line.startsWith(mark) ? '' : line.replace(/^[-+ ](?=[\w# ]|$)/, '')));
  return [...side('+').filter((line) => line !== ''), ...side('-')].join('\n');
}
