/** Extracts the memory figures from the fields of INFO, for Redis 4 and later and Valkey. */
import { InputError } from '../base/index.js';

/** Figures of INFO, in bytes unless a name says otherwise. */
export interface ServerInfo {
  /** Null, like the version, without INFO's Server section. */
  readonly product: 'redis' | 'valkey' | null;
  readonly version: string | null;
  /** The value of `mem_allocator`, for example jemalloc-5.3.0 or libc. */
  readonly allocator: string;
  /** The server's own count, at the moment of INFO. */
  readonly used: number;
  readonly peak: number;
  readonly startup: number;
  readonly buffers: Buffers;
  /** Lua's own count of its heap, for EVAL and functions. */
  readonly lua: number;
  readonly sample: MemorySample;
  /** The setting maxclients. */
  readonly maxClients: number;
  readonly defragRunning: boolean;
  /** Keys of all databases; null without a Keyspace section. */
  readonly keys: number | null;
  /** Copy-on-write memory of a child process, which is not in the server's RSS. */
  readonly copiedForChild: number;
}

interface Buffers {
  readonly clients: number;
  readonly replicas: number;
  readonly backlog: number;
  readonly aof: number;
  readonly clusterLinks: number;
}

/** Figures that the server samples together, every 100 ms. */
interface MemorySample {
  readonly rss: number;
  readonly allocated: number;
  readonly active: number;
  readonly resident: number;
  /** Null for servers that do not report it (before Valkey 8 and Redis 7.4). */
  readonly muzzy: number | null;
  /** Holes in slabs; null for servers that also count the padding of large allocations as holes. */
  readonly holes: number | null;
}

/** The servers' default of maxclients, assumed without INFO's Clients section. */
const DEFAULT_MAX_CLIENTS = 10_000;

const REMEDY = 'give all that `redis-cli INFO memory` prints';

/** Reads the figures from INFO's fields. `from` is the name of the input in errors. */
export function parseServerInfo(fields: ReadonlyMap<string, string>, from: string): ServerInfo {
  if (!fields.has('used_memory')) throw noMemorySection(fields, from);
  const optional = (name: string): number | null => {
    const text = fields.get(name);
    if (text === undefined) return null;
    if (/^-?\d{1,16}$/.test(text)) return Number(text);
    throw new InputError(`${from}: INFO says \`${name}:${text}\`, which is no number of bytes; ${REMEDY}`);
  };
  const bytes = (name: string): number => {
    const value = optional(name);
    if (value !== null) return value;
    throw new InputError(
      `${from}: INFO has no \`${name}\`; Redis 4 and later and Valkey print it, so it breaks off or was cut: ${REMEDY}`,
    );
  };
  const orZero = (name: string) => optional(name) ?? 0;
  const rss = bytes('used_memory_rss');
  if (rss <= 0) {
    throw new InputError(
      `${from}: INFO says \`used_memory_rss:${rss}\`: the server cannot see its own RSS, so it cannot be split`,
    );
  }
  const muzzy = optional('allocator_muzzy');
  return {
    product: productOf(fields),
    version: fields.get('valkey_version') ?? fields.get('redis_version') ?? null,
    allocator: fields.get('mem_allocator') ?? missingAllocator(from),
    used: bytes('used_memory'),
    peak: orZero('used_memory_peak'),
    startup: orZero('used_memory_startup'),
    buffers: {
      clients: orZero('mem_clients_normal'),
      replicas: orZero('mem_clients_slaves'),
      backlog: orZero('mem_replication_backlog'),
      aof: orZero('mem_aof_buffer'),
      clusterLinks: orZero('mem_cluster_links'),
    },
    lua: optional('used_memory_vm_total') ?? orZero('used_memory_lua'),
    sample: {
      rss,
      allocated: bytes('allocator_allocated'),
      active: bytes('allocator_active'),
      resident: bytes('allocator_resident'),
      muzzy,
      // The versions that report muzzy pages are those that count holes without padding.
      holes: muzzy === null ? null : optional('allocator_frag_bytes'),
    },
    maxClients: optional('maxclients') ?? DEFAULT_MAX_CLIENTS,
    defragRunning: orZero('active_defrag_running') > 0,
    keys: keysOf(fields),
    copiedForChild: orZero('current_cow_size'),
  };
}

function productOf(fields: ReadonlyMap<string, string>): ServerInfo['product'] {
  if (fields.has('valkey_version')) return 'valkey';
  return fields.has('redis_version') ? 'redis' : null;
}

function noMemorySection(fields: ReadonlyMap<string, string>, from: string): InputError {
  const some = [...fields.keys()].slice(0, 3).map((name) => `\`${name}\``);
  return fields.has('redis_version') || fields.has('connected_clients') || fields.has('role')
    ? new InputError(`${from}: INFO without its Memory section (no \`used_memory\`); ${REMEDY}`)
    : new InputError(
        `${from}: no INFO in it: no line \`used_memory:…\`${some.length > 0 ? `, but ${some.join(', ')}` : ''}; ${REMEDY}`,
      );
}

function missingAllocator(from: string): never {
  throw new InputError(`${from}: INFO has no \`mem_allocator\`, so it breaks off or was cut: ${REMEDY}`);
}

/** Sums the keys of lines like `db0:keys=49738,expires=0,avg_ttl=0`. */
function keysOf(fields: ReadonlyMap<string, string>): number | null {
  const counts = [...fields].flatMap(([name, value]) => {
    const keys = /^db\d+$/.test(name) ? /^keys=(\d+),/.exec(value)?.[1] : undefined;
    return keys === undefined ? [] : [Number(keys)];
  });
  return counts.length === 0 ? null : counts.reduce((sum, keys) => sum + keys, 0);
}
