import { KIB } from '../../base/index.js';
import type { ServerVersion } from '../versions/index.js';

/** The values of maxmemory-policy. */
export type EvictionPolicy =
  | 'noeviction'
  | 'allkeys-lru'
  | 'allkeys-lrm'
  | 'allkeys-lfu'
  | 'allkeys-random'
  | 'volatile-lru'
  | 'volatile-lrm'
  | 'volatile-lfu'
  | 'volatile-random'
  | 'volatile-ttl';

/** CONFIG_REPL_BACKLOG_MIN_SIZE: a smaller value of repl-backlog-size becomes this one. */
const MIN_BACKLOG = 16 * KIB;

/** The settings that change memory, as CONFIG SET changes them; a version has the defaults. */
export class Settings {
  maxmemory: number;
  maxmemorySamples: number;
  hashMaxListpackEntries: number;
  hashMaxListpackValue: number;
  setMaxIntsetEntries: number;
  setMaxListpackEntries: number;
  setMaxListpackValue: number;
  zsetMaxListpackEntries: number;
  zsetMaxListpackValue: number;
  listMaxListpackSize: number;
  listCompressDepth: number;
  streamNodeMaxBytes: number;
  streamNodeMaxEntries: number;
  streamIdmpDuration: number;
  streamIdmpMaxsize: number;
  hllSparseMaxBytes: number;
  hz: number;
  activeExpireEffort: number;
  activeRehashing: boolean;
  activeDefrag: boolean;
  /** The server's answer to `activedefrag yes`; undefined if its allocator has what that needs. */
  defragRefusal: string | undefined;
  activeDefragCycleMin: number;
  activeDefragCycleMax: number;
  activeDefragThresholdLower: number;
  activeDefragThresholdUpper: number;
  activeDefragIgnoreBytes: number;
  activeDefragMaxScanFields: number;
  activeDefragCycleUs: number;
  lazyfreeLazyEviction: boolean;
  lazyfreeLazyExpire: boolean;
  lazyfreeLazyServerDel: boolean;
  lazyfreeLazyUserDel: boolean;
  lazyfreeLazyUserFlush: boolean;
  latencyTracking: boolean;
  protoMaxBulkLen: number;
  #replBacklogSize: number;
  #maxmemoryPolicy: EvictionPolicy = 'noeviction';
  #slotStats = false;

  /** Whether keys record when, or how often, they were used, or when they were modified. */
  tracksAccess = false;
  /** Whether reading a key counts as its use. */
  notesReads = false;
  /** Whether keys record when they were modified. */
  notesChanges = false;
  /** Whether there are policies that evict the keys that were modified least recently. */
  readonly evictsByChange: boolean;
  usesFrequency = false;

  /** Called when accounting by cluster slot is switched on or off. */
  onSlotStats: ((isOn: boolean) => void) | undefined;
  /** Called with the backlog's new size. */
  onReplBacklogSize: ((bytes: number) => void) | undefined;
  /** Called with the number of attached replicas, before the first client connects. */
  onReplicas: ((count: number) => void) | undefined;

  constructor({ settings, keys }: ServerVersion) {
    this.evictsByChange = keys.evictsByChange;
    this.maxmemory = settings.maxmemory;
    this.maxmemorySamples = settings.maxmemorySamples;
    this.hashMaxListpackEntries = settings.hashMaxListpackEntries;
    this.hashMaxListpackValue = settings.hashMaxListpackValue;
    this.setMaxIntsetEntries = settings.setMaxIntsetEntries;
    this.setMaxListpackEntries = settings.setMaxListpackEntries;
    this.setMaxListpackValue = settings.setMaxListpackValue;
    this.zsetMaxListpackEntries = settings.zsetMaxListpackEntries;
    this.zsetMaxListpackValue = settings.zsetMaxListpackValue;
    this.listMaxListpackSize = settings.listMaxListpackSize;
    this.listCompressDepth = settings.listCompressDepth;
    this.streamNodeMaxBytes = settings.streamNodeMaxBytes;
    this.streamNodeMaxEntries = settings.streamNodeMaxEntries;
    this.streamIdmpDuration = settings.streamIdmpDuration;
    this.streamIdmpMaxsize = settings.streamIdmpMaxsize;
    this.hllSparseMaxBytes = settings.hllSparseMaxBytes;
    this.hz = settings.hz;
    this.activeExpireEffort = settings.activeExpireEffort;
    this.activeRehashing = settings.activeRehashing;
    this.activeDefrag = settings.activeDefrag;
    this.activeDefragCycleMin = settings.activeDefragCycleMin;
    this.activeDefragCycleMax = settings.activeDefragCycleMax;
    this.activeDefragThresholdLower = settings.activeDefragThresholdLower;
    this.activeDefragThresholdUpper = settings.activeDefragThresholdUpper;
    this.activeDefragIgnoreBytes = settings.activeDefragIgnoreBytes;
    this.activeDefragMaxScanFields = settings.activeDefragMaxScanFields;
    this.activeDefragCycleUs = settings.activeDefragCycleUs;
    this.lazyfreeLazyEviction = settings.lazyfreeLazyEviction;
    this.lazyfreeLazyExpire = settings.lazyfreeLazyExpire;
    this.lazyfreeLazyServerDel = settings.lazyfreeLazyServerDel;
    this.lazyfreeLazyUserDel = settings.lazyfreeLazyUserDel;
    this.lazyfreeLazyUserFlush = settings.lazyfreeLazyUserFlush;
    this.latencyTracking = settings.latencyTracking;
    this.protoMaxBulkLen = settings.protoMaxBulkLen;
    this.#replBacklogSize = settings.replBacklogSize;
  }

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
    this.#replBacklogSize = Math.max(MIN_BACKLOG, bytes);
    this.onReplBacklogSize?.(this.#replBacklogSize);
  }

  get maxmemoryPolicy(): EvictionPolicy {
    return this.#maxmemoryPolicy;
  }

  set maxmemoryPolicy(policy: EvictionPolicy) {
    this.#maxmemoryPolicy = policy;
    this.usesFrequency = policy.endsWith('lfu');
    this.notesChanges = policy.endsWith('lrm');
    this.notesReads = this.usesFrequency || policy.endsWith('lru');
    this.tracksAccess = this.notesReads || this.notesChanges;
  }

  /** Whether small integers are shared objects. A shared object cannot record an access time for each key. */
  get sharesIntegers(): boolean {
    return this.maxmemory === 0 || !this.tracksAccess;
  }
}
