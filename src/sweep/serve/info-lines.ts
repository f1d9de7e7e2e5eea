/** What the lab adds to INFO: its own lines behind a server's Memory section. */
import type { Snapshot } from '../../engine/index.js';

export function drainabilityLines({
  drainprof,
  hookAccounting,
}: Pick<Snapshot, 'drainprof' | 'hookAccounting'>): string {
  const fields: readonly (readonly [string, number | string])[] = [
    ['mem_drainability_ratio', drainprof.dsr.toFixed(4)],
    ['mem_drainprof_total_extents', drainprof.tracked],
    ['mem_drainprof_drainable_extents', drainprof.drainable],
    ['mem_drainprof_pinned_extents', drainprof.pinned],
    ['mem_drainprof_total_allocs', drainprof.allocs],
    ['mem_drainprof_total_deallocs', drainprof.deallocs],
    ['mem_drainprof_malloc_fastpath_calls', hookAccounting.registrations],
    ['mem_drainprof_free_fastpath_calls', hookAccounting.deregistrations],
  ];
  return fields.map(([name, value]) => `${name}:${value}\r\n`).join('');
}

/** INFO's text with `lines` at the end of its Memory section; as it was where it has none. */
export function withMemoryLines(info: string, lines: string): string {
  const start = /^# Memory\r\n/m.exec(info);
  if (start === null) return info;
  const next = info.indexOf('\r\n\r\n', start.index);
  if (next < 0) return info + lines;
  return info.slice(0, next + 2) + lines + info.slice(next + 2);
}

/** Which of the lab's additions an INFO asks for. */
export function asksFor(sections: readonly string[]): {
  readonly memory: boolean;
  readonly rdbStats: boolean;
} {
  const names = sections.map((section) => section.toLowerCase());
  const isAll = names.some((name) => name === 'all' || name === 'everything');
  return {
    memory: names.length === 0 || isAll || names.includes('memory') || names.includes('default'),
    rdbStats: isAll || names.includes('rdb_stats'),
  };
}
