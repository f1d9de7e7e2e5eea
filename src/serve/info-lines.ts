/** The lines that the lab adds to INFO, after the server's Memory section. */
import type { TypeProfile } from '../analysis/index.js';
import type { Snapshot } from '../engine/index.js';
import type { RedisServer, Settings } from '../model/index.js';

/** The field that says whether the lab still follows: 'ok' or 'stopped'. */
export const HEALTH = 'mem_lab_health';

export function drainabilityLines({
  drainprof,
  hookAccounting,
}: Pick<Snapshot, 'drainprof' | 'hookAccounting'>): string {
  const fields: readonly (readonly [string, number | string])[] = [
    [HEALTH, 'ok'],
    ['mem_drainability_ratio', drainprof.dsr.toFixed(4)],
    ['mem_drainprof_total_extents', drainprof.tracked],
    ['mem_drainprof_drainable_extents', drainprof.drainable],
    ['mem_drainprof_pinned_extents', drainprof.pinned],
    ['mem_drainprof_total_allocs', drainprof.allocs],
    ['mem_drainprof_total_deallocs', drainprof.deallocs],
    ['mem_drainprof_malloc_fastpath_calls', hookAccounting.registrations],
    ['mem_drainprof_free_fastpath_calls', hookAccounting.deregistrations],
  ];
  return linesOf(fields);
}

interface MemoryState {
  readonly snapshot: Pick<Snapshot, 'bins' | 'memory' | 'defrag'>;
  readonly server: Pick<RedisServer, 'settings' | 'version'>;
  readonly profile: TypeProfile;
  /** The version of jemalloc. */
  readonly jemalloc: string;
}

/** Returns the fields of the Memory section that a standalone lab knows, in the order of servers. */
export function memoryLines({ snapshot, server, profile, jemalloc }: MemoryState): string {
  const { memory, defrag } = snapshot;
  const { settings, version } = server;
  const { usedMemory, resident, allocated, active } = memory;
  const hasHoles = version.defrag.measuresSlabs;
  const fragmentation = hasHoles ? holesOf(snapshot, settings) : paddingOf(snapshot);
  const ratio = (of: number, to: number) => (to === 0 ? 0 : of / to).toFixed(2);
  const backlog = profile.replicationBacklogBytes;
  return linesOf([
    ['used_memory', usedMemory],
    ['used_memory_human', human(usedMemory)],
    ['used_memory_rss', resident],
    ['used_memory_rss_human', human(resident)],
    ['used_memory_overhead', profile.usedMemory - profile.userDataBytes],
    ['used_memory_dataset', profile.userDataBytes],
    ['allocator_allocated', allocated],
    ['allocator_active', active],
    ['allocator_resident', resident],
    ...(hasHoles ? [['allocator_muzzy', memory.muzzy] as const] : []),
    // The lab has no scripts.
    ['used_memory_scripts_eval', 0],
    ['number_of_cached_scripts', 0],
    ['number_of_functions', 0],
    ['number_of_libraries', 0],
    ['maxmemory', settings.maxmemory],
    ['maxmemory_human', human(settings.maxmemory)],
    ['maxmemory_policy', settings.maxmemoryPolicy],
    ['allocator_frag_ratio', ratio(allocated + fragmentation, allocated)],
    ['allocator_frag_bytes', fragmentation],
    ['allocator_rss_ratio', ratio(resident, active)],
    ['allocator_rss_bytes', resident - active],
    // All of the simulated process is jemalloc's.
    ['rss_overhead_ratio', '1.00'],
    ['rss_overhead_bytes', 0],
    ['mem_fragmentation_ratio', ratio(resident, usedMemory)],
    ['mem_fragmentation_bytes', resident - usedMemory],
    ['mem_not_counted_for_evict', 0],
    ['mem_replication_backlog', backlog],
    ['mem_total_replication_buffers', backlog + profile.replicationBufferBytes],
    ['mem_clients_slaves', profile.clients.replicaBytes],
    ['mem_clients_normal', profile.clients.normalBytes],
    ['mem_cluster_links', 0],
    ['mem_aof_buffer', profile.aofBufferBytes],
    ['mem_allocator', `jemalloc-${jemalloc}`],
    ['active_defrag_running', defrag?.effort ?? 0],
    // A survey waits for the model's background thread.
    ['lazyfree_pending_objects', 0],
  ]);
}

/** Returns bytes as servers print them for people. */
function human(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`;
  const power = Math.min(4, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(2)}${'KMGT'[power - 1]}`;
}

/** Returns the bytes that older servers call fragmentation: free regions, and the padding of large allocations. */
function paddingOf({ memory }: Pick<Snapshot, 'memory'>): number {
  return memory.active - memory.allocated;
}

/**
 * Returns the bytes of free regions in slabs, which newer servers call fragmentation. On the system's jemalloc a server
 * writes 0, because it cannot ask that about its slabs.
 */
function holesOf({ bins }: Pick<Snapshot, 'bins'>, { defragRefusal }: Settings): number {
  if (defragRefusal !== undefined) return 0;
  return bins.reduce((sum, { size, regs, curslabs, curregs }) => sum + (regs * curslabs - curregs) * size, 0);
}

/** Returns the fields of the Stats section that a standalone lab knows. */
export function statsLines({ defrag }: Pick<Snapshot, 'defrag'>): string {
  return linesOf([
    ['active_defrag_hits', defrag?.hits ?? 0],
    ['active_defrag_misses', defrag?.misses ?? 0],
    ['active_defrag_key_hits', defrag?.keyHits ?? 0],
    ['active_defrag_key_misses', defrag?.keyMisses ?? 0],
    ['total_active_defrag_time', Math.round(defrag?.serverMs ?? 0)],
    ['current_active_defrag_time', Math.round(defrag?.currentMs ?? 0)],
  ]);
}

function linesOf(fields: readonly (readonly [string, number | string])[]): string {
  return fields.map(([name, value]) => `${name}:${value}\r\n`).join('');
}

/** Returns the text of INFO with `lines` at the end of a section, or unchanged if it has no such section. */
export function withLines(info: string, section: 'Memory' | 'Stats', lines: string): string {
  const start = info.startsWith(`# ${section}\r\n`) ? 0 : info.indexOf(`\n# ${section}\r\n`);
  if (start < 0) return info;
  const next = info.indexOf('\r\n\r\n', start);
  if (next < 0) return info + lines;
  return info.slice(0, next + 2) + lines + info.slice(next + 2);
}

/** Returns which of the lab's additions an INFO command requests. */
export function asksFor(sections: readonly string[]): {
  readonly memory: boolean;
  readonly stats: boolean;
  readonly rdbStats: boolean;
} {
  const names = sections.map((section) => section.toLowerCase());
  const isAll = names.some((name) => name === 'all' || name === 'everything');
  const has = (section: string) =>
    names.length === 0 || isAll || names.includes(section) || names.includes('default');
  return {
    memory: has('memory'),
    stats: has('stats'),
    rdbStats: isAll || names.includes('rdb_stats'),
  };
}
