import type { StatsReading } from '../malloc-stats/malloc-stats.js';
import type { ServerInfo } from '../server/server-info.js';
import { isSameMoment } from './split.js';

/** Returns the version of jemalloc that the statistics name, if INFO names another one; else null. */
export function otherJemalloc(
  { allocator }: ServerInfo,
  { version }: StatsReading['partial'],
): string | null {
  const named = /^jemalloc-(\d+\.\d+\.\d+)(?:-|$)/.exec(allocator ?? '')?.[1];
  const other = version?.split('-')[0];
  if (named === undefined || other === undefined || !/^\d/.test(other)) return null;
  return other === named ? null : other;
}

/**
 * Whether a server can run on another jemalloc than INFO names. INFO has the version of the headers that the server was
 * built with, and the system's library may have been replaced since. One process has one number of allocated bytes.
 */
export function runsOnOther({ sample }: ServerInfo, { quantum, totals }: StatsReading['partial']): boolean {
  // The jemalloc of a server's own sources is part of the program, and has a quantum of 8.
  if (quantum === 8 || sample.allocated === null || totals.allocated === null) return false;
  return isSameMoment(sample.allocated, totals.allocated);
}
