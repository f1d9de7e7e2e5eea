/** What `slablab explain` finds: the parts of a server's RSS, what is to be done about each, and how to test it. */

export const EXPLAIN_SCHEMA = 'slablab.explain/1';

/**
 * Parts of RSS. Without MALLOC-STATS some cannot be told apart: then `parked-or-other` stands for `parked` and
 * `other`, `dirty-or-metadata` for `dirty` and `metadata`.
 */
export type PartName =
  | 'data'
  | 'buffers'
  | 'other'
  | 'lua'
  | 'parked'
  | 'parked-or-other'
  | 'holes'
  | 'padding'
  | 'dirty'
  | 'muzzy'
  | 'metadata'
  | 'dirty-or-metadata'
  | 'process'
  | 'other-allocator'
  /** Negative: what jemalloc counts and the system has no memory behind. */
  | 'untouched'
  /** What changed between the two texts. */
  | 'sampling';

export type Verdict =
  | 'in-use'
  | 'key-design'
  | 'clients'
  | 'scripts'
  | 'wait'
  | 'purge'
  | 'defrag'
  | 'restart'
  | 'not-jemalloc'
  /** Too little to act on. */
  | 'none';

export interface Part {
  readonly name: PartName;
  readonly bytes: number;
  /** Of RSS. */
  readonly share: number;
  readonly verdict: Verdict;
  /** Commands for the server, and the lab's that shows the same. */
  readonly server: readonly string[];
  readonly lab: string | null;
}

export interface ClassHoles {
  readonly size: number;
  readonly slabs: number;
  readonly regions: number;
  /** Regions that are given out, parked ones included, of all. */
  readonly util: number;
  readonly holes: number;
}

/** What rounding up to size classes costs at most, inside the live data: what was asked for is on no record. */
export interface Rounding {
  readonly atMost: number;
  /** If sizes lie evenly between one class and the next. */
  readonly ifEven: number;
  /** The class with most bytes in it, and the one below it. */
  readonly top: { readonly size: number; readonly below: number; readonly bytes: number } | null;
}

export type Note =
  | { readonly kind: 'no-malloc-stats' }
  /** `allocated` as INFO sampled it, and as the statistics have it. */
  | { readonly kind: 'sampling'; readonly info: number; readonly stats: number }
  | { readonly kind: 'left-out'; readonly lines: number; readonly first: string }
  | { readonly kind: 'defrag-running' }
  | { readonly kind: 'child'; readonly bytes: number };

export interface Explanation {
  readonly schema: typeof EXPLAIN_SCHEMA;
  readonly server: {
    /** Null, as the version, where INFO's Server section was not given. */
    readonly product: 'redis' | 'valkey' | null;
    readonly version: string | null;
    readonly allocator: string;
    /** The jemalloc that comes with the server, which alone can defragment. Null: cannot be told. */
    readonly bundledJemalloc: boolean | null;
  };
  readonly rss: number;
  readonly used: number;
  readonly peak: number;
  /** Largest first; they add up to `rss`. */
  readonly parts: readonly Part[];
  /** The largest part on which something can be done; null if there is none. */
  readonly act: PartName | null;
  /** Address space without memory behind it; not in RSS. Null without MALLOC-STATS. */
  readonly retained: number | null;
  readonly buffers: {
    readonly clients: number;
    readonly replicas: number;
    readonly backlog: number;
    readonly aof: number;
    readonly clusterLinks: number;
  };
  /** Null without INFO's Keyspace section. */
  readonly keys: { readonly count: number; readonly bytesEach: number } | null;
  readonly rounding: Rounding | null;
  readonly decay: {
    readonly dirtyMs: number | null;
    readonly muzzyMs: number | null;
    readonly backgroundThread: boolean | null;
  } | null;
  /** Size classes with holes, most bytes first; null without MALLOC-STATS. */
  readonly classes: readonly ClassHoles[] | null;
  readonly notes: readonly Note[];
}
