/** Cuts jemalloc's statistics in JSON form out of a text. */
import { withoutPrefixOf } from './line-prefixes.js';
import { literalsAsJson } from './literals.js';
import { messagesOf, unescaped } from './wrappers.js';

export interface JsonFound {
  /** The value of the key `jemalloc`. */
  readonly json: { readonly [name: string]: unknown };
  /** Whether the text breaks off within it. Then it has what was whole before. */
  readonly breaksOff: boolean;
  /** The text without it. */
  readonly rest: string;
  readonly count: number;
}

/** The statistics, or the value of their only key. */
const BEGIN = /\{\s*(?:"jemalloc"\s*:\s*\{|"version"\s*:\s*"[^"]*"\s*,\s*"config"\s*:)/;

/** Returns the last statistics that are whole, else the last ones; null if there are none. */
export function jsonStatsIn(text: string): JsonFound | null {
  // Programs print it after their own text in a line, and logs wrap it.
  const forms = [
    () => text,
    () => messagesOf(text),
    () => (text.includes('\\"jemalloc\\"') ? unescaped(text) : null),
    () => withoutPrefixOf(text, /"jemalloc"\s*:\s*\{/),
    () => literalsAsJson(text),
  ];
  for (const form of forms) {
    const plain = form();
    const found = plain === null ? null : foundIn(plain);
    if (found !== null) return found;
  }
  return null;
}

function foundIn(text: string): JsonFound | null {
  let rest = text;
  let last: Pick<JsonFound, 'json' | 'breaksOff'> | null = null;
  let count = 0;
  for (let start = rest.search(BEGIN); start >= 0; start = rest.search(BEGIN)) {
    const { end, whole } = scanned(rest, start);
    const json = parsed(whole ?? rest.slice(start, end));
    if (json !== null && (last === null || last.breaksOff || whole === null)) {
      last = { json, breaksOff: whole !== null };
    }
    count++;
    rest = `${rest.slice(0, start)}\n${rest.slice(end)}`;
  }
  return last === null ? null : { ...last, rest, count };
}

function parsed(text: string): JsonFound['json'] | null {
  try {
    const value = JSON.parse(text) as { readonly [name: string]: unknown };
    return (value.jemalloc ?? value) as JsonFound['json'];
  } catch {
    return null;
  }
}

/**
 * Returns the index after the brace that closes the one at `start`, or the length of the text. If it is not closed,
 * `whole` is the text up to the last value that ends, with all that is open closed.
 */
function scanned(text: string, start: number): { readonly end: number; readonly whole: string | null } {
  const open: string[] = [];
  let inString = false;
  let endsAt = start;
  let stillOpen = '';
  for (let at = start; at < text.length; at++) {
    const character = text[at]!;
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') open.push(character === '{' ? '}' : ']');
    else if (character === '}' || character === ']') {
      open.pop();
      if (open.length === 0) return { end: at + 1, whole: null };
    } else if (character === ',') {
      endsAt = at;
      stillOpen = open.join('');
    }
  }
  const closing = [...stillOpen].reverse().join('');
  return { end: text.length, whole: text.slice(start, endsAt) + closing };
}
