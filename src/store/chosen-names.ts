import type { Random } from '../base/index.js';
import type { Table } from './store-table.js';

/** `count` different names of a table that has more. */
export function chosenNames<Value>(table: Table<Value>, count: number, random: Random): string[] {
  if (count * 3 < table.size) {
    const chosen = new Set<string>();
    while (chosen.size < count) chosen.add(table.random(random));
    return [...chosen];
  }
  // So many that drawing again would take long: a shuffle of all, as far as is needed.
  const names = [...table.names()];
  for (let at = 0; at < count; at++) {
    const other = at + random.below(names.length - at);
    [names[at], names[other]] = [names[other]!, names[at]!];
  }
  return names.slice(0, count);
}
