/** Cuts jemalloc's statistics in JSON form out of a text. */

export interface JsonFound {
  /** The value of the key `jemalloc`; null if the text breaks off within it. */
  readonly json: { readonly [name: string]: unknown } | null;
  /** The text without it. */
  readonly rest: string;
  readonly count: number;
}

const BEGIN = /\{\s*"jemalloc"\s*:\s*\{/;

/** Returns the last statistics; null if there are none. */
export function jsonStatsIn(text: string): JsonFound | null {
  let rest = text;
  let json: JsonFound['json'] = null;
  let count = 0;
  for (let start = rest.search(BEGIN); start >= 0; start = rest.search(BEGIN)) {
    const end = endOfObject(rest, start);
    json = parsed(rest.slice(start, end)) ?? json;
    count++;
    rest = `${rest.slice(0, start)}\n${rest.slice(end)}`;
  }
  return count === 0 ? null : { json, rest, count };
}

function parsed(text: string): JsonFound['json'] {
  try {
    return (JSON.parse(text) as { jemalloc: JsonFound['json'] }).jemalloc;
  } catch {
    return null;
  }
}

/** Returns the index after the brace that closes the one at `start`, or the length of the text. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at + 1;
  }
  return text.length;
}
