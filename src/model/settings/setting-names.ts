import { GIB, KIB, MIB } from '../../base/index.js';
import type { EvictionPolicy, Settings } from './settings.js';

type Setter = (settings: Settings, text: string) => boolean;

/** Settings whose value is a whole number; some have an older name. */
const NUMBERS = {
  'hash-max-listpack-entries': 'hashMaxListpackEntries',
  'hash-max-ziplist-entries': 'hashMaxListpackEntries',
  'hash-max-listpack-value': 'hashMaxListpackValue',
  'hash-max-ziplist-value': 'hashMaxListpackValue',
  'set-max-intset-entries': 'setMaxIntsetEntries',
  'set-max-listpack-entries': 'setMaxListpackEntries',
  'set-max-listpack-value': 'setMaxListpackValue',
  'zset-max-listpack-entries': 'zsetMaxListpackEntries',
  'zset-max-ziplist-entries': 'zsetMaxListpackEntries',
  'zset-max-listpack-value': 'zsetMaxListpackValue',
  'zset-max-ziplist-value': 'zsetMaxListpackValue',
  'list-max-listpack-size': 'listMaxListpackSize',
  'list-max-ziplist-size': 'listMaxListpackSize',
  'list-compress-depth': 'listCompressDepth',
  'stream-node-max-bytes': 'streamNodeMaxBytes',
  'stream-node-max-entries': 'streamNodeMaxEntries',
  'hll-sparse-max-bytes': 'hllSparseMaxBytes',
  'maxmemory-samples': 'maxmemorySamples',
  'active-expire-effort': 'activeExpireEffort',
  hz: 'hz',
  maxmemory: 'maxmemory',
  'proto-max-bulk-len': 'protoMaxBulkLen',
  'repl-backlog-size': 'replBacklogSize',
} as const;

const SWITCHES = {
  activerehashing: 'activeRehashing',
  'cluster-slot-stats-enabled': 'clusterSlotStats',
  'latency-tracking': 'latencyTracking',
  'lazyfree-lazy-eviction': 'lazyfreeLazyEviction',
  'lazyfree-lazy-expire': 'lazyfreeLazyExpire',
  'lazyfree-lazy-server-del': 'lazyfreeLazyServerDel',
  'lazyfree-lazy-user-del': 'lazyfreeLazyUserDel',
  'lazyfree-lazy-user-flush': 'lazyfreeLazyUserFlush',
} as const;

const POLICIES: readonly EvictionPolicy[] = [
  'noeviction',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
];

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1000,
  kb: KIB,
  m: 1000 ** 2,
  mb: MIB,
  g: 1000 ** 3,
  gb: GIB,
};

/** "100mb" as bytes; undefined if it is no amount. */
function parseBytes(text: string): number | undefined {
  const found = /^(-?\d+)([a-z]*)$/i.exec(text);
  const unit = UNITS[(found?.[2] ?? 'none').toLowerCase()];
  return found === null || unit === undefined ? undefined : Number(found[1]) * unit;
}

/** Where it is not anything from 0 on. Lists are not compressed: what LZF makes of a node depends on its bytes. */
const RANGES: Partial<
  Record<(typeof NUMBERS)[keyof typeof NUMBERS], readonly [least: number, most: number]>
> = {
  listMaxListpackSize: [-5, 2 ** 31 - 1],
  listCompressDepth: [0, 0],
  maxmemorySamples: [1, 64],
  activeExpireEffort: [1, 10],
  protoMaxBulkLen: [MIB, Number.MAX_SAFE_INTEGER],
  replBacklogSize: [1, Number.MAX_SAFE_INTEGER],
};

/** What CONFIG SET may change without a change to the memory that is modelled; a star stands for the rest of a name. */
const WITHOUT_MEMORY = (
  'save dir dbfilename loglevel timeout tcp-keepalive requirepass masterauth masteruser protected-mode ' +
  'bind appendfsync appendfilename no-appendfsync-on-rewrite auto-aof-* aof-* rdb* stop-writes-on- ' +
  'bgsave-error slowlog-log-slower-than latency-monitor-threshold latency-tracking-info-percentiles ' +
  'notify-keyspace-events lua-time-limit busy-reply-threshold client-output-buffer-limit client-query- ' +
  'buffer-limit slave-* replica-* min-slaves-* min-replicas-* repl-timeout repl-disable-tcp-nodelay ' +
  'repl-ping-* repl-diskless-* oom-score-adj* maxmemory-eviction-tenacity lfu-* cluster-* shutdown-* ' +
  'crash-* watchdog-period dynamic-hz jemalloc-bg-thread hide-user-data-from-log'
).split(' ');

export function isWithoutMemory(name: string): boolean {
  return WITHOUT_MEMORY.some((known) =>
    known.endsWith('*') ? name.startsWith(known.slice(0, -1)) : name === known,
  );
}

const SETTERS = new Map<string, Setter>();
for (const [name, key] of Object.entries(NUMBERS)) {
  SETTERS.set(name, (settings, text) => {
    const value = parseBytes(text);
    const [least, most] = RANGES[key] ?? [0, Number.MAX_SAFE_INTEGER];
    if (value === undefined || value < least || value > most) return false;
    settings[key] = key === 'hz' ? Math.min(500, Math.max(1, value)) : value;
    return true;
  });
}
for (const [name, key] of Object.entries(SWITCHES)) {
  SETTERS.set(name, (settings, text) => {
    settings[key] = text.toLowerCase() === 'yes';
    return /^(yes|no)$/i.test(text);
  });
}
SETTERS.set('maxmemory-policy', (settings, text) => {
  const policy = POLICIES.find((known) => known === text.toLowerCase());
  if (policy !== undefined) settings.maxmemoryPolicy = policy;
  return policy !== undefined;
});

/** Settings that the model knows, as CONFIG SET names them. */
export const SETTING_NAMES: ReadonlySet<string> = new Set(SETTERS.keys());

/** No setting of a server, but of what is around it from the start: how many replicas are attached. */
export const REPLICAS = 'replicas';
const MOST_REPLICAS = 64;
SETTERS.set(REPLICAS, (settings, text) => {
  const count = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count <= MOST_REPLICAS)) return false;
  settings.onReplicas?.(count);
  return true;
});

/** Of settings that take one of a few words. */
export const SETTING_CHOICES: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...Object.keys(SWITCHES).map((name): [string, string[]] => [name, ['yes', 'no']]),
  ['maxmemory-policy', POLICIES],
]);

/** False if the text is no value for it. */
export function setSetting(settings: Settings, name: string, text: string): boolean {
  return SETTERS.get(name)?.(settings, text) ?? false;
}

/** What a setting is, as CONFIG GET says it; undefined if the model knows none of that name. */
export function settingText(settings: Settings, name: string): string | undefined {
  if (name === 'maxmemory-policy') return settings.maxmemoryPolicy;
  if (name in NUMBERS) return `${settings[NUMBERS[name as keyof typeof NUMBERS]]}`;
  if (name in SWITCHES) return settings[SWITCHES[name as keyof typeof SWITCHES]] ? 'yes' : 'no';
  return undefined;
}
