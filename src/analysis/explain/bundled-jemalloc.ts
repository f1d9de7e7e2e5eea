import type { MallocStats } from '../malloc-stats/malloc-stats.js';
import type { ServerInfo } from '../server/server-info.js';

/**
 * Whether a server uses the jemalloc of its own source tree; null if the inputs do not show it. Only that jemalloc has
 * the hint that active defragmentation needs.
 */
export function hasBundledJemalloc(
  { product, allocator }: ServerInfo,
  stats: Pick<MallocStats, 'quantum'> | null,
): boolean | null {
  // Servers configure theirs with a quantum of 8; jemalloc's own default on 64-bit machines is 16.
  if (stats !== null) return stats.quantum === 8;
  const bundled = product?.bundledJemalloc ?? null;
  if (bundled === null || allocator === null || !/^jemalloc-\d/.test(allocator)) return null;
  return allocator.startsWith(`jemalloc-${bundled}`) ? null : false;
}
