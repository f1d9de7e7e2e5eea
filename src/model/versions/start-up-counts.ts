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
  /** Allocations of each interpreter, in versions that give scripts and functions a tcache and an arena of their own. */
  readonly interpreter: readonly number[];
  /** Allocations that each interpreter frees again before the first client, such as its table of strings as it grows. */
  readonly interpreterTransient: readonly number[];
  /** The allocations of Lua and of the C library at start-up, if they share the server's allocator. */
  readonly otherLibraries: readonly number[];
  /** The most that they allocate at once and free before the first client. */
  readonly otherTransient: readonly number[];
}
