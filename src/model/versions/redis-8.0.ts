import { redis72 } from './redis-7.2.js';
import type { ServerVersion } from './server-version.js';

/**
 * Redis 8.0, as read in 8.0.2: kvstore.c, dict.c, db.c, t_hash.c, mstr.c, networking.c, lazyfree.c, server.c.
 * The start-up counts are logged from Debian 13's server.
 */
export const redis80: ServerVersion = {
  ...redis72,
  name: 'redis-8.0',
  release: '8.0.2',
  redisRelease: '8.0.2',
  rdbVersion: 12,
  sizes: {
    ...redis72.sizes,
    keysStore: 2632,
    expiresStore: 232,
    hashTypeIterator: 64,
    timedListpack: 32,
    fieldTimes: 32,
    client: 800,
    connection: 72,
    lazyFreeJob: 40,
    luaScript: 24,
  },
  dicts: {
    ...redis72.dicts,
    growWithChildFrom: 4,
    moveWithChildFrom: 4,
    shrinkWithChildFrom: 32,
    shrinksOnDelete: true,
    movesWantedBucket: true,
    replacesEmptyArray: true,
    presizesToNothing: false,
  },
  keys: {
    ...redis72.keys,
    clusterEntry: 0,
    clusterDictMetadata: 0,
    clusterUsage: 0,
    dictPerSlot: true,
    isKvstore: true,
    keysDictMetadata: 2408,
    expiresDictMetadata: 8,
    purgesAfterLazyFlush: true,
    flushArguments: 3,
  },
  containers: {
    ...redis72.containers,
    plainNodeBytes: 0,
    newFieldOrder: 'field, entry, value',
    fixedFields: true,
    fieldExpiry: 'ebuckets',
  },
  clients: { ...redis72.clients, sharesQueryBuffer: true, keepsArgumentArray: true },
  commands: {
    ...redis72.commands,
    scan: 'without values',
    flushesInBackground: true,
    propagatesLastId: true,
    unitesInResult: true,
    combinesIntoTable: true,
    readsMembersAlone: true,
    countsIntoSet: false,
  },
  defrag: {
    ...redis72.defrag,
    measuresSlabs: true,
    leavesOutScripts: true,
    losesEffort: true,
    setsEffortAnew: true,
    checkMs: 0,
    runsInCron: false,
    keyTables: 'before the scan',
    // The stage of expires takes their table for that of another database, and ends at once.
    expiresEntries: 'never',
    hashOrder: 'value, entry, fields',
    // A list of stages; stages and nodes of keys shared by clients and of scripts; the contexts of the former.
    passAllocations: [48, 32, 24, 24, 32, 24, 24, 24, 24],
    // For keys and for expires: a context, a stage and its node.
    databaseAllocations: [48, 24, 24, 48, 24, 24],
  },
  startUp: {
    live: [
      1, 5, 2, 1, 3, 3, 4, 48, 5, 36, 6, 203, 7, 151, 8, 218, 9, 129, 10, 94, 11, 59, 12, 58, 13, 56, 14, 114,
      15, 13, 16, 10856, 17, 15, 18, 19, 19, 12, 20, 13, 21, 16, 22, 13, 23, 12, 24, 1598, 25, 14, 26, 21, 27,
      21, 28, 8, 29, 6, 30, 3, 31, 9, 32, 48, 33, 6, 34, 3, 35, 1, 36, 2, 37, 4, 38, 3, 39, 3, 40, 16, 41, 1,
      46, 1, 48, 83, 50, 10, 51, 1, 52, 2, 53, 1, 54, 1, 56, 105, 60, 1, 62, 2, 64, 18, 66, 1, 72, 2, 80, 1,
      87, 1, 88, 1, 93, 1, 95, 1, 96, 3, 104, 1, 112, 3, 128, 214, 136, 1, 152, 2, 168, 2, 216, 1, 232, 18,
      256, 3, 259, 16, 312, 12, 349, 1, 512, 1, 800, 3, 1023, 2, 1040, 1, 1280, 1, 2048, 1, 2632, 16, 4096, 3,
      8192, 1, 16384, 3, 32768, 1, 121536, 1,
    ],
    transient: [
      2, 1, 6, 1, 7, 1, 8, 3, 10, 1, 11, 1, 12, 1, 13, 1, 14, 1, 15, 1, 16, 1, 18, 1, 19, 1, 22, 1, 24, 1, 28,
      1, 34, 1, 36, 1, 40, 2, 48, 1, 62, 1, 64, 1, 72, 1, 80, 1, 88, 1, 106, 1, 128, 1, 136, 1, 144, 1, 160,
      1, 176, 1, 184, 1, 200, 1, 206, 1, 208, 1, 256, 1, 352, 1, 410, 1, 512, 1, 1024, 2, 2048, 3,
    ],
    otherTransient: [],
    interpreter: [
      8, 2, 16, 1, 25, 1, 26, 2, 27, 7, 28, 30, 29, 42, 30, 37, 31, 29, 32, 16, 33, 13, 34, 4, 35, 10, 36, 5,
      37, 6, 38, 3, 39, 2, 40, 148, 41, 3, 42, 3, 43, 3, 44, 1, 46, 1, 47, 2, 48, 2, 56, 12, 61, 1, 65, 1, 72,
      23, 80, 1, 120, 2, 148, 2, 160, 1, 184, 1, 224, 1, 320, 6, 616, 1, 640, 6, 720, 2, 1280, 3, 1400, 1,
      2048, 1, 2560, 1,
    ],
    // The first three are Lua's table of strings while it grows to 256 entries. All follow from idle servers' classes.
    interpreterTransient: [256, 1, 512, 1, 1024, 1, 768, 1],
    otherLibraries: [
      1, 2, 2, 1, 3, 3, 4, 9, 5, 7, 6, 3, 7, 13, 8, 34, 9, 20, 10, 14, 11, 10, 12, 77, 13, 79, 14, 28, 15, 8,
      16, 28, 17, 45, 18, 20, 19, 19, 20, 15, 21, 29, 22, 27, 23, 21, 24, 2221, 25, 2, 26, 8, 27, 3, 28, 3,
      29, 1, 30, 1, 31, 2, 32, 649, 34, 1, 35, 2, 38, 1, 40, 141, 41, 1, 44, 1, 46, 1, 48, 11, 49, 2, 50, 2,
      53, 2, 54, 1, 55, 1, 56, 33, 64, 2, 68, 1, 70, 1, 72, 2, 80, 1, 88, 2, 96, 1, 104, 496, 112, 1, 118, 1,
      128, 423, 144, 1, 161, 1, 167, 1, 176, 1, 192, 3, 200, 5, 208, 1, 232, 1, 264, 1, 288, 2, 296, 130, 368,
      5, 390, 1, 448, 3, 576, 1, 904, 1, 1024, 1, 1600, 1, 1816, 1, 2048, 1, 4096, 1, 8192, 1,
    ],
    cluster: [
      4, 3, 8, -33, 18, 1, 24, 3, 32, 2, 44, 2, 48, -28, 56, -42, 80, 1, 112, -1, 128, 1, 232, -15, 1280, -1,
      2368, 1, 2632, -15, 131072, 3, 131080, 3, 395632, 1,
    ],
  },
};
