/** The interface of an engine. Its implementations run WebAssembly in this thread or in a worker, or a native twin. */
import type { OpChunk } from '../stream/index.js';
import type { AllocatorOptions } from './options.js';
import type { HookMode, Snapshot } from './snapshot.js';

export { LAB_NOWHERE as NOWHERE } from '../../wasm/lab.js';

export type Runtime = 'wasm' | 'native';

export interface BootOptions {
  /** Name of a build, one of KNOWN_BUILDS. */
  readonly build: string;
  /** Configuration of jemalloc in the form of MALLOC_CONF; '' for the defaults. */
  readonly conf: string;
  readonly hooks: HookMode;
  /** Whether snapshots have the state of each region (Snapshot.regions), which takes a byte for each. */
  readonly regions?: boolean;
  /**
   * Fault injection for tests: the system refuses `count` requests for memory, starting with the `from`-th after boot
   * (the first is 1).
   */
  readonly refuse?: { readonly from: number; readonly count: number };
}

/** Describes a booted allocator, as a plain value for models, which must not call the engine. Sizes are in bytes. */
export interface BuildInfo {
  readonly build: string;
  readonly jemallocVersion: string;
  readonly pageSize: number;
  readonly quantum: number;
  readonly cacheOblivious: boolean;
  /** Bytes of each size class, ascending; the first `smallClasses` of them are allocated in slabs. */
  readonly sizeClasses: readonly number[];
  readonly smallClasses: number;
  /** Regions of a slab, by small size class. */
  readonly regionsPerSlab: readonly number[];
  /** Pages of a slab, by small size class. */
  readonly pagesPerSlab: readonly number[];
  /** The options that influence memory, with the values that jemalloc runs with. */
  readonly options: AllocatorOptions;
}

/**
 * The part of BuildInfo that a model of a server may depend on: the usable sizes, and the quantum. The quantum shows
 * whether the C library allocates from the same jemalloc. Builds that agree in both share one operation stream in a
 * sweep, so a model must not see more.
 */
export type AllocatorView = Pick<BuildInfo, 'sizeClasses' | 'quantum'>;

export interface Engine {
  readonly runtime: Runtime;
  readonly info: BuildInfo;
  /**
   * Replays a chunk and resolves to the snapshots of its sweep operations.
   * Rejects with a StreamError for a malformed operation, with an OutOfMemoryError, or with a ReconciliationError if
   * the ledger and jemalloc disagree.
   * The error has the snapshots taken before the failure. The engine can still be surveyed.
   * `isHandedOver` gives the chunk's memory to the engine, which may reuse it: the caller must not read it again.
   */
  replay(chunk: OpChunk, isHandedOver?: boolean): Promise<Snapshot[]>;
  /** Takes a reconciled snapshot of the current state, with this number of a phase. */
  survey(phase: number): Promise<Snapshot>;
  /**
   * Returns the memory of a snapshot of this engine for reuse; the caller must not read its columns again. The call is
   * optional. Surveys of many slabs take a third less time with it.
   */
  giveBack(snapshot: Snapshot): void;
  /**
   * Returns for each handle the first page of the granule that contains its region, as in column `page` of a snapshot.
   * NOWHERE stands for a handle that is not allocated. Changes no state.
   */
  locate(): Promise<Uint32Array<ArrayBuffer>>;
  /**
   * Returns jemalloc's own report (malloc_stats_print). Changes no state except jemalloc's counts of lock operations.
   *
   * In the wasm runtime the report is that of a 32-bit jemalloc. Regions, slabs and pages are those of a server.
   * Metadata (`base`, and so metadata and resident) is smaller, and there are fewer large size classes.
   */
  statistics(): Promise<string>;
  close(): Promise<void>;
}
