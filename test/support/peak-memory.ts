import { readFileSync } from 'node:fs';

/**
 * Returns the highest resident memory of a process so far, in bytes. Throws when the process has ended.
 *
 * `process.resourceUsage().maxRSS` says something else: a process inherits the peak of the one that started it
 * (`ru_maxrss` in getrusage(2) survives execve).
 */
export function peakMemoryOf(pid: number | 'self'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  if (peak === undefined) throw new Error(`process ${pid} has no resident memory: it has ended`);
  return Number(peak) * 1024;
}
