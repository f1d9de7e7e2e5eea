import type { MallocStats } from '../analysis/index.js';
/** The build whose size classes are the server's; verify refuses it where there is none. */
export function buildLike({ version, quantum, pageSize }: MallocStats): string {
  if (quantum === 16) return 'q4';
  if (/^5\.[0-2]\./.test(version) && pageSize === 4096) return 'q3-5.2.1';
  return pageSize === 4096 ? 'q3' : `q3-p${Math.log2(pageSize)}`;
}
