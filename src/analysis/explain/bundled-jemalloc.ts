/** Only the jemalloc in a server's own source tree tells the server which regions to move; a system's does not. */
import type { MallocStats } from '../malloc-stats.js';
import type { ServerInfo } from '../server-info.js';

/** Null where it cannot be told. */
export function hasBundledJemalloc(info: ServerInfo, stats: MallocStats | null): boolean | null {
  // Servers configure theirs with a quantum of 8; on 64-bit machines jemalloc's own default is 16.
  if (stats !== null) return stats.quantum === 8;
  const bundled = bundledVersion(info);
  return bundled === null || info.allocator.startsWith(`jemalloc-${bundled}`) ? null : false;
}

/** deps/jemalloc/VERSION of each release. */
function bundledVersion({ product, version }: ServerInfo): string | null {
  const [major = Number.NaN, minor = 0] = (version ?? '').split('.').map(Number);
  if (product === 'valkey') return '5.3.0';
  if (major === 5 || major === 6) return '5.1.0';
  if (major === 7) return minor === 0 ? '5.2.1' : '5.3.0';
  return null;
}
