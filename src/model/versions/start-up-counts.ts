/**
 * The allocations that a server makes before its first client, as flat pairs of requested size and count. They hold
 * shared integers, the command table, access control lists, and empty databases.
 *
 * The counts come from logs of zmalloc's requests. Logs taken with the C library's malloc are corrected by servers without
 * tcaches. Of 209 empty strings of 4 bytes, 88 grow to 16 bytes and 121 to 24.
 *
 * The model itself makes the tables of keys, of watched keys and of scripts, and the index of clients.
 */
export interface StartUpCounts {
  readonly live: readonly number[];
  /** The most that is allocated at once and freed before the first client. */
  readonly transient: readonly number[];
  /**
   * Additions to `live` in cluster mode: the state of the cluster, its slots, one node. Negative counts stand for
   * databases that cluster mode lacks. They are derived from idle servers in both modes and from the sources' structs.
   */
  readonly cluster: readonly number[];
}

/** Allocations of Lua and of the C library at start-up, if they share the server's allocator (Debian's redis 7.0.15). */
export const FOREIGN_START_UP: readonly number[] = [
  1, 2, 3, 2, 4, 10, 5, 6, 6, 2, 7, 13, 8, 31, 9, 20, 10, 14, 11, 10, 12, 77, 13, 76, 14, 29, 15, 8, 16, 366,
  17, 45, 18, 21, 19, 20, 20, 15, 21, 28, 22, 26, 23, 21, 24, 2434, 25, 4, 26, 12, 27, 17, 28, 61, 29, 85, 30,
  70, 31, 62, 32, 304, 33, 26, 34, 9, 35, 20, 36, 10, 37, 13, 38, 6, 39, 3, 40, 423, 41, 6, 42, 7, 43, 5, 44,
  3, 45, 1, 46, 1, 47, 4, 48, 17, 49, 2, 50, 2, 53, 2, 54, 1, 55, 1, 56, 196, 61, 2, 65, 2, 68, 1, 70, 1, 72,
  182, 80, 3, 96, 1, 118, 1, 120, 4, 128, 403, 148, 4, 160, 2, 167, 1, 176, 1, 180, 1, 184, 5, 192, 5, 208, 1,
  224, 3, 256, 124, 296, 1, 320, 14, 336, 5, 448, 3, 616, 2, 640, 10, 720, 4, 904, 1, 1023, 2, 1024, 1, 1280,
  6, 1400, 2, 1600, 1, 2048, 4, 2560, 2, 4096, 1, 8192, 1, 72704, 1,
];
