import type { Random } from '../base/index.js';
import type { Table } from './store-table.js';

/** Returns `count` different names of a table that has more. */
export function chosenNames<Value>(table: Table<Value>, count: number, random: Random): string[] {
  if (count * 3 < table.size) {
    const chosen = new Set<string>();
    while (chosen.size < count) chosen.add(table.random(random));
    return [...chosen];
  }
  // Many single draws would hit chosen names too often, so a partial shuffle of all names replaces them.
  const names = [...table.names()];
  for (let at = 0; at < count; at++) {
    const other = at + random.below(names.length - at);
    [names[at], names[other]] = [names[other]!, names[at]!];
  }
  return names.slice(0, count);
}
