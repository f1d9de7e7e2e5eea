/** Joins the lines of a database that JSON and YAML spread over several. */
import type { PastedLine } from './named-text.js';

const BEGIN = /^[\s,]*["']?db\d+["']?\s*(?::|=>?)\s*\{?\s*$/;
/** The fields of a database, and its closing brace. */
const MEMBER = /^\s*["']?(?:keys|expires|avg_ttl|subexpiry|keys_with_volatile_items)["']?\s*(?::|=>?)|^\s*\}/;

export function withDatabases(lines: readonly PastedLine[]): PastedLine[] {
  const joined: PastedLine[] = [];
  let isOpen = false;
  for (const line of lines) {
    const before = joined.at(-1);
    if (isOpen && before !== undefined && MEMBER.test(line.text)) {
      joined[joined.length - 1] = { text: `${before.text} ${line.text.trim()}`, number: before.number };
    } else {
      joined.push(line);
      isOpen = BEGIN.test(line.text);
    }
  }
  return joined;
}
