import type { MallocStats } from '../analysis/index.js';
/** Returns the build with the server's size classes. If there is none, verify refuses the returned one. */
export function matchingBuild({ version, quantum, pageSize }: MallocStats): string {
  if (quantum === 16) return 'q4';
  if (/^5\.[0-2]\./.test(version) && pageSize === 4096) return 'q3-5.2.1';
  return pageSize === 4096 ? 'q3' : `q3-p${Math.log2(pageSize)}`;
}
