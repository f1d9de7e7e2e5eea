/** Reads MEMORY STATS in any form that clients print, and names its figures as INFO does. */
import type { Field } from './info-fields.js';

/** Names of MEMORY STATS and of INFO for the same figure. */
export const STATS_NAMES: readonly (readonly [stats: string, info: string])[] = [
  ['peak.allocated', 'used_memory_peak'],
  ['total.allocated', 'used_memory'],
  ['startup.allocated', 'used_memory_startup'],
  ['replication.backlog', 'mem_replication_backlog'],
  ['clients.slaves', 'mem_clients_slaves'],
  ['clients.normal', 'mem_clients_normal'],
  ['cluster.links', 'mem_cluster_links'],
  ['aof.buffer', 'mem_aof_buffer'],
  ['allocator.allocated', 'allocator_allocated'],
  ['allocator.active', 'allocator_active'],
  ['allocator.resident', 'allocator_resident'],
  ['allocator.muzzy', 'allocator_muzzy'],
  ['allocator-fragmentation.bytes', 'allocator_frag_bytes'],
  ['allocator-rss.bytes', 'allocator_rss_bytes'],
  ['rss-overhead.bytes', 'rss_overhead_bytes'],
  ['fragmentation.bytes', 'mem_fragmentation_bytes'],
  ['keys.count', 'keys_count'],
];
const ANY_NAME = new RegExp(
  `(?<![\\w.-])(?:${STATS_NAMES.map(([name]) => escapedDots(name)).join('|')})(?![\\w.-])`,
);
/** Matches the text between a name and its figure: element numbers, arrows, colons, types and quotes. */
const BETWEEN = '["\'`]*\\s*(?:(?:\\d+[)#]|=>|[:=|,]|\\((?:integer|double)\\)|["\'`])\\s*)*';

export interface MemoryStatsFound {
  readonly fields: readonly Field[];
  /** Indexes of the first and the last line. */
  readonly from: number;
  readonly to: number;
}

/** Returns the figures of MEMORY STATS with INFO's names; null if the lines have none. */
export function memoryStatsOf(lines: readonly string[]): MemoryStatsFound | null {
  const at = lines.flatMap((line, index) => (ANY_NAME.test(line) ? [index] : []));
  const from = at[0];
  if (from === undefined) return null;
  // The figure of the last name may be in the next line.
  const to = Math.min(lines.length - 1, at.at(-1)! + 1);
  const text = lines.slice(from, to + 1).join('\n');
  const fields = STATS_NAMES.flatMap(([name, info]) => {
    const value = new RegExp(`(?<![\\w.-])${escapedDots(name)}${BETWEEN}(-?\\d+)(?![\\d)#.:/T-])`).exec(
      text,
    )?.[1];
    return value === undefined ? [] : [{ name: info, value }];
  });
  return fields.length < 2 ? null : { fields, from, to };
}

function escapedDots(name: string): string {
  return name.replaceAll('.', '\\.');
}
