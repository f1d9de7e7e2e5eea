import type { DefragFamily } from '../../stream/index.js';

/** Active defragmentation: when a server runs it, what it scans, and in which order it tries regions. */
export interface DefragPolicy {
  /** The answer to `activedefrag yes` of a server that was not built with its own allocator. */
  readonly refusal: string;
  /** The way in which the server asks its allocator about a region. */
  readonly family: DefragFamily;
  /** Whether fragmentation is the free regions of slabs; otherwise it is active less allocated bytes. */
  readonly measuresSlabs: boolean;
  /** Whether the arenas of interpreters of scripts are left out of that. */
  readonly leavesOutScripts: boolean;
  /** Whether the effort falls after passes that gain little. */
  readonly losesEffort: boolean;
  /** Whether changed cycles and upper thresholds count for the pass that runs. */
  readonly setsEffortAnew: boolean;
  /** Milliseconds between two checks of a running defragger; 0: each tick of cron is one. */
  readonly checkMs: number;
  /** Whether the work is part of cron, where one tick stays within one database; otherwise a timer of its own drives it. */
  readonly runsInCron: boolean;
  /** When structs and arrays of the tables of keys are tried: never, before the table is scanned, or with those of expires. */
  readonly keyTables: 'never' | 'before the scan' | 'with those of expires';
  /** When the entries of expires are tried: with their keys, by a scan of their table, or never. */
  readonly expiresEntries: 'with their keys' | 'by a scan' | 'never';
  /** Whether the text of a string is tried before its object. */
  readonly textFirst: boolean;
  /** Whether small sets and hashes are tried in the order of their arrays, with entries; otherwise in that of SCAN. */
  readonly iteratesContainers: boolean;
  /** The order within a bucket of a hash. The fields follow after all values and entries of the bucket, or element by element. */
  readonly hashOrder: 'field, value, entry' | 'value, entry, fields' | 'value, field';
  /** Whether struct and arrays of a hash are tried before its elements. */
  readonly hashTableFirst: boolean;
  /** Whether struct and arrays of a sorted set's table are tried before its members, in the order of SCAN. */
  readonly sortedSetTableFirst: boolean;
  /** Whether the entries of a small sorted set are tried, in the order of SCAN. */
  readonly sortedSetEntries: boolean;
  /** Whether the elements of a big container are tried after the entries of their bucket. */
  readonly bigEntriesFirst: 'no' | 'sorted sets' | 'all';
  /** Whether the regions in which times of fields are kept are tried after the fields. */
  readonly triesFieldTimes: boolean;
  /** Whether a stream's group is tried before what it contains. */
  readonly groupFirst: boolean;
  /** Requested bytes of the server's own allocations for a pass, and for each database of it. */
  readonly passAllocations: readonly number[];
  readonly databaseAllocations: readonly number[];
  /**
   * Nanoseconds in which the scan reaches the first region of a key, another one of a string, of a container, and of a
   * sorted set. Fitted to passes of Redis 8.0.2 and Valkey 9.1.2.
   */
  readonly keyNs: number;
  readonly objectNs: number;
  readonly partNs: number;
  readonly memberNs: number;
}
