/** Default values of the settings that change memory; redis.conf describes each of them. */
export interface SettingDefaults {
  readonly maxmemory: number;
  readonly maxmemorySamples: number;
  readonly hashMaxListpackEntries: number;
  readonly hashMaxListpackValue: number;
  readonly setMaxIntsetEntries: number;
  /** Ignored by versions without listpack sets. */
  readonly setMaxListpackEntries: number;
  readonly setMaxListpackValue: number;
  readonly zsetMaxListpackEntries: number;
  readonly zsetMaxListpackValue: number;
  readonly listMaxListpackSize: number;
  readonly listCompressDepth: number;
  readonly streamNodeMaxBytes: number;
  readonly streamNodeMaxEntries: number;
  /** Seconds for which a stream remembers requests, and the most of a producer; ignored by versions without them. */
  readonly streamIdmpDuration: number;
  readonly streamIdmpMaxsize: number;
  readonly hllSparseMaxBytes: number;
  readonly hz: number;
  readonly activeExpireEffort: number;
  readonly activeRehashing: boolean;
  readonly activeDefrag: boolean;
  readonly activeDefragCycleMin: number;
  readonly activeDefragCycleMax: number;
  readonly activeDefragThresholdLower: number;
  readonly activeDefragThresholdUpper: number;
  readonly activeDefragIgnoreBytes: number;
  readonly activeDefragMaxScanFields: number;
  /** Microseconds of a slice of the defragger's timer; ignored by versions without that setting. */
  readonly activeDefragCycleUs: number;
  readonly lazyfreeLazyEviction: boolean;
  readonly lazyfreeLazyExpire: boolean;
  readonly lazyfreeLazyServerDel: boolean;
  readonly lazyfreeLazyUserDel: boolean;
  readonly lazyfreeLazyUserFlush: boolean;
  readonly latencyTracking: boolean;
  readonly protoMaxBulkLen: number;
  readonly replBacklogSize: number;
}
