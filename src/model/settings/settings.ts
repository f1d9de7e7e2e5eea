import type { ServerVersion } from '../versions/index.js';
/** Which keys go when memory is full. */
export type EvictionPolicy =
  | 'noeviction'
  | 'allkeys-lru'
  | 'allkeys-lfu'
  | 'allkeys-random'
  | 'volatile-lru'
  | 'volatile-lfu'
  | 'volatile-random'
  | 'volatile-ttl';

/** CONFIG_REPL_BACKLOG_MIN_SIZE: a smaller one is made this large. */
const LEAST_BACKLOG = 16 * 1024;

/** The configuration that changes memory, as CONFIG SET can change it; defaults are the server's. */
export class Settings {
  maxmemory = 0;
  #maxmemoryPolicy: EvictionPolicy = 'noeviction';
  maxmemorySamples = 5;
  hashMaxListpackEntries = 512;
  hashMaxListpackValue = 64;
  setMaxIntsetEntries = 512;
  /** redis-7.2 on. */
  setMaxListpackEntries = 128;
  setMaxListpackValue = 64;
  zsetMaxListpackEntries = 128;
  zsetMaxListpackValue = 64;
  listMaxListpackSize = -2;
  listCompressDepth = 0;
  streamNodeMaxBytes = 4096;
  streamNodeMaxEntries = 100;
  hllSparseMaxBytes = 3000;
  hz = 10;
  activeExpireEffort = 1;
  activeRehashing = true;
  lazyfreeLazyEviction: boolean;
  lazyfreeLazyExpire: boolean;
  lazyfreeLazyServerDel: boolean;
  lazyfreeLazyUserDel: boolean;
  lazyfreeLazyUserFlush: boolean;
  latencyTracking = true;
  /** Told when slots are to be accounted for, or no more. */
  onSlotStats: ((isOn: boolean) => void) | undefined;
  #slotStats = false;
  protoMaxBulkLen = 512 * 1024 * 1024;

  /** Told of the backlog's new size. */
  onReplBacklogSize: ((bytes: number) => void) | undefined;
  #replBacklogSize: number;
  /** Told how many replicas are attached, before the first client. */
  onReplicas: ((count: number) => void) | undefined;

  constructor({ lazyfreeByDefault, replicationBacklog }: ServerVersion) {
    this.#replBacklogSize = replicationBacklog;
    this.lazyfreeLazyEviction = lazyfreeByDefault;
    this.lazyfreeLazyExpire = lazyfreeByDefault;
    this.lazyfreeLazyServerDel = lazyfreeByDefault;
    this.lazyfreeLazyUserDel = lazyfreeByDefault;
    this.lazyfreeLazyUserFlush = lazyfreeByDefault;
  }

  /** Whether keys need to remember when, or how often, they were used. */
  tracksAccess = false;
  usesFrequency = false;

  /** Whether memory is accounted for by cluster slot. */
  get clusterSlotStats(): boolean {
    return this.#slotStats;
  }

  set clusterSlotStats(isOn: boolean) {
    if (isOn === this.#slotStats) return;
    this.#slotStats = isOn;
    this.onSlotStats?.(isOn);
  }

  get replBacklogSize(): number {
    return this.#replBacklogSize;
  }

  set replBacklogSize(bytes: number) {
    this.#replBacklogSize = Math.max(LEAST_BACKLOG, bytes);
    this.onReplBacklogSize?.(this.#replBacklogSize);
  }

  get maxmemoryPolicy(): EvictionPolicy {
    return this.#maxmemoryPolicy;
  }

  set maxmemoryPolicy(policy: EvictionPolicy) {
    this.#maxmemoryPolicy = policy;
    this.usesFrequency = policy.endsWith('lfu');
    this.tracksAccess = this.usesFrequency || policy.endsWith('lru');
  }

  /** Shared integers have no room for an access time of their own. */
  get sharesIntegers(): boolean {
    return this.maxmemory === 0 || !this.tracksAccess;
  }
}
