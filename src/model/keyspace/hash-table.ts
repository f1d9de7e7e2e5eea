import { grown, type Random } from '../../base/index.js';
import { type DataType, type Heap, StructKind, tagOf } from '../heap/index.js';
import type { ServerVersion } from '../versions/index.js';
import { ChildBuckets } from './bucket-records.js';
import { anyElement, randomElement, scan, someElements } from './table-walk.js';

/**
 * Keeps three words for each element of a table: its hash, the next element in the same bucket, and the handle of its
 * dict entry. The entry is 0 where the bucket points to the element itself. The caller chooses the element numbers, and
 * 0 means "none".
 *
 * The three words lie side by side, because lookups reach elements at random and each memory line costs a wait. They
 * may be part of larger records. Several tables may use the same hashes, if an element has the same name in each.
 */
export class TableElements {
  hashes: Uint32Array;
  readonly hashStride: number;
  /** Next element and entry, side by side. */
  links: Uint32Array;
  readonly linkStride: number;
  /** The child buckets of the tables, for versions whose buckets have several entries. */
  readonly children = new ChildBuckets();
  #words: Uint32Array<ArrayBuffer> | undefined;

  /** Makes its own arrays if `isOwn`; else the caller sets the arrays and makes them longer. */
  constructor(hashStride = OWN_STRIDE, linkStride = OWN_STRIDE, isOwn = true) {
    this.hashStride = hashStride;
    this.linkStride = linkStride;
    this.#words = isOwn ? new Uint32Array(16 * OWN_STRIDE) : undefined;
    this.hashes = this.#words ?? EMPTY;
    this.links = this.hashes.subarray(1);
  }

  /** Makes room for element numbers up to and including `element`. */
  reach(element: number): void {
    if (this.#words === undefined) throw new Error('the arrays are the caller’s to make longer');
    const words = grown(this.#words, (element + 1) * OWN_STRIDE);
    if (words === this.#words) return;
    this.#words = words;
    this.hashes = words;
    this.links = words.subarray(1);
  }

  hashOf(element: number): number {
    return this.hashes[Math.imul(element, this.hashStride)]! | 0;
  }

  setHash(element: number, hash: number): void {
    this.hashes[Math.imul(element, this.hashStride)] = hash;
  }

  next(element: number): number {
    return this.links[Math.imul(element, this.linkStride)]! | 0;
  }

  setNext(element: number, next: number): void {
    this.links[Math.imul(element, this.linkStride)] = next;
  }

  entry(element: number): number {
    return this.links[(Math.imul(element, this.linkStride) + 1) | 0]! | 0;
  }

  setEntry(element: number, entry: number): void {
    this.links[(Math.imul(element, this.linkStride) + 1) | 0] = entry;
  }
}

const OWN_STRIDE = 3;
const EMPTY = new Uint32Array(0);

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

/** Describes a hash table of either layout: a dict with chains of entries, or buckets of several entries. */
export type HashTable = Omit<ChainedTable, 'bucketArrays' | 'movedBuckets' | 'following'>;

/**
 * A dict has a struct, its bucket arrays and an entry for each element. The model keeps the chains of every bucket.
 * When an array is freed depends on how many buckets have been moved, and empty ones count differently.
 *
 * The caller compares elements: `find(hash)` returns the first element with that hash, `findNext` the others.
 */
export class ChainedTable {
  used = 0;
  /** The number of running iterators; rehashing pauses while there are any. */
  paused = 0;
  readonly #heap: Heap;
  readonly #version: ServerVersion;
  readonly #kind: TableKind;
  readonly #elements: TableElements;
  readonly #resize: ResizePolicy;
  #struct = 0;
  #heads = EMPTY;
  #array = 0;
  #usedOld = 0;
  #movingNode = 0;
  #entries = 0;
  /** The larger or smaller array to which a rehash moves the elements. */
  #newHeads = EMPTY;
  #newArray = 0;
  /** The next bucket to move, or -1 if the table is not rehashing. */
  #moveFrom = -1;
  #findInNew = false;

  constructor(
    heap: Heap,
    version: ServerVersion,
    elements: TableElements,
    kind: TableKind,
    resize: ResizePolicy,
  ) {
    this.#heap = heap;
    this.#version = version;
    this.#elements = elements;
    this.#kind = kind;
    this.#resize = resize;
    if (kind.isOnDemand !== true) this.#makeStruct();
  }

  get buckets(): number {
    return this.#heads.length + this.#newHeads.length;
  }

  get isRehashing(): boolean {
    return this.#moveFrom >= 0;
  }

  /** Requested bytes of the struct, both arrays and the entries. */
  get ownBytes(): number {
    return this.frameBytes + this.#entries * this.#kind.entryBytes;
  }

  /** Requested bytes of the struct and both arrays. */
  get frameBytes(): number {
    const { dict, pointer } = this.#version.sizes;
    return dict + (this.#kind.metadata ?? 0) + this.buckets * pointer;
  }

  /** The bytes of struct and arrays that MEMORY USAGE counts, which are those without metadata. */
  get frameUsage(): number {
    return this.frameBytes - (this.#kind.metadata ?? 0);
  }

  /** Returns the bytes of the element's entry; 0 if the bucket points to the element itself. */
  entryBytesOf(element: number): number {
    return this.#elements.entry(element) === 0 ? 0 : this.#kind.entryBytes;
  }

  /** The old array, then the new one, for SCAN, sampling and tests. */
  get bucketArrays(): readonly [Uint32Array, Uint32Array] {
    return [this.#heads, this.#newHeads];
  }

  /** The number of leading buckets of the old array that are empty because they were moved. */
  get movedBuckets(): number {
    return Math.max(this.#moveFrom, 0);
  }

  /**
   * Prefetches what `find` of these hashes will read, and writes the elements it will probably find to `found`. The
   * loops have no branches, so that the processor runs ahead of memory.
   */
  prefetch(hashes: Uint32Array, count: number, found: Uint32Array): number {
    const { hashes: elementHashes, hashStride, links, linkStride } = this.#elements;
    const heads = this.#heads;
    const mask = heads.length - 1;
    if (mask < 0) return 0;
    for (let k = 0; k < count; k++) found[k] = heads[hashes[k]! & mask]!;
    let seen = this.#moveFrom >= 0 ? this.#prefetchMoves(hashes, count, found) : 0;
    // The processor issues many of these reads at once; the loop after them finds all of them done.
    for (let k = 0; k < count; k++) seen ^= elementHashes[Math.imul(found[k]!, hashStride)]!;
    for (let k = 0; k < count; k++) {
      const element = found[k]! | 0;
      const difference = elementHashes[Math.imul(element, hashStride)]! ^ hashes[k]!;
      // All ones if the element has another hash.
      const isOther = (difference | -difference) >> 31;
      const next = links[Math.imul(element, linkStride)]! | 0;
      found[k] = (next & isOther) | (element & ~isOther);
    }
    return seen;
  }

  /** Prefetches elements of the new array, and the elements of the buckets that rehashing moves next. */
  #prefetchMoves(hashes: Uint32Array, count: number, found: Uint32Array): number {
    const heads = this.#heads;
    const newHeads = this.#newHeads;
    const mask = newHeads.length - 1;
    for (let k = 0; k < count; k++) {
      const old = found[k]! | 0;
      const isThere = (old | -old) >> 31;
      found[k] = (old & isThere) | (newHeads[hashes[k]! & mask]! & ~isThere);
    }
    let seen = 0;
    const end = Math.min(this.#moveFrom + 2 * count, heads.length);
    for (let at = this.#moveFrom; at < end; at++) seen ^= this.#elements.hashOf(heads[at]!);
    return seen;
  }

  /** dictFind: moves a bucket, then returns the first element with that hash; 0 if there is none. */
  find(hash: number): number {
    if (this.used === 0) return 0;
    this.stepAt(hash);
    return this.peek(hash);
  }

  /** Finds an element without moving a bucket. */
  peek(hash: number): number {
    if (this.used === 0) return 0;
    this.#findInNew = false;
    return this.#search(this.#heads[hash & (this.#heads.length - 1)]!, hash);
  }

  /** Returns the next element with the same hash after one that find or findNext returned. */
  findNext(element: number, hash: number): number {
    return this.#search(this.#elements.next(element), hash);
  }

  /** Returns the next element in the same bucket, or 0. */
  following(element: number): number {
    return this.#elements.next(element);
  }

  /** dictAddRaw: adds an element that is not in the table; its hash is in the column already. */
  add(element: number): void {
    this.makeReady(this.#elements.hashOf(element));
    this.insert(element);
  }

  /** The first half of add moves a bucket and grows the table if needed. Adding an existing element ends here. */
  makeReady(hash: number): void {
    if (this.#struct === 0) this.#makeStruct();
    this.stepAt(hash);
    this.#expandIfNeeded();
  }

  /** Adds an element that a lookup has just not found. */
  addMissing(element: number): void {
    this.makeRoom(this.#elements.hashOf(element));
    this.insert(element);
  }

  /** The first half of addMissing: versions that insert at the place of the lookup move no second bucket. */
  makeRoom(hash: number): void {
    if (!this.#version.dicts.insertsWhereLookedUp) {
      this.makeReady(hash);
      return;
    }
    if (this.#struct === 0) this.#makeStruct();
    const { buckets } = this;
    this.#expandIfNeeded();
    // A place in another array has to be looked up again.
    if (this.buckets !== buckets) this.stepAt(hash);
  }

  /** Grows the table before an element is allocated that will be inserted; a dict has grown already. */
  reserve(_hash: number): void {}

  /** The second half of add allocates the entry and links the element. */
  insert(element: number, entryBytes = this.#kind.entryBytes): void {
    const elements = this.#elements;
    const heads = this.#moveFrom >= 0 ? this.#newHeads : this.#heads;
    const bucket = elements.hashOf(element) & (heads.length - 1);
    const head = heads[bucket]! | 0;
    elements.setEntry(element, this.#kind.bare === true && head === 0 ? 0 : this.#newEntry(entryBytes));
    elements.setNext(element, head);
    heads[bucket] = element;
    this.used++;
    if (this.#moveFrom < 0) this.#usedOld++;
  }

  /** Takes an element out without moving a bucket first; the caller frees key, value and then entry. */
  unlink(element: number): void {
    const elements = this.#elements;
    this.used--;
    if (unlinkFrom(this.#heads, element, elements)) this.#usedOld--;
    else unlinkFrom(this.#newHeads, element, elements);
  }

  freeEntry(element: number): void {
    const entry = this.#elements.entry(element);
    if (entry === 0) return;
    this.#heap.free(entry);
    this.#entries--;
  }

  /** Shrinks at one element in eight buckets, after each deletion in versions whose deletions shrink. */
  shrinkIfNeeded(): void {
    const { shrinksOnDelete, shrinkWithChildFrom } = this.#version.dicts;
    if (!shrinksOnDelete || this.#moveFrom >= 0 || this.paused > 0) return;
    const buckets = this.#heads.length;
    if (buckets <= this.#version.dicts.initialBuckets) return;
    const ratio = this.#resize.hasChild ? shrinkWithChildFrom : 8;
    if (this.used * ratio <= buckets) this.resizeTo(this.used);
  }

  /** Moves one bucket before a lookup; the hash's own bucket in versions that move the wanted bucket first. */
  stepAt(hash: number): void {
    if (this.#moveFrom < 0 || this.paused > 0) return;
    const bucket = hash & (this.#heads.length - 1);
    const isWanted = bucket >= this.#moveFrom && this.#heads[bucket] !== 0;
    if (!this.#version.dicts.movesWantedBucket || !isWanted) {
      this.rehash(1);
    } else if (!this.#mustNotMove()) {
      this.#moveBucket(bucket);
      if (this.#usedOld === 0) this.#endMove();
    }
  }

  /** Shrinks a table that is too large, else grows one that is too small, as cron does for the keyspace. */
  resizeIfNeeded(): void {
    if (this.#struct === 0 || this.#moveFrom >= 0) return;
    this.shrinkIfNeeded();
    if (this.#moveFrom < 0 && this.#heads.length > 0) this.#expandIfNeeded();
  }

  /** Whether the table is too thin for sampling, and will be shrunk. */
  get isThin(): boolean {
    const { buckets } = this;
    return buckets > this.#version.dicts.initialBuckets && Math.floor((this.used * 100) / buckets) < 1;
  }

  /** dictScan: visits the bucket of `cursor` and returns the next cursor, 0 after the last. */
  scan(cursor: number, visit: (element: number) => void): number {
    return scan(this, cursor, visit);
  }

  /** dictGetRandomKey: rehashes a bucket, and returns a random element; 0 for an empty table. */
  random(random: Random): number {
    return randomElement(this, random);
  }

  /** Returns a random element of a table that has some, and moves nothing. */
  anyOf(random: Random): number {
    return anyElement(this, random);
  }

  /** dictGetSomeKeys: takes about `count` elements. */
  some(count: number, random: Random, into: number[]): void {
    someElements(this, count, random, into);
  }

  /** Moves one bucket of a rehashing table, as each operation of the server does. */
  step(): void {
    if (this.#moveFrom >= 0 && this.paused === 0) this.rehash(1);
  }

  /** dictRehash: moves up to `count` buckets that have elements, visiting at most ten times as many empty ones. */
  rehash(count: number): boolean {
    if (this.#moveFrom < 0 || this.#mustNotMove()) return false;
    let emptyVisits = count * 10;
    for (let left = count; left > 0 && this.#usedOld > 0; left--) {
      while (this.#heads[this.#moveFrom] === 0) {
        this.#moveFrom++;
        if (--emptyVisits === 0) return true;
      }
      this.#moveBucket(this.#moveFrom);
      this.#moveFrom++;
    }
    if (this.#usedOld > 0) return true;
    this.#endMove();
    return false;
  }

  /** dictExpand: resizes to the next power of two that holds `count`. Returns false if nothing was resized. */
  resizeTo(count: number): boolean {
    if (this.#moveFrom >= 0 || this.used > count) return false;
    let buckets = this.#version.dicts.initialBuckets;
    while (buckets < count) buckets *= 2;
    if (buckets === this.#heads.length) return false;
    const array = this.#heap.calloc(
      buckets * this.#version.sizes.pointer,
      tagOf(StructKind.bucketArray, this.#kind.subject),
    );
    this.#list();
    const { replacesEmptyArray } = this.#version.dicts;
    if (this.#array === 0 || (replacesEmptyArray && this.used === 0)) {
      this.#unlist();
      if (this.#array !== 0) this.#heap.free(this.#array);
      this.#array = array;
      this.#heads = new Uint32Array(buckets);
    } else {
      this.#newArray = array;
      this.#newHeads = new Uint32Array(buckets);
      this.#moveFrom = 0;
    }
    return true;
  }

  /** Resizes the table if it has a struct; a table on demand has none before its first element. */
  presize(count: number): void {
    if (this.#struct !== 0) this.resizeTo(count);
  }

  /** dictResize: shrinks to the smallest size that holds the elements. */
  shrink(): boolean {
    if (this.#resize.hasChild) return false;
    return this.resizeTo(Math.max(this.used, this.#version.dicts.initialBuckets));
  }

  /** Yields every element in the order of dict.c's clearing: bucket by bucket, old array first. */
  *elements(): Generator<number> {
    const elements = this.#elements;
    for (const heads of [this.#heads, this.#newHeads]) {
      for (let bucket = 0; bucket < heads.length; bucket++) {
        for (let element = heads[bucket]!; element !== 0; ) {
          const following = elements.next(element);
          yield element;
          element = following;
        }
      }
    }
  }

  /**
   * dictRelease: `release` frees key and value of each element in bucket order, before the element's entry is freed.
   * Each array is freed after its elements, and the struct at the end.
   */
  free(release: (element: number) => void): void {
    this.empty(release);
    if (this.#struct !== 0) this.#heap.free(this.#struct);
    this.#struct = 0;
  }

  /** dictEmpty: frees everything except the struct. */
  empty(release: (element: number) => void): void {
    this.#clear(this.#heads, this.#array, release);
    this.#clear(this.#newHeads, this.#newArray, release);
    this.used = 0;
    this.#usedOld = 0;
    this.#heads = EMPTY;
    this.#newHeads = EMPTY;
    this.#array = 0;
    this.#newArray = 0;
    this.#moveFrom = -1;
    this.#unlist();
  }

  #makeStruct(): void {
    this.#struct = this.#heap.malloc(
      this.#version.sizes.dict + (this.#kind.metadata ?? 0),
      tagOf(StructKind.dict, this.#kind.subject),
    );
  }

  #list(): void {
    if (this.#kind.isListedWhenMoving !== true) return;
    this.#movingNode = this.#heap.malloc(
      this.#version.sizes.listNode,
      tagOf(StructKind.dict, this.#kind.subject),
    );
    this.#kind.moving?.add(this);
  }

  #unlist(): void {
    if (this.#movingNode === 0) return;
    this.#heap.free(this.#movingNode);
    this.#movingNode = 0;
    this.#kind.moving?.delete(this);
  }

  #clear(heads: Uint32Array, array: number, release: (element: number) => void): void {
    const elements = this.#elements;
    for (let bucket = 0; bucket < heads.length; bucket++) {
      for (let element = heads[bucket]!; element !== 0; ) {
        const following = elements.next(element);
        release(element);
        this.freeEntry(element);
        element = following;
      }
    }
    if (array !== 0) this.#heap.free(array);
  }

  #search(from: number, hash: number): number {
    const elements = this.#elements;
    let element = from;
    for (;;) {
      while (element !== 0) {
        if (elements.hashOf(element) === hash) return element;
        element = elements.next(element);
      }
      if (this.#moveFrom < 0 || this.#findInNew) return 0;
      this.#findInNew = true;
      element = this.#newHeads[hash & (this.#newHeads.length - 1)]!;
    }
  }

  #expandIfNeeded(): void {
    if (this.#moveFrom >= 0) return;
    const buckets = this.#heads.length;
    if (buckets === 0) {
      this.resizeTo(this.#version.dicts.initialBuckets);
      return;
    }
    if (this.used < buckets) return;
    const { growWithChildFrom } = this.#version.dicts;
    if (this.#resize.hasChild && this.used < growWithChildFrom * buckets) return;
    // While maxmemory forbids the array, the chains grow.
    if (this.#kind.mayExpand?.(buckets * 2 * this.#version.sizes.pointer) === false) return;
    this.resizeTo(this.used + 1);
  }

  #mustNotMove(): boolean {
    if (!this.#resize.hasChild) return false;
    const { moveWithChildFrom, shrinkWithChildFrom } = this.#version.dicts;
    const old = this.#heads.length;
    const now = this.#newHeads.length;
    return now > old ? now / old < moveWithChildFrom : old / now < shrinkWithChildFrom;
  }

  #endMove(): void {
    this.#unlist();
    this.#heap.free(this.#array);
    this.#array = this.#newArray;
    this.#heads = this.#newHeads;
    this.#usedOld = this.used;
    this.#newArray = 0;
    this.#newHeads = EMPTY;
    this.#moveFrom = -1;
  }

  #moveBucket(bucket: number): void {
    const elements = this.#elements;
    const mask = this.#newHeads.length - 1;
    let element = this.#heads[bucket]! | 0;
    while (element !== 0) {
      const following = elements.next(element);
      const target = elements.hashOf(element) & mask;
      const head = this.#newHeads[target]! | 0;
      if (this.#kind.bare === true) this.#fitEntry(element, head);
      elements.setNext(element, head);
      this.#newHeads[target] = element;
      this.#usedOld--;
      element = following;
    }
    this.#heads[bucket] = 0;
  }

  /** Frees the entry of an element that is alone in its new bucket; an element that is not alone gets one. */
  #fitEntry(element: number, head: number): void {
    const elements = this.#elements;
    if (head === 0) {
      this.freeEntry(element);
      elements.setEntry(element, 0);
    } else if (elements.entry(element) === 0) {
      elements.setEntry(element, this.#lateEntry(element));
    }
  }

  /** Allocates an entry for the key of the element's name, since the command that rehashes may work on another key. */
  #lateEntry(element: number): number {
    const { entryBytes, nameOf, subject } = this.#kind;
    if (nameOf === undefined) return this.#newEntry(entryBytes);
    this.#entries++;
    return this.#heap.mallocBeside(nameOf(element), entryBytes, tagOf(StructKind.dictEntry, subject));
  }

  #newEntry(entryBytes: number): number {
    this.#entries++;
    return this.#heap.malloc(entryBytes, tagOf(StructKind.dictEntry, this.#kind.subject));
  }
}

/** Takes the element out of the array's bucket; returns whether it was there. */
function unlinkFrom(heads: Uint32Array, element: number, elements: TableElements): boolean {
  if (heads.length === 0) return false;
  const bucket = elements.hashOf(element) & (heads.length - 1);
  let at = heads[bucket]!;
  if (at === element) {
    heads[bucket] = elements.next(element);
    return true;
  }
  while (at !== 0) {
    const following = elements.next(at);
    if (following === element) {
      elements.setNext(at, elements.next(element));
      return true;
    }
    at = following;
  }
  return false;
}
