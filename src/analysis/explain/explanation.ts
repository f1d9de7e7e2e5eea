/** The result of `slablab explain`: the parts of a process's memory, a verdict on each, and commands to act and to test. */

export const EXPLAIN_SCHEMA = 'slablab.explain/2';

/**
 * Parts of RSS. Without MALLOC-STATS, `parked-or-other` replaces `parked` and `other`, and `dirty-or-metadata` replaces
 * `dirty` and `metadata`.
 */
export type PartName =
  | 'data'
  /** The allocated memory of a program, or of a server whose own count is unusable. */
  | 'live'
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
  /** Memory that the figures of the text do not attribute. */
  | 'rest'
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
  /** More figures are needed to tell what it is. */
  | 'measure'
  /** The part is too small to act on. */
  | 'none';

export interface Part {
  readonly name: PartName;
  readonly bytes: number;
  /** Share of the total. */
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
  /** Statistics that are not whole; `why` says what is missing or does not add up. */
  | { readonly kind: 'stats-damaged'; readonly why: string; readonly used: 'nothing' | 'totals' }
  /** The values of `allocated` in INFO's sample and in the statistics. */
  | { readonly kind: 'sampling'; readonly info: number; readonly stats: number }
  /** INFO names the jemalloc that the server was built with; it runs on another one of the system. */
  | { readonly kind: 'built-with'; readonly allocator: string; readonly runsOn: string }
  | { readonly kind: 'left-out'; readonly lines: number; readonly first: string }
  /** The text has several outputs; the one that begins at `place` was read. */
  | { readonly kind: 'several'; readonly what: string; readonly count: number; readonly place: string }
  /** The text has the tables of these arenas alone. */
  | { readonly kind: 'arenas'; readonly arenas: readonly number[] }
  | { readonly kind: 'defrag-running' }
  | { readonly kind: 'child'; readonly bytes: number }
  /** Figures that the text does not have. */
  | { readonly kind: 'missing'; readonly fields: readonly string[] }
  | { readonly kind: 'unreadable'; readonly field: string; readonly value: string }
  | { readonly kind: 'rounded'; readonly fields: readonly string[] }
  | { readonly kind: 'derived'; readonly field: string; readonly from: string }
  | { readonly kind: 'wrapped'; readonly field: string; readonly bytes: number }
  | { readonly kind: 'contradicted'; readonly field: string; readonly value: string; readonly by: string }
  | { readonly kind: 'cut'; readonly field: string; readonly value: string }
  | { readonly kind: 'no-rss' }
  | { readonly kind: '32-bit' }
  /** The size of pages was assumed, since the text does not have it. */
  | { readonly kind: 'page-size'; readonly bytes: number }
  | { readonly kind: 'product'; readonly text: string };

/** Names the total that is split: the RSS, or the largest total of a text without it. */
export type Basis = 'rss' | 'resident' | 'active' | 'allocated' | 'used' | 'slabs';

export interface Explanation {
  readonly schema: typeof EXPLAIN_SCHEMA;
  readonly server: {
    /** Null, like the version, without INFO's Server section. */
    readonly product: string | null;
    readonly version: string | null;
    /** Null if the text does not have it. */
    readonly allocator: string | null;
    /** Whether the server uses the jemalloc of its own source tree, which defragmentation needs. Null: unknown. */
    readonly bundledJemalloc: boolean | null;
  };
  /** Whether the process is a server that answers INFO; otherwise it is a program with jemalloc. */
  readonly isServer: boolean;
  /** Null if the text does not have it. */
  readonly rss: number | null;
  readonly of: Basis;
  readonly total: number;
  readonly used: number | null;
  readonly peak: number | null;
  /** The parts, largest first, whose sum is `total`. */
  readonly parts: readonly Part[];
  /** The largest part that can be acted on; null if there is none. */
  readonly act: PartName | null;
  /** A shell line that saves the keys and tries what would free memory; null where no server is modelled. */
  readonly advice: string | null;
  /** Address space without memory, which is not part of RSS. Null without MALLOC-STATS. */
  readonly retained: number | null;
  /** Null where INFO does not have the figure. */
  readonly buffers: {
    readonly clients: number | null;
    readonly replicas: number | null;
    readonly backlog: number | null;
    readonly aof: number | null;
    readonly clusterLinks: number | null;
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
  /** Sentences on how sure the figures are. */
  readonly certainty: readonly string[];
}
