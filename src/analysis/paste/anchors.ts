/** Patterns of the lines of INFO and of the allocator's statistics. A line that matches begins there, after any prefix. */

const SECTIONS =
  'Server|Clients|Memory|Persistence|Threads|Stats|Replication|CPU|Modules|Commandstats|Errorstats|Latencystats|Cluster|Keyspace|Keysizes';

/** The names of INFO's fields, as a pattern. */
export const INFO_NAMES =
  '(?:used_memory|allocator|mem|rss_overhead|redis|valkey|server|maxmemory|total_system_memory|maxclients|connected|cluster|lazyfree|lazyfreed|active_defrag|number_of|rdb|aof|uptime_in|instantaneous|total|tracking|client|blocked|evicted|expired|keyspace|repl|master|gcc|arch|os|process|run|tcp|hz|executable|config_file|io_threads|clients_in|current|loading|used_cpu|multiplexing|monotonic|atomicvar|configured|lru|role|second_repl|migrate|slave|latest_fork|pubsub|unexpected|acl|eventloop|reply_buffer|dump_payload|db\\d+)\\w*';

/** A line of INFO: its name and colon, or the head of a section. A module's name of Rust, as of `service::mem:`, is none. */
const INFO_LINE = new RegExp(
  `(?<![\\w./-]|::)(?:["'*_\`]*${INFO_NAMES}["'*_\`]*\\s*:|# (?:${SECTIONS})\\s*$)`,
);

const STATS_LINE =
  /(?<![\w./-])(?:_{2,} *Begin +jemalloc|--- *End +jemalloc|---\s*$|(?:Version|Arenas|CPUs|Quantum size|Page size|Chunk size|Allocated|Merged arenas stats|Destroyed arenas stats|Background threads|Pointer size|uptime|assigned threads|dss allocation precedence|decaying|dirty|muzzy|dirty pages|small|large|huge|total|active|mapped|retained|base|internal|metadata_edata|metadata_rtree|metadata_thp|tcache_bytes|tcache_stashed_bytes|resident|abandoned_vm|extent_avail|bins|extents|arenas\[\d+\]):|(?:Build|Run)-time option settings|Maximum thread-cached|Number of |Count of realloc|(?:config|opt)\.\w+:|allocated\s+nmalloc|n_lock_ops|size\s+ind\s)/;

/** A line of MEMORY STATS: an element of redis-cli's list, or a name. */
const MEMORY_LINE =
  /(?<![\w.])(?:(?:\d+[)#] +)+(?:"|\(integer\)|\(double\))|"?(?:peak|total|startup|allocator|replication|clients|cluster|aof|lua|functions|keys|dataset|overhead)\.[a-z.-]+"?\s*$)/;

/** Returns the index of the first character that belongs to a known line; -1 if the line is not known. */
export function anchorOf(line: string): number {
  const found = [INFO_LINE, STATS_LINE, MEMORY_LINE].map((pattern) => line.search(pattern));
  const known = found.filter((at) => at >= 0);
  return known.length === 0 ? -1 : Math.min(...known);
}

/** Whether a line can only be one of INFO. */
export function isInfoOnly(line: string): boolean {
  return /^\s*(?:# (?:Server|Clients|Memory)\s*$|["']?(?:(?:redis|valkey)_version|used_memory\w*|allocator_\w+)["']?\s*[:=])/.test(
    line,
  );
}

/** Whether a line can only be one of the allocator's statistics. */
export function isStatsOnly(line: string): boolean {
  return /^\s*(?:Allocated: ?\d+,? *active:|(?:bins|large|huge|extents): +size +ind |size +ind +allocated|Merged arenas stats:|arenas\[\d+\]:|(?:config|opt)\.\w+:|(?:Build|Run)-time option settings)/.test(
    line,
  );
}
