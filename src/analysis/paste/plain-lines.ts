/** Turns a pasted text into the lines that the server or program printed. */
import { plainCharacters } from './characters.js';
import { withoutHtml } from './html.js';
import { withoutLineEnds } from './line-ends.js';
import { withoutPrefixes } from './line-prefixes.js';
import type { PastedLine } from './named-text.js';
import { unwrapped } from './wrappers.js';

export function plainLines(text: string): PastedLine[] {
  const lines = withoutLineEnds(plainCharacters(text))
    .split('\n')
    .flatMap((line, index) =>
      withoutHtml(line)
        .split('\n')
        .map((each) => ({ text: each, number: index + 1 })),
    );
  return withoutPrefixes(unwrapped(withoutPrefixes(unwrapped(lines)))).flatMap(brokenAtStats);
}

/** Breaks a line that lost its end before or after the allocator's statistics. */
function brokenAtStats({ text, number }: PastedLine): PastedLine[] {
  return text
    .replace(/(?<=\S)\s+(?=_{3} *Begin +jemalloc)/, '\n')
    .replace(/(?<=End +jemalloc +statistics *---)\s+(?=\S)/, '\n')
    .split('\n')
    .map((each) => ({ text: each, number }));
}
