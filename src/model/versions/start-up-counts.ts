/**
 * What a server allocates before its first client: shared integers, the command table, access control lists, empty
 * databases. Counts by requested size, as flat pairs of size and count.
 *
 * The counts are logs of what each server asked zmalloc for. Requests that went to the C library's malloc were logged in
 * servers without tcaches: 209 empty strings of 4 bytes grow to 16 bytes (88 of them) and to 24 (121).
 *
 * The model itself makes the tables of keys, of watched keys and of scripts, and the index of clients.
 */
export interface StartUpCounts {
  readonly live: readonly number[];
  /** The most that is allocated at once and freed before the first client. */
  readonly transient: readonly number[];
  /**
   * What cluster mode adds to `live`: the state of the cluster, its slots, one node. Negative counts are of databases
   * that cluster mode lacks. Derived from idle servers in both modes and from the structs in their sources.
   */
  readonly cluster: readonly number[];
}

/** What Lua and the C library have allocated by then if they share the server's allocator, as in Debian's redis 7.0.15. */
export const FOREIGN_START_UP: readonly number[] = [
  1, 2, 3, 2, 4, 10, 5, 6, 6, 2, 7, 13, 8, 31, 9, 20, 10, 14, 11, 10, 12, 77, 13, 76, 14, 29, 15, 8, 16, 366,
  17, 45, 18, 21, 19, 20, 20, 15, 21, 28, 22, 26, 23, 21, 24, 2434, 25, 4, 26, 12, 27, 17, 28, 61, 29, 85, 30,
  70, 31, 62, 32, 304, 33, 26, 34, 9, 35, 20, 36, 10, 37, 13, 38, 6, 39, 3, 40, 423, 41, 6, 42, 7, 43, 5, 44,
  3, 45, 1, 46, 1, 47, 4, 48, 17, 49, 2, 50, 2, 53, 2, 54, 1, 55, 1, 56, 196, 61, 2, 65, 2, 68, 1, 70, 1, 72,
  182, 80, 3, 96, 1, 118, 1, 120, 4, 128, 403, 148, 4, 160, 2, 167, 1, 176, 1, 180, 1, 184, 5, 192, 5, 208, 1,
  224, 3, 256, 124, 296, 1, 320, 14, 336, 5, 448, 3, 616, 2, 640, 10, 720, 4, 904, 1, 1023, 2, 1024, 1, 1280,
  6, 1400, 2, 1600, 1, 2048, 4, 2560, 2, 4096, 1, 8192, 1, 72704, 1,
];
