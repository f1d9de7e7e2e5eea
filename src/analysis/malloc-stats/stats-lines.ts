/** Restores the lines of statistics whose line breaks were lost. */
import type { StatsLine } from './stats-tables.js';

/** Matches the beginnings of lines of the statistics. */
const LINE_START = new RegExp(
  [
    '_{2,} *Begin +jemalloc +statistics *_{2,}',
    '-{2,} *End +jemalloc +statistics *-{2,}',
    '(?:Version|Arenas|CPUs|Quantum size|Page size|Chunk size|Allocated|Background threads|Pointer size):',
    'Count of realloc|Build-time option settings|Run-time option settings|Maximum thread-cached|Number of |Decay ',
    '(?:config|opt)\\.\\w+:',
    '(?:Merged|Destroyed) arenas stats:|arenas\\[\\d+\\]:|assigned threads:|dss allocation precedence:|uptime:',
    'decaying:|(?:dirty|muzzy):|dirty pages:|metadata: mapped:',
    '(?:small|total|active|mapped|retained|base|internal|metadata_edata|metadata_rtree|metadata_thp|tcache_bytes|tcache_stashed_bytes|resident|abandoned_vm|extent_avail|huge|large): +\\d',
    '(?:bins|large|huge|extents): +size +ind ',
  ]
    .map((each) => `(?:${each})`)
    .join('|'),
  'g',
);

/** A line of jemalloc has one of them; the line of totals has one too. */
const MIN_STARTS = 3;

export function restoredLines(lines: readonly StatsLine[]): StatsLine[] {
  return lines.flatMap(({ text, number }) => {
    const isTotals = /\bAllocated: ?\d/.test(text);
    const starts = text.match(LINE_START)?.length ?? 0;
    if (starts < MIN_STARTS) return [{ text, number }];
    return (
      text
        // The figures of the line of totals are no lines of their own.
        .replaceAll(LINE_START, (start, at: number) =>
          isTotals && isInTotals(text, at) ? start : `\n${start}`,
        )
        .replaceAll(/((?:bins|large|huge|extents): +size +ind [^\d\n]*)(?=\d)/g, '$1\n')
        .replaceAll(/(?<!size +ind +)(allocated +nmalloc [^\d\n]*)$/gm, '\n$1')
        .split('\n')
        .map((each) => ({ text: each, number }))
    );
  });
}

/** Whether a place is in the list of totals after `Allocated:`. */
function isInTotals(text: string, at: number): boolean {
  const list = /\bAllocated: ?\d+(?:, \w+: ?\d+(?: \(n_thp \d+\))?)*/.exec(text);
  return list !== null && at > list.index && at < list.index + list[0].length;
}
