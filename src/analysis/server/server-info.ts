/** Extracts the memory figures from the fields of INFO, for every version of Redis, Valkey and what answers like them. */
import { type Fault, InfoFigures } from './info-figures.js';
import { type MemorySample, sampleOf } from './memory-sample.js';
import { type Product, productOf, RELEASES, releaseOf } from './products.js';

/** Figures of INFO, in bytes unless a name says otherwise. Null means that the text does not have the figure. */
export interface ServerInfo {
  /** Null without INFO's Server section. */
  readonly product: Product | null;
  /** The value of `mem_allocator`, for example jemalloc-5.3.0 or libc. */
  readonly allocator: string | null;
  /** The server's own count, at the moment of INFO. */
  readonly used: number | null;
  readonly peak: number | null;
  readonly startup: number;
  readonly buffers: Buffers;
  /** Lua's own count of its heap, for EVAL and functions. */
  readonly lua: number | null;
  readonly sample: MemorySample;
  /** The setting maxclients. */
  readonly maxClients: number;
  readonly defragRunning: boolean;
  /** Keys of all databases; null without a Keyspace section. */
  readonly keys: number | null;
  /** Copy-on-write memory of a child process, which is not in the server's RSS. */
  readonly copiedForChild: number;
  readonly is32Bit: boolean;
  readonly faults: readonly Fault[];
}

interface Buffers {
  readonly clients: number | null;
  readonly replicas: number | null;
  readonly backlog: number | null;
  readonly aof: number | null;
  readonly clusterLinks: number | null;
}

/** The servers' default of maxclients, assumed without INFO's Clients section. */
const DEFAULT_MAX_CLIENTS = 10_000;

/** Whether fields are those of a server's memory. */
export function hasMemory(fields: ReadonlyMap<string, string>): boolean {
  return [
    'used_memory',
    'used_memory_rss',
    'used_memory_human',
    'used_memory_rss_human',
    'allocator_active',
  ].some((name) => fields.has(name));
}

/** Reads the figures from INFO's fields. `endsIn` is the field that the text ends with. */
export function parseServerInfo(fields: ReadonlyMap<string, string>, endsIn: string | null): ServerInfo {
  const figures = new InfoFigures(fields);
  figures.checkHuman();
  const product = productOf(fields);
  for (const field of RELEASES) {
    const value = fields.get(field);
    if (value !== undefined && releaseOf(value) === null)
      figures.note({ kind: 'unreadable', field, value: value.slice(0, 40) });
  }
  const used = figures.needed('used_memory');
  const sample = sampleOf(figures, used, endsIn);
  const peak = figures.optional('used_memory_peak');
  // Servers that sample their allocator also count their clients' buffers and Lua.
  const isFull = sample.allocated !== null && !fields.has('keys_count');
  const figure = (name: string) => (isFull ? figures.needed(name) : figures.optional(name));
  return {
    product,
    allocator: allocatorOf(fields, figures) ?? product?.otherAllocator ?? null,
    used,
    peak,
    startup: figures.optional('used_memory_startup') ?? 0,
    buffers: {
      clients: figure('mem_clients_normal'),
      replicas: figure('mem_clients_slaves'),
      backlog: figures.optional('mem_replication_backlog'),
      aof: figures.optional('mem_aof_buffer'),
      clusterLinks: figures.optional('mem_cluster_links'),
    },
    lua: figures.optional('used_memory_vm_total') ?? figure('used_memory_lua'),
    sample,
    maxClients: figures.optional('maxclients') ?? DEFAULT_MAX_CLIENTS,
    defragRunning: (figures.optional('active_defrag_running') ?? 0) > 0,
    keys: keysOf(fields),
    copiedForChild: figures.optional('current_cow_size') ?? 0,
    is32Bit: fields.get('arch_bits') === '32',
    faults: figures.faults,
  };
}

/** Returns the value of `mem_allocator`, if it is the name of an allocator. */
function allocatorOf(fields: ReadonlyMap<string, string>, figures: InfoFigures): string | null {
  const value = fields.get('mem_allocator');
  if (value === undefined) return null;
  const name = /^(?:libc|(?:jemalloc|tcmalloc|mimalloc)(?:-\w+(?:[.-]\w+)*)?)$/.exec(value)?.[0];
  if (name === undefined)
    figures.note({ kind: 'unreadable', field: 'mem_allocator', value: value.slice(0, 40) });
  return name ?? null;
}

/** Sums the keys of lines like `db0:keys=49738,expires=0,avg_ttl=0`. */
function keysOf(fields: ReadonlyMap<string, string>): number | null {
  const counted = fields.get('keys_count');
  const counts = [...fields].flatMap(([name, value]) => {
    const keys = /^db\d+$/.test(name) ? /\bkeys["']?\s*[=:]\s*(\d+)/.exec(value)?.[1] : undefined;
    return keys === undefined ? [] : [Number(keys)];
  });
  if (counts.length === 0) return counted === undefined ? null : Number(counted);
  return counts.reduce((sum, keys) => sum + keys, 0);
}
