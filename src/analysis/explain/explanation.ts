/** The result of `slablab explain`: the parts of a server's RSS, a verdict on each, and commands to act and to test. */

export const EXPLAIN_SCHEMA = 'slablab.explain/1';

/**
 * Parts of RSS. Without MALLOC-STATS, `parked-or-other` replaces `parked` and `other`, and `dirty-or-metadata` replaces
 * `dirty` and `metadata`.
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
  /** Memory that jemalloc counts but the system does not back; negative. */
  | 'untouched'
  /** The change between INFO and the statistics. */
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
  /** The part is too small to act on. */
  | 'none';

export interface Part {
  readonly name: PartName;
  readonly bytes: number;
  /** Share of RSS. */
  readonly share: number;
  readonly verdict: Verdict;
  /** Commands for the server. */
  readonly server: readonly string[];
  /** A command of the lab that reproduces the part; null if there is none. */
  readonly lab: string | null;
}

/** The holes of a size class. `size` and `holes` are in bytes. */
export interface ClassHoles {
  readonly size: number;
  readonly slabs: number;
  readonly regions: number;
  /** Share of the regions that are held, that is, live or parked. */
  readonly util: number;
  readonly holes: number;
}

/** Bytes lost by rounding requests up to size classes. They are bounds, since no statistics have the requested sizes. */
export interface Rounding {
  readonly atMost: number;
  /** The loss if requested sizes are spread evenly between a class and the next smaller one. */
  readonly ifEven: number;
  /** The class with the most bytes, and the next smaller class. */
  readonly top: { readonly size: number; readonly below: number; readonly bytes: number } | null;
}

export type Note =
  | { readonly kind: 'no-malloc-stats' }
  /** The values of `allocated` in INFO's sample and in the statistics. */
  | { readonly kind: 'sampling'; readonly info: number; readonly stats: number }
  | { readonly kind: 'left-out'; readonly lines: number; readonly first: string }
  | { readonly kind: 'defrag-running' }
  | { readonly kind: 'child'; readonly bytes: number };

export interface Explanation {
  readonly schema: typeof EXPLAIN_SCHEMA;
  readonly server: {
    /** Null, like the version, without INFO's Server section. */
    readonly product: 'redis' | 'valkey' | null;
    readonly version: string | null;
    readonly allocator: string;
    /** Whether the server uses the jemalloc of its own source tree, which defragmentation needs. Null: unknown. */
    readonly bundledJemalloc: boolean | null;
  };
  readonly rss: number;
  readonly used: number;
  readonly peak: number;
  /** The parts, largest first, whose sum is `rss`. */
  readonly parts: readonly Part[];
  /** The largest part that can be acted on; null if there is none. */
  readonly act: PartName | null;
  /** Address space without memory, which is not part of RSS. Null without MALLOC-STATS. */
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
  /** Size classes with holes, most bytes of holes first; null without MALLOC-STATS. */
  readonly classes: readonly ClassHoles[] | null;
  readonly notes: readonly Note[];
}
