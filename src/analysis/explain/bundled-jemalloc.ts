import type { MallocStats } from '../malloc-stats.js';
import type { ServerInfo } from '../server-info.js';

/**
 * Whether a server uses the jemalloc of its own source tree; null if the inputs do not show it. Only that jemalloc has
 * the hint that active defragmentation needs.
 */
export function hasBundledJemalloc(info: ServerInfo, stats: MallocStats | null): boolean | null {
  // Servers configure theirs with a quantum of 8; jemalloc's own default on 64-bit machines is 16.
  if (stats !== null) return stats.quantum === 8;
  const bundled = bundledVersion(info);
  return bundled === null || info.allocator.startsWith(`jemalloc-${bundled}`) ? null : false;
}

/** Returns the version of the bundled jemalloc, from deps/jemalloc/VERSION of each release; null if unknown. */
function bundledVersion({ product, version }: ServerInfo): string | null {
  const [major = Number.NaN, minor = 0] = (version ?? '').split('.').map(Number);
  if (product === 'valkey') return '5.3.0';
  if (major === 5 || major === 6) return '5.1.0';
  if (major === 7) return minor === 0 ? '5.2.1' : '5.3.0';
  return null;
}
