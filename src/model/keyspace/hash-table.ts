import type { Random } from '../../base/index.js';
import { type DataType, type Heap, StructKind, tagOf } from '../heap/index.js';
import type { ServerVersion } from '../versions/index.js';
import type { BucketVisit, Try } from './defrag-scan.js';
import type { TableElements } from './table-elements.js';

/** The properties in which a table differs from a plain one, as in dict.c's types. */
export interface TableKind {
  /** The data type to which its memory is attributed. */
  readonly subject: DataType;
  /** Bytes of an entry. */
  readonly entryBytes: number;
  /** Whether a bucket with one element points to it without an entry (no_value and odd keys). */
  readonly bare?: boolean;
  /** Returns the handle of an element's name; a bare table attributes entries made by rehashing to that name's key. */
  readonly nameOf?: (element: number) => number;
  /** Bytes of metadata after the struct. */
  readonly metadata?: number;
  /** Whether the struct is allocated only with the first element. */
  readonly isOnDemand?: boolean;
  /** Whether a list of rehashing tables has a node for this table, from the allocation of the new array on. */
  readonly isListedWhenMoving?: boolean;
  /** The tables in that list. */
  readonly moving?: Set<HashTable>;
  /** Whether a bucket array of so many bytes may be allocated; only main and expires tables have this check. */
  readonly mayExpand?: (bytes: number) => boolean;
}

/**
 * The server's policy on growing and shrinking tables. While a child process saves, moving elements would make the
 * kernel copy every page. Tables then grow only when they are several times too full.
 */
export interface ResizePolicy {
  hasChild: boolean;
}

/**
 * A hash table of a server, in one of two layouts: a dict with chains of entries, or buckets of several entries. A table
 * that outgrows its bucket array moves to another one bucket by bucket: it is rehashing then.
 *
 * The caller compares elements: `find(hash)` returns the first element with that hash, `findNext` the others.
 */
export abstract class HashTable {
  used = 0;
  /** The number of running iterators; rehashing pauses while there are any. */
  paused = 0;
  protected readonly heap: Heap;
  protected readonly version: ServerVersion;
  protected readonly kind: TableKind;
  protected readonly columns: TableElements;
  protected readonly resize: ResizePolicy;
  /** The handle of the struct; 0 before a table on demand has its first element. */
  protected struct = 0;
  /** The next bucket to move, or -1 if the table is not rehashing. */
  protected moveFrom = -1;
  /** Bytes of metadata after the struct. */
  protected metadata: number;
  #movingNode = 0;

  constructor(
    heap: Heap,
    version: ServerVersion,
    columns: TableElements,
    kind: TableKind,
    resize: ResizePolicy,
  ) {
    this.heap = heap;
    this.version = version;
    this.columns = columns;
    this.kind = kind;
    this.resize = resize;
    this.metadata = kind.metadata ?? 0;
    if (kind.isOnDemand !== true) this.makeStruct();
  }

  get isRehashing(): boolean {
    return this.moveFrom >= 0;
  }

  /** The number of buckets of both arrays. */
  abstract get buckets(): number;

  /** Requested bytes of the struct, both arrays, and the allocations that the table makes for its elements. */
  abstract get ownBytes(): number;

  /** Requested bytes of the struct and both arrays, with the child buckets. */
  abstract get frameBytes(): number;

  /** The part of `frameBytes` that MEMORY USAGE counts. */
  abstract get frameUsage(): number;

  /** Returns the bytes of the element's entry; 0 if it has none. */
  abstract entryBytesOf(element: number): number;

  /** Whether the table is too thin for sampling, and will be shrunk. */
  abstract get isThin(): boolean;

  /** Prefetches what `find` of these hashes will read, and writes the elements it will probably find to `found`. */
  abstract prefetch(hashes: Uint32Array, count: number, found: Uint32Array): number;

  /** Moves a bucket, then returns the first element with that hash; 0 if there is none. */
  abstract find(hash: number): number;

  /** Finds an element without moving a bucket. */
  abstract peek(hash: number): number;

  /** Returns the next element with the same hash after one that find or findNext returned. */
  abstract findNext(element: number, hash: number): number;

  /** Adds an element that is not in the table; its hash is in the column already. */
  add(element: number): void {
    this.makeReady(this.columns.hashOf(element));
    this.insert(element);
  }

  /** Adds an element that a lookup has just not found. */
  addMissing(element: number): void {
    this.makeRoom(this.columns.hashOf(element));
    this.insert(element);
  }

  /** Adds an element that a lookup has just not found, and for which `reserve` was called. */
  addReserved(element: number): void {
    this.addMissing(element);
  }

  /** The first half of add moves a bucket and grows the table if needed. Adding an existing element ends here. */
  abstract makeReady(hash: number): void;

  /** The first half of addMissing. */
  abstract makeRoom(hash: number): void;

  /** Grows the table before an element is allocated that will be inserted. */
  abstract reserve(hash: number): void;

  /** The second half of add puts the element into its bucket, with an entry of so many bytes where there are entries. */
  abstract insert(element: number, entryBytes?: number): void;

  /** Takes an element out without moving a bucket first; the caller frees key, value and then entry. */
  abstract unlink(element: number): void;

  abstract freeEntry(element: number): void;

  /** Shrinks a table with too few elements, after each deletion in versions whose deletions shrink. */
  abstract shrinkIfNeeded(): void;

  /** Moves one bucket before a lookup of that hash. */
  abstract stepAt(hash: number): void;

  /** Moves one bucket of a rehashing table, as each operation of the server does. */
  abstract step(): void;

  /** Shrinks a table that is too large, else grows one that is too small, as cron does for the keyspace. */
  resizeIfNeeded(): void {
    if (this.struct === 0 || this.moveFrom >= 0) return;
    this.shrinkIfNeeded();
    if (this.moveFrom < 0 && this.buckets > 0) this.growIfNeeded();
  }

  /** Moves up to `count` buckets; returns whether some are left. */
  abstract rehash(count: number): boolean;

  /** Resizes to the smallest array for `count` elements. Returns false if nothing was resized. */
  abstract resizeTo(count: number): boolean;

  /** Resizes the table if it has a struct; a table on demand has none before its first element. */
  presize(count: number): void {
    if (this.struct !== 0) this.resizeTo(count);
  }

  /** Shrinks to the smallest size that holds the elements. */
  abstract shrink(): boolean;

  /** Yields every element in the order of a server's clearing: bucket by bucket, old array first. */
  abstract elements(): Generator<number>;

  /** Visits the bucket of `cursor` and returns the next cursor, 0 after the last. */
  abstract scan(cursor: number, visit: (element: number) => void): number;

  /** Tries the struct and both arrays. */
  tryFrame(attempt: Try): void {
    if (this.struct !== 0) attempt(this.struct);
    this.tryArrays(attempt);
  }

  protected abstract tryArrays(attempt: Try): void;

  /** Tries the entry of an element, if it has one. */
  abstract tryEntry(element: number, attempt: Try): void;

  /** Visits the buckets of `cursor` and returns the next cursor, 0 after the last. The visit changes nothing. */
  abstract scanBuckets(cursor: number, visit: BucketVisit): number;

  /** Rehashes, and returns a random element; 0 for an empty table. */
  abstract random(random: Random): number;

  /** Returns a random element of a table that has some, and moves nothing. */
  abstract anyOf(random: Random): number;

  /** Takes about `count` elements of adjacent buckets. */
  abstract some(count: number, random: Random, into: number[]): void;

  /** Frees all: `release` frees key and value of each element, before the element's entry is freed; the struct is last. */
  free(release: (element: number) => void): void {
    this.empty(release);
    if (this.struct !== 0) this.heap.free(this.struct);
    this.struct = 0;
  }

  /** Frees everything except the struct. */
  abstract empty(release: (element: number) => void): void;

  protected abstract growIfNeeded(): void;

  protected abstract get structBytes(): number;

  /** Replaces the metadata after the struct by other metadata of so many bytes (dictTypeAddMeta). */
  setMetadata(bytes: number): void {
    if (this.metadata === bytes) return;
    this.metadata = bytes;
    this.heap.realloc(this.struct, this.structBytes, tagOf(StructKind.dict, this.kind.subject));
  }

  protected makeStruct(): void {
    this.struct = this.heap.malloc(this.structBytes, tagOf(StructKind.dict, this.kind.subject));
  }

  /** Adds the table to the list of rehashing tables, if there is one. */
  protected list(): void {
    if (this.kind.isListedWhenMoving !== true) return;
    this.#movingNode = this.heap.malloc(
      this.version.sizes.listNode,
      tagOf(StructKind.dict, this.kind.subject),
    );
    this.kind.moving?.add(this);
  }

  protected unlist(): void {
    if (this.#movingNode === 0) return;
    this.heap.free(this.#movingNode);
    this.#movingNode = 0;
    this.kind.moving?.delete(this);
  }
}
