import type { ServerVersion } from './server-version.js';
import { valkey80 } from './valkey-8.0.js';

/** Valkey 8.1, as read in 8.1.1: object.c, db.c, hashtable.c, kvstore.c, t_hash.c, networking.c. */
export const valkey81: ServerVersion = {
  ...valkey80,
  name: 'valkey-8.1',
  release: '8.1.1',
  sizes: {
    ...valkey80.sizes,
    keysStore: 96,
    expiresStore: 96,
    rax: 32,
    client: 520,
  },
  strings: { ...valkey80.strings, sharesIntegers: false },
  bucketTables: {
    replaceDicts: true,
    endsWhenEmpty: false,
    emptyVisits: 0,
    finishesRehashToGrow: true,
    asksMemoryToShrink: true,
    shrinksAfterCommand: false,
    fairSamples: 280,
  },
  keys: { ...valkey80.keys, name: 'inObject' },
  keyedObjects: {
    ...valkey80.keyedObjects,
    embedsUpTo: 64,
    countsExpiry: true,
    usesSpareBytes: true,
    growsBeforeObject: true,
  },
  containers: { ...valkey80.containers, jointEntries: true, iteratesOnStack: true },
  clients: { ...valkey80.clients, keepsOriginalArray: true, makesStateOnDemand: true },
  commands: {
    ...valkey80.commands,
    valueConditions: 'IFEQ',
  },
  defrag: {
    ...valkey80.defrag,
    family: 'query',
    checkMs: 0,
    runsInCron: false,
    keyTables: 'before the scan',
    textFirst: true,
    hashOrder: 'value, field',
    sortedSetTableFirst: true,
    bigEntriesFirst: 'no',
    // A list of stages; a stage and its node each for channels of both kinds, scripts and modules.
    passAllocations: [48, 24, 24, 24, 24, 24, 24, 24, 24],
    databaseAllocations: [24, 24, 24, 24],
    keyNs: 400,
    objectNs: 300,
    partNs: 180,
    memberNs: 500,
  },
  startUp: {
    ...valkey80.startUp,
    interpreter: [],
    live: [
      1, 6, 3, 2, 4, 51, 5, 17, 6, 56, 7, 48, 8, 91, 9, 42, 10, 28, 11, 23, 12, 26, 13, 24, 14, 12, 15, 8, 16,
      10909, 17, 12, 18, 13, 19, 12, 20, 13, 21, 17, 22, 13, 23, 13, 24, 1297, 25, 16, 26, 21, 27, 22, 28, 7,
      29, 6, 30, 6, 31, 9, 32, 52, 33, 8, 34, 3, 35, 1, 36, 5, 37, 5, 38, 2, 39, 3, 40, 15, 41, 1, 46, 5, 48,
      75, 49, 1, 50, 12, 52, 3, 54, 1, 56, 64, 60, 1, 62, 2, 64, 23, 66, 1, 72, 21, 80, 1, 87, 1, 96, 40, 112,
      1, 128, 242, 136, 1, 152, 1, 168, 1, 180, 1, 188, 1, 208, 1, 256, 1, 261, 16, 350, 1, 358, 1, 512, 2,
      520, 1, 1040, 1, 1152, 1, 1354, 1, 2048, 1, 4096, 3, 8192, 1, 16384, 1, 81024, 1, 121536, 1, 324096, 1,
    ],
    transient: [
      1, 1, 2, 1, 4, 1, 7, 1, 8, 1, 9, 1, 10, 1, 12, 1, 13, 1, 15, 1, 18, 1, 19, 1, 22, 1, 30, 1, 32, 1, 34,
      1, 36, 1, 40, 1, 43, 1, 48, 1, 51, 1, 62, 1, 64, 15, 80, 1, 88, 2, 104, 1, 112, 1, 136, 1, 160, 1, 162,
      1, 176, 1, 184, 1, 200, 1, 256, 2, 386, 1, 390, 1, 410, 1, 512, 1, 1024, 2, 2048, 2, 16384, 1,
    ],
    otherLibraries: [
      1, 2, 2, 1, 3, 3, 4, 9, 5, 7, 6, 4, 7, 13, 8, 38, 9, 20, 10, 15, 11, 10, 12, 77, 13, 75, 14, 31, 15, 8,
      16, 30, 17, 45, 18, 20, 19, 19, 20, 15, 21, 29, 22, 27, 23, 23, 24, 2218, 25, 4, 26, 12, 27, 17, 28, 61,
      29, 85, 30, 76, 31, 64, 32, 681, 33, 27, 34, 9, 35, 20, 36, 12, 37, 14, 38, 7, 39, 4, 40, 436, 41, 7,
      42, 7, 43, 7, 44, 3, 46, 1, 47, 5, 48, 15, 49, 2, 50, 2, 51, 1, 53, 2, 54, 1, 55, 3, 56, 57, 61, 2, 64,
      2, 68, 1, 70, 1, 72, 48, 80, 3, 88, 2, 96, 1, 104, 496, 112, 1, 118, 1, 120, 4, 128, 423, 144, 1, 148,
      4, 160, 3, 167, 1, 176, 1, 180, 1, 184, 3, 192, 3, 200, 5, 208, 1, 224, 2, 232, 1, 264, 1, 288, 2, 296,
      130, 320, 11, 368, 3, 448, 3, 576, 1, 616, 2, 640, 13, 720, 5, 904, 1, 1023, 2, 1024, 1, 1280, 6, 1400,
      2, 1600, 1, 1816, 1, 2048, 3, 2560, 2, 8192, 1, 32768, 1, 73728, 1,
    ],
    cluster: [
      4, 5, 8, -33, 16, 1, 18, 1, 21, 1, 24, 4, 32, 3, 44, 2, 48, -28, 56, -56, 64, 4, 72, 1, 96, -30, 160, 1,
      1152, -1, 2400, 1, 131072, 3, 131080, 3, 788816, 1,
    ],
  },
};
