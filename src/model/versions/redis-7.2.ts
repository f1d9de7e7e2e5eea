import { KIB } from '../../base/index.js';
import { redis70 } from './redis-7.0.js';
import type { ServerVersion } from './server-version.js';

/**
 * Redis 7.2, as read in 7.2.6: server.h, dict.c, adlist.h, connection.h, hdr_histogram.c, t_hash.c, t_list.c, t_set.c,
 * t_zset.c, quicklist.c, util.c.
 */
export const redis72: ServerVersion = {
  ...redis70,
  name: 'redis-7.2',
  release: '7.2.6',
  redisRelease: '7.2.6',
  defaultBuild: 'q3',
  rdbVersion: 11,
  sizes: {
    ...redis70.sizes,
    setEntry: 16,
    listTypeIterator: 32,
    setTypeIterator: 32,
    streamConsumer: 32,
    client: 776,
    watchedKey: 56,
    lazyFreeJob: 32,
  },
  strings: {
    ...redis70.strings,
    trimsFrom: 32 * KIB,
    trimsLoaded: false,
    growsHyperLogLogAhead: true,
  },
  keys: {
    ...redis70.keys,
    name: 'after',
    clusterDictMetadata: 8,
    clusterUsage: 8,
    clusterDatabases: 1,
    looksUpExpiryWhileLoading: false,
    looksUpKeyToPersist: false,
    deletesExpiryBeforeLazyFree: false,
  },
  containers: {
    ...redis70.containers,
    presizesHash: true,
    newFieldOrder: 'value, entry, field',
    listpackLists: true,
    listpackSets: true,
    bareSetEntries: true,
    presizesSortedSet: true,
    shortestScores: true,
    mergeSaves: 7,
    splitsOnReplace: true,
    makesIdleConsumers: true,
    recordsActivity: true,
  },
  clients: {
    ...redis70.clients,
    pendingWriteNode: false,
    watchedKeyHasNode: true,
    patternsInDict: true,
  },
  commands: {
    ...redis70.commands,
    resetsExpiry: false,
    propagatesExpiryAsPxat: false,
    getdelFreesLazily: false,
    filtersScanFirst: true,
    looksUpInMsetnx: false,
    rangesByIterator: false,
    embedsGeoScores: true,
    infoFormatShare: 1.2,
    keepsPropagatedArray: true,
  },
  defrag: {
    ...redis70.defrag,
    expiresEntries: 'by a scan',
    iteratesContainers: false,
    bigEntriesFirst: 'sorted sets',
  },
  startUp: {
    ...redis70.startUp,
    live: [
      1, 5, 3, 2, 4, 48, 5, 31, 6, 177, 7, 136, 8, 174, 9, 121, 10, 77, 11, 50, 12, 53, 13, 46, 14, 23, 15,
      13, 16, 10898, 17, 15, 18, 18, 19, 12, 20, 13, 21, 16, 22, 13, 23, 13, 24, 1495, 25, 13, 26, 21, 27, 21,
      28, 6, 29, 6, 30, 2, 31, 8, 32, 51, 33, 6, 34, 3, 35, 1, 36, 2, 37, 3, 38, 2, 39, 3, 40, 14, 41, 1, 46,
      5, 47, 1, 48, 56, 50, 13, 51, 1, 52, 3, 53, 1, 54, 1, 56, 92, 60, 1, 62, 2, 64, 19, 66, 1, 72, 2, 80, 2,
      87, 1, 93, 1, 95, 1, 96, 5, 112, 1, 128, 205, 136, 1, 152, 1, 168, 1, 208, 1, 256, 2, 259, 16, 349, 1,
      512, 1, 776, 2, 1408, 1, 2048, 4, 4096, 1, 16384, 2, 81024, 1, 121536, 1, 324096, 1,
    ],
    transient: [
      2, 1, 4, 1, 7, 1, 8, 1, 10, 1, 13, 1, 14, 1, 15, 1, 19, 1, 22, 1, 24, 1, 40, 1, 50, 1, 72, 1, 88, 2, 96,
      1, 104, 1, 112, 1, 128, 1, 136, 1, 144, 1, 148, 1, 160, 1, 176, 1, 184, 1, 200, 1, 208, 1, 256, 2, 283,
      1, 512, 1, 1024, 2, 16384, 1,
    ],
    cluster: [32, 3, 40, 3, 48, -8, 56, -45, 88, 1, 1408, -1, 2560, 1, 262144, 1, 458752, 1],
  },
};
