/** Parses the reply of MEMORY MALLOC-STATS, which is that of malloc_stats_print in jemalloc 5.1, 5.2.1 and 5.3. */
import { InputError } from '../../base/index.js';
import type { MallocStats } from './malloc-stats.js';
import { BEGIN_MALLOC_STATS, END_MALLOC_STATS, LAST_LINE, readStatsText } from './read-stats-text.js';

/** Parses a whole output. Throws an InputError that names the line if it is incomplete or in an unknown form. */
export function parseMallocStats(text: string): MallocStats {
  if (!BEGIN_MALLOC_STATS.test(text)) {
    throw new InputError(
      `allocator statistics: they start with "${text.slice(0, 40).replaceAll(/\s+/g, ' ')}", not with "___ Begin ` +
        'jemalloc statistics ___"; the server must be built with jemalloc (its --version says malloc=jemalloc-…)',
    );
  }
  if (!END_MALLOC_STATS.test(text)) {
    throw new InputError(`allocator statistics: they break off before "${LAST_LINE}"; give all of them`);
  }
  const lines = text
    .split('\n')
    .map((line, index) => ({ text: line.replace(/\r+$/, ''), number: index + 1 }));
  const end = lines.findIndex((line) => END_MALLOC_STATS.test(line.text));
  const { whole, damage } = readStatsText(end < 0 ? lines : lines.slice(0, end + 1));
  if (whole !== null) return whole;
  throw new InputError(`allocator statistics: ${damage}; jemalloc 5.1 to 5.3 print all of it`);
}
