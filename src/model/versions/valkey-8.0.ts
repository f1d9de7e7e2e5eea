import { MIB } from '../../base/index.js';
import { valkeySds } from '../heap/index.js';
import { redis72 } from './redis-7.2.js';
import type { ServerVersion } from './server-version.js';

/** Valkey 8.0, as read in 8.0.1. */
export const valkey80: ServerVersion = {
  ...redis72,
  name: 'valkey-8.0',
  product: 'valkey',
  release: '8.0.1',
  redisRelease: '7.2.4',
  sizes: {
    ...redis72.sizes,
    client: 896,
    luaScript: 24,
  },
  strings: { ...redis72.strings, sds: valkeySds },
  dicts: {
    ...redis72.dicts,
    growWithChildFrom: 4,
    moveWithChildFrom: 4,
    shrinkWithChildFrom: 32,
    shrinksOnDelete: true,
    movesWantedBucket: true,
    replacesEmptyArray: true,
  },
  keys: {
    ...redis72.keys,
    name: 'embedded',
    clusterEntry: 0,
    clusterDictMetadata: 0,
    clusterUsage: 0,
    dictPerSlot: true,
    isKvstore: true,
    keysDictMetadata: 16,
    expiresDictMetadata: 16,
  },
  containers: {
    ...redis72.containers,
    measuresSetEntries: true,
    plainNodeBytes: 0,
  },
  clients: { ...redis72.clients, sharesQueryBuffer: true },
  commands: {
    ...redis72.commands,
    scan: 'without values or scores',
    setDeletesExpired: true,
    propagatesLastId: true,
    unitesInResult: true,
    countsIntoSet: false,
  },
  settings: {
    ...redis72.settings,
    lazyfreeLazyEviction: true,
    lazyfreeLazyExpire: true,
    lazyfreeLazyServerDel: true,
    lazyfreeLazyUserDel: true,
    lazyfreeLazyUserFlush: true,
    replBacklogSize: 10 * MIB,
  },
  defrag: {
    ...redis72.defrag,
    refusal:
      'Active defragmentation cannot be enabled: it requires a server compiled with a modified Jemalloc ' +
      'like the one shipped by default with the source distribution',
    measuresSlabs: true,
    setsEffortAnew: true,
    keyTables: 'with those of expires',
  },
  startUp: {
    ...redis72.startUp,
    live: [
      1, 6, 3, 2, 4, 52, 5, 36, 6, 180, 7, 141, 8, 209, 9, 123, 10, 80, 11, 51, 12, 56, 13, 49, 14, 23, 15,
      14, 16, 10907, 17, 16, 18, 18, 19, 13, 20, 13, 21, 18, 22, 14, 23, 14, 24, 1886, 25, 15, 26, 21, 27, 21,
      28, 7, 29, 6, 30, 5, 31, 9, 32, 43, 33, 7, 34, 3, 35, 1, 36, 3, 37, 4, 38, 2, 39, 3, 40, 14, 41, 1, 46,
      5, 48, 92, 49, 1, 50, 12, 52, 3, 54, 1, 56, 90, 60, 1, 62, 2, 64, 16, 66, 1, 72, 3, 80, 1, 87, 1, 96, 5,
      104, 34, 112, 1, 128, 226, 136, 1, 152, 1, 168, 1, 180, 1, 188, 1, 208, 1, 256, 2, 261, 16, 350, 1, 358,
      1, 512, 1, 896, 2, 1040, 1, 1280, 1, 1354, 1, 2048, 3, 4096, 1, 8192, 1, 16384, 2, 81024, 1, 121536, 1,
      324096, 1,
    ],
    transient: [
      2, 1, 4, 1, 7, 1, 8, 1, 10, 1, 13, 1, 14, 1, 15, 1, 19, 1, 22, 1, 24, 1, 40, 1, 52, 1, 72, 1, 80, 1, 88,
      2, 100, 1, 112, 1, 136, 1, 144, 1, 148, 1, 160, 1, 176, 1, 184, 1, 200, 1, 208, 1, 256, 2, 283, 1, 512,
      1, 1024, 2, 2048, 1, 16384, 1,
    ],
    cluster: [
      8, -33, 32, 3, 40, 3, 48, -38, 56, -45, 80, 1, 104, -30, 1280, -1, 2560, 1, 131072, 3, 131080, 3,
      917504, 1,
    ],
  },
};
