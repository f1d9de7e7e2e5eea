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
  'stream-idmp-duration': 'streamIdmpDuration',
  'stream-idmp-maxsize': 'streamIdmpMaxsize',
  'hll-sparse-max-bytes': 'hllSparseMaxBytes',
  'maxmemory-samples': 'maxmemorySamples',
  'active-defrag-cycle-max': 'activeDefragCycleMax',
  'active-defrag-cycle-min': 'activeDefragCycleMin',
  'active-defrag-cycle-us': 'activeDefragCycleUs',
  'active-defrag-ignore-bytes': 'activeDefragIgnoreBytes',
  'active-defrag-max-scan-fields': 'activeDefragMaxScanFields',
  'active-defrag-threshold-lower': 'activeDefragThresholdLower',
  'active-defrag-threshold-upper': 'activeDefragThresholdUpper',
  'active-expire-effort': 'activeExpireEffort',
  hz: 'hz',
  maxmemory: 'maxmemory',
  'proto-max-bulk-len': 'protoMaxBulkLen',
  'repl-backlog-size': 'replBacklogSize',
} as const;

const SWITCHES = {
  activedefrag: 'activeDefrag',
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

/** The policies of versions that record when keys were modified. */
const CHANGE_POLICIES: readonly EvictionPolicy[] = ['allkeys-lrm', 'volatile-lrm'];

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

/** Returns the bytes of a text such as "100mb"; undefined if it is no amount. */
function parseBytes(text: string): number | undefined {
  const found = /^(-?\d+)([a-z]*)$/i.exec(text);
  const unit = UNITS[(found?.[2] ?? 'none').toLowerCase()];
  return found === null || unit === undefined ? undefined : Number(found[1]) * unit;
}

/** The ranges of numbers that cannot have every value from 0 on. LZF is not modelled, so lists are not compressed. */
const RANGES: Partial<Record<(typeof NUMBERS)[keyof typeof NUMBERS], readonly [min: number, max: number]>> = {
  listMaxListpackSize: [-5, 2 ** 31 - 1],
  listCompressDepth: [0, 0],
  maxmemorySamples: [1, 64],
  activeExpireEffort: [1, 10],
  activeDefragCycleMin: [1, 99],
  activeDefragCycleMax: [1, 99],
  activeDefragCycleUs: [0, 100_000],
  activeDefragIgnoreBytes: [1, Number.MAX_SAFE_INTEGER],
  activeDefragMaxScanFields: [1, Number.MAX_SAFE_INTEGER],
  activeDefragThresholdLower: [0, 1000],
  activeDefragThresholdUpper: [0, 1000],
  protoMaxBulkLen: [MIB, Number.MAX_SAFE_INTEGER],
  replBacklogSize: [1, Number.MAX_SAFE_INTEGER],
};

/** Settings without an effect on the memory that is modelled; a star matches the rest of a name. */
const WITHOUT_MEMORY = (
  'save dir dbfilename loglevel timeout tcp-keepalive requirepass masterauth masteruser protected-mode ' +
  'bind appendfsync appendfilename no-appendfsync-on-rewrite auto-aof-* aof-* rdb* ' +
  'stop-writes-on-bgsave-error slowlog-log-slower-than latency-monitor-threshold latency-tracking-info-percentiles ' +
  'notify-keyspace-events lua-time-limit busy-reply-threshold client-output-buffer-limit ' +
  'client-query-buffer-limit slave-* replica-* min-slaves-* min-replicas-* repl-timeout repl-disable-tcp-nodelay ' +
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
    const [min, max] = RANGES[key] ?? [0, Number.MAX_SAFE_INTEGER];
    if (value === undefined || value < min || value > max) return false;
    settings[key] = key === 'hz' ? Math.min(500, Math.max(1, value)) : value;
    return true;
  });
}
for (const [name, key] of Object.entries(SWITCHES)) {
  SETTERS.set(name, (settings, text) => {
    if (refusalOf(settings, name, text) !== undefined) return false;
    settings[key] = text.toLowerCase() === 'yes';
    return /^(yes|no)$/i.test(text);
  });
}
SETTERS.set('maxmemory-policy', (settings, text) => {
  const known = settings.evictsByChange ? [...POLICIES, ...CHANGE_POLICIES] : POLICIES;
  const policy = known.find((name) => name === text.toLowerCase());
  if (policy !== undefined) settings.maxmemoryPolicy = policy;
  return policy !== undefined;
});

/** The names of the settings that CONFIG SET takes here. */
export const SETTING_NAMES: ReadonlySet<string> = new Set(SETTERS.keys());

/** The number of replicas that are attached from the start. It is no setting of a server. */
export const REPLICAS = 'replicas';
const MAX_REPLICAS = 64;
SETTERS.set(REPLICAS, (settings, text) => {
  const count = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count <= MAX_REPLICAS)) return false;
  settings.onReplicas?.(count);
  return true;
});

/** The words of settings that take one of a few, in any version. */
export const SETTING_CHOICES: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...Object.keys(SWITCHES).map((name): [string, string[]] => [name, ['yes', 'no']]),
  ['maxmemory-policy', [...POLICIES, ...CHANGE_POLICIES]],
]);

/** Sets a setting as CONFIG SET does. Returns false if the setting does not take the text. */
export function setSetting(settings: Settings, name: string, text: string): boolean {
  return SETTERS.get(name)?.(settings, text) ?? false;
}

/** Returns what a server answers if its build does not have what the value of a setting needs; undefined otherwise. */
export function refusalOf(settings: Settings, name: string, text: string): string | undefined {
  return name === 'activedefrag' && text.toLowerCase() === 'yes' ? settings.defragRefusal : undefined;
}

/** Returns the text of a setting as CONFIG GET replies it; undefined for an unknown name. */
export function settingText(settings: Settings, name: string): string | undefined {
  if (name === 'maxmemory-policy') return settings.maxmemoryPolicy;
  if (name in NUMBERS) return `${settings[NUMBERS[name as keyof typeof NUMBERS]]}`;
  if (name in SWITCHES) return settings[SWITCHES[name as keyof typeof SWITCHES]] ? 'yes' : 'no';
  return undefined;
}
