import { redis80 } from './redis-8.0.js';
import type { ServerVersion } from './server-version.js';

/**
 * Redis 7.4, as read and traced in 7.4.1. It has most of what came with Redis 8.0, without histograms of key sizes, the
 * shared query buffer and the argument arrays that clients keep. The start-up counts are logged with the C library's
 * malloc. Those of the interpreters are the later version's.
 */
export const redis74: ServerVersion = {
  ...redis80,
  name: 'redis-7.4',
  release: '7.4.1',
  redisRelease: '7.4.1',
  sizes: {
    ...redis80.sizes,
    keysStore: 216,
    expiresStore: 216,
    client: 784,
    connection: 64,
    lazyFreeJob: 32,
  },
  keys: { ...redis80.keys, keysDictMetadata: 8 },
  containers: { ...redis80.containers, makesFieldFirst: true },
  clients: { ...redis80.clients, sharesQueryBuffer: false, keepsArgumentArray: false },
  commands: {
    ...redis80.commands,
    unitesInResult: false,
    combinesIntoTable: false,
    readsMembersAlone: false,
    countsIntoSet: true,
  },
  defrag: {
    ...redis80.defrag,
    leavesOutScripts: false,
    expiresEntries: 'by a scan',
    losesEffort: false,
    checkMs: 1000,
    runsInCron: true,
    keyTables: 'with those of expires',
    passAllocations: [],
    databaseAllocations: [],
  },
  startUp: {
    ...redis80.startUp,
    live: [
      1, 5, 2, 1, 3, 3, 4, 49, 5, 36, 6, 183, 7, 143, 8, 208, 9, 126, 10, 86, 11, 54, 12, 58, 13, 51, 14, 114,
      15, 13, 16, 10828, 17, 15, 18, 18, 19, 12, 20, 13, 21, 17, 22, 13, 23, 12, 24, 1536, 25, 12, 26, 21, 27,
      22, 28, 7, 29, 6, 30, 3, 31, 9, 32, 54, 33, 8, 34, 3, 35, 1, 36, 2, 37, 4, 38, 2, 39, 3, 40, 18, 41, 1,
      46, 1, 48, 92, 49, 1, 50, 10, 51, 1, 52, 3, 53, 1, 54, 1, 56, 91, 60, 1, 62, 2, 64, 20, 66, 1, 72, 4,
      80, 2, 87, 1, 93, 1, 95, 1, 96, 3, 112, 3, 128, 212, 136, 1, 152, 1, 168, 1, 208, 1, 216, 34, 256, 2,
      259, 16, 349, 1, 512, 1, 784, 2, 1023, 2, 1040, 1, 1408, 1, 2048, 4, 4096, 1, 16384, 2, 81024, 1,
      121536, 1, 324096, 1,
    ],
    transient: [
      2, 1, 4, 1, 7, 1, 8, 1, 10, 1, 12, 1, 13, 1, 15, 1, 16, 2, 18, 1, 19, 1, 22, 1, 24, 1, 25, 1, 34, 1, 40,
      1, 48, 1, 52, 1, 64, 4, 80, 2, 88, 2, 100, 1, 104, 1, 106, 1, 128, 3, 136, 1, 144, 1, 160, 1, 176, 1,
      184, 1, 200, 1, 206, 1, 256, 3, 283, 1, 360, 1, 512, 1, 640, 1, 1024, 2, 16384, 1,
    ],
    cluster: [
      4, 3, 8, -33, 18, 1, 24, 3, 32, 2, 44, 2, 48, -43, 56, -42, 88, 1, 112, -1, 128, 1, 216, -30, 1408, -1,
      2368, 1, 131072, 3, 131080, 3, 395592, 1,
    ],
  },
};
