import type { OpChunk } from '../stream/index.js';
import type { AllocatorOptions } from './options.js';
import type { HookMode, Snapshot } from './snapshot.js';

export { LAB_NOWHERE as NOWHERE } from '../../wasm/lab.js';

export type Runtime = 'wasm' | 'native';

export interface BootOptions {
  /** A build by name: `q3`, `q4`, `q3-5.2.1`, `q3-p14`, `q3-p16`. */
  readonly build: string;
  /** As JE_MALLOC_CONF would be given; '' for the defaults. */
  readonly conf: string;
  readonly hooks: HookMode;
  /** Whether snapshots say what each single region is (Snapshot.regions), which takes a byte for each. */
  readonly regions?: boolean;
  /**
   * For tests: of the points after boot at which the system is asked for memory, refuse `count`, from number `from`
   * (the first is 1) on.
   */
  readonly refuse?: { readonly from: number; readonly count: number };
}

/** What the booted allocator is: a plain value for models that must not call the engine. */
export interface BuildInfo {
  readonly build: string;
  readonly jemallocVersion: string;
  readonly pageSize: number;
  readonly quantum: number;
  readonly cacheOblivious: boolean;
  /** Bytes of each size class, ascending; the first `smallClasses` of them live in slabs. */
  readonly sizeClasses: readonly number[];
  readonly smallClasses: number;
  /** For each small class: regions and pages of a slab. */
  readonly regionsPerSlab: readonly number[];
  readonly pagesPerSlab: readonly number[];
  /** What jemalloc runs with, defaults and all, as far as it has a say in memory. */
  readonly options: AllocatorOptions;
}

/**
 * What a model of a server sees of an allocator: the table of usable sizes, and the quantum, which tells whether the C
 * library allocates from it as well. Builds that agree in these share one operation stream in a sweep, so nothing else
 * of a build may reach a model.
 */
export type AllocatorView = Pick<BuildInfo, 'sizeClasses' | 'quantum'>;

export interface Engine {
  readonly runtime: Runtime;
  readonly info: BuildInfo;
  /**
   * Replays a chunk; resolves to the snapshots of the sweeps in it.
   * Rejects with a StreamError (malformed operation, with its position), an OutOfMemoryError, or a
   * ReconciliationError (the ledger and jemalloc disagree; names the slab).
   * The snapshots of sweeps before the failure are on the error, and the engine can still be surveyed.
   * `isHandedOver`: the caller does not look at the chunk again, whose memory may be the next one's.
   */
  replay(chunk: OpChunk, isHandedOver?: boolean): Promise<Snapshot[]>;
  /** Takes a snapshot now, reconciled. `phase` is copied into it. */
  survey(phase: number): Promise<Snapshot>;
  /**
   * Whoever had this snapshot of this engine from `survey` or `replay` does not look at its columns again: their memory
   * may be the next one's. Nothing has to be given back; sweeps of many slabs take a third less time where it is.
   */
  giveBack(snapshot: Snapshot): void;
  /**
   * In which granule the region of each handle lies now: by handle, the granule's first page as in a snapshot's column
   * `page`, or NOWHERE for a handle that is not allocated. Changes nothing.
   */
  locate(): Promise<Uint32Array<ArrayBuffer>>;
  /**
   * jemalloc's own text about itself (malloc_stats_print) as it is now; a 32-bit jemalloc's where the runtime is wasm:
   * regions, slabs and pages are a server's, but its metadata is smaller (`base`, and with it metadata and resident), and
   * it has fewer large size classes. Changes nothing but how often its locks were taken, which it counts.
   */
  statistics(): Promise<string>;
  close(): Promise<void>;
}
