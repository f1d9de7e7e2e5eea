import { KIB } from '../../base/index.js';
import type { ServerVersion } from './server-version.js';
import { valkey81 } from './valkey-8.1.js';

/** Valkey 9.1, as read in 9.1.2: object.c, db.c, hashtable.c, kvstore.c, t_zset.c, entry.c, networking.c. */
export const valkey91: ServerVersion = {
  ...valkey81,
  name: 'valkey-9.1',
  release: '9.1.2',
  rdbVersion: 80,
  sizes: {
    ...valkey81.sizes,
    embeddedObjectHead: 8,
    bucketTable: 80,
    keysStore: 112,
    expiresStore: 112,
    skiplist: 528,
    // The size of the member's header is counted here.
    skiplistNode: 17,
    client: 576,
    replyBlockHead: 32,
    queuedCommand: 32,
    transactionState: 104,
  },
  strings: { ...valkey81.strings, embeddedLimit: 116 },
  bucketTables: {
    ...valkey81.bucketTables,
    endsWhenEmpty: true,
    emptyVisits: 10,
    finishesRehashToGrow: false,
    asksMemoryToShrink: false,
    shrinksAfterCommand: true,
    fairSamples: 70,
  },
  keys: { ...valkey81.keys, stores: 3, flushArguments: 3, makesDatabasesOnDemand: true },
  keyedObjects: { ...valkey81.keyedObjects, embedsUpTo: 128, countsKeyHeader: true, isMeasured: true },
  containers: {
    ...valkey81.containers,
    hashTableMetadata: 8,
    copiesIntoObject: true,
    fieldExpiry: 'vset',
    membersInNodes: true,
    headerInSkiplist: true,
  },
  clients: { ...valkey81.clients, parsesWholeReads: true },
  commands: {
    ...valkey81.commands,
    scansIntoArray: true,
    exactStreamIds: true,
    sendsInPlaceFrom: 16 * KIB,
    listsDatabases: true,
    defersHashLengths: true,
    fieldForm: 'fields last',
    looksUpBeforeFields: false,
    roundsFieldSecondsUp: false,
  },
  defrag: {
    ...valkey81.defrag,
    family: 'query-sparse',
    hashTableFirst: true,
    databaseAllocations: [24, 24, 24, 24, 24, 24],
    memberNs: 1000,
  },
  startUp: {
    ...valkey81.startUp,
    live: [
      1, 6, 4, 51, 5, 16, 6, 52, 7, 48, 8, 64, 9, 44, 10, 30, 11, 24, 12, 28, 13, 26, 14, 13, 15, 8, 16,
      10943, 17, 21, 18, 28, 19, 23, 20, 14, 21, 18, 22, 15, 23, 12, 24, 1344, 25, 11, 26, 17, 27, 17, 28, 6,
      29, 7, 30, 8, 31, 11, 32, 60, 33, 7, 36, 7, 37, 4, 38, 1, 39, 1, 40, 15, 41, 1, 42, 1, 43, 1, 45, 1, 46,
      5, 48, 47, 49, 1, 50, 12, 52, 2, 54, 1, 56, 21, 60, 1, 62, 2, 64, 27, 68, 1, 70, 1, 72, 2, 74, 1, 80,
      25, 95, 1, 96, 5, 104, 6, 112, 7, 120, 3, 128, 257, 136, 3, 152, 1, 176, 1, 180, 2, 188, 2, 208, 1, 256,
      2, 261, 16, 350, 2, 358, 2, 512, 2, 576, 2, 1040, 1, 1354, 2, 2048, 1, 4096, 2, 8192, 1, 16384, 2,
      24576, 1, 81024, 1, 121536, 1, 324096, 1,
    ],
    // Sizes of one class are not at their most at once: 17 to 48 bytes are as an idle server's regions have them.
    transient: [
      1, 1, 2, 1, 3, 7, 4, 6, 6, 1, 7, 4, 8, 7, 9, 2, 10, 2, 12, 1, 13, 1, 14, 3, 15, 1, 16, 43, 24, 7, 32, 7,
      48, 1, 51, 1, 56, 2, 62, 1, 64, 27, 72, 2, 80, 1, 88, 2, 96, 1, 112, 1, 128, 1, 144, 1, 160, 1, 162, 1,
      168, 1, 184, 1, 200, 1, 248, 1, 256, 1, 320, 1, 386, 1, 390, 1, 410, 1, 512, 1, 1024, 2, 1986, 1, 2048,
      2, 4096, 1,
    ],
    cluster: [
      4, 6, 8, -2, 16, 1, 18, 1, 21, 1, 24, 4, 32, 4, 44, 2, 48, 2, 56, 6, 64, 2, 128, -1, 160, 1, 2416, 1,
      131072, 4, 131080, 4, 526744, 1,
    ],
    otherTransient: [896, 1, 2048, 9, 5120, 1],
    otherLibraries: [
      1, 2, 2, 1, 3, 3, 4, 9, 5, 7, 6, 4, 7, 13, 8, 38, 9, 20, 10, 15, 11, 10, 12, 77, 13, 75, 14, 31, 15, 8,
      16, 30, 17, 45, 18, 20, 19, 19, 20, 15, 21, 29, 22, 27, 23, 23, 24, 2222, 25, 4, 26, 12, 27, 17, 28, 61,
      29, 85, 30, 76, 31, 64, 32, 359, 33, 27, 34, 9, 35, 20, 36, 14, 37, 14, 38, 7, 39, 4, 40, 759, 41, 7,
      42, 7, 43, 7, 44, 3, 46, 1, 47, 5, 48, 15, 49, 2, 50, 2, 51, 1, 53, 2, 54, 1, 55, 3, 56, 57, 61, 2, 64,
      3, 68, 1, 70, 1, 72, 48, 80, 3, 88, 3, 104, 496, 112, 1, 118, 1, 120, 4, 128, 424, 144, 1, 148, 4, 160,
      3, 167, 1, 176, 1, 180, 1, 184, 3, 192, 3, 200, 5, 208, 1, 224, 2, 232, 1, 264, 1, 288, 2, 296, 130,
      320, 11, 368, 5, 448, 3, 576, 1, 616, 2, 640, 13, 720, 5, 904, 1, 1023, 2, 1024, 1, 1280, 6, 1400, 2,
      1600, 1, 1816, 1, 2048, 3, 2560, 2, 8192, 1, 32768, 1, 73728, 1,
    ],
  },
};
