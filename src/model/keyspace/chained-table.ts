import type { Random } from '../../base/index.js';
import { StructKind, tagOf } from '../heap/index.js';
import type { BucketVisit, Try } from './defrag-scan.js';
import { HashTable } from './hash-table.js';
import type { TableElements } from './table-elements.js';
import { anyElement, randomElement, scan, scanChains, someElements } from './table-walk.js';

const EMPTY = new Uint32Array(0);

/**
 * A dict has a struct, its bucket arrays and an entry for each element. The model keeps the chains of every bucket.
 * When an array is freed depends on how many buckets have been moved, and empty ones count differently.
 */
export class ChainedTable extends HashTable {
  #heads = EMPTY;
  #array = 0;
  #usedOld = 0;
  #entries = 0;
  /** The larger or smaller array to which a rehash moves the elements. */
  #newHeads = EMPTY;
  #newArray = 0;
  #findInNew = false;

  get buckets(): number {
    return this.#heads.length + this.#newHeads.length;
  }

  /** Requested bytes of the struct, both arrays and the entries. */
  get ownBytes(): number {
    return this.frameBytes + this.#entries * this.kind.entryBytes;
  }

  get frameBytes(): number {
    const { dict, pointer } = this.version.sizes;
    return dict + this.metadata + this.buckets * pointer;
  }

  /** The bytes of struct and arrays that MEMORY USAGE counts, which are those without metadata. */
  get frameUsage(): number {
    return this.frameBytes - this.metadata;
  }

  entryBytesOf(element: number): number {
    return this.columns.entry(element) === 0 ? 0 : this.kind.entryBytes;
  }

  /** The old array, then the new one, for SCAN, sampling and tests. */
  get bucketArrays(): readonly [Uint32Array, Uint32Array] {
    return [this.#heads, this.#newHeads];
  }

  /** The number of leading buckets of the old array that are empty because they were moved. */
  get movedBuckets(): number {
    return Math.max(this.moveFrom, 0);
  }

  /**
   * Prefetches what `find` of these hashes will read, and writes the elements it will probably find to `found`. The
   * loops have no branches, so that the processor runs ahead of memory.
   */
  prefetch(hashes: Uint32Array, count: number, found: Uint32Array): number {
    const { hashes: elementHashes, hashStride, links, linkStride } = this.columns;
    const heads = this.#heads;
    const mask = heads.length - 1;
    if (mask < 0) return 0;
    for (let k = 0; k < count; k++) found[k] = heads[hashes[k]! & mask]!;
    let seen = this.moveFrom >= 0 ? this.#prefetchMoves(hashes, count, found) : 0;
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
    const end = Math.min(this.moveFrom + 2 * count, heads.length);
    for (let at = this.moveFrom; at < end; at++) seen ^= this.columns.hashOf(heads[at]!);
    return seen;
  }

  /** dictFind: moves a bucket, then returns the first element with that hash; 0 if there is none. */
  find(hash: number): number {
    if (this.used === 0) return 0;
    this.stepAt(hash);
    return this.peek(hash);
  }

  peek(hash: number): number {
    if (this.used === 0) return 0;
    this.#findInNew = false;
    return this.#search(this.#heads[hash & (this.#heads.length - 1)]!, hash);
  }

  findNext(element: number, hash: number): number {
    return this.#search(this.columns.next(element), hash);
  }

  /** Returns the next element in the same bucket, or 0. */
  following(element: number): number {
    return this.columns.next(element);
  }

  makeReady(hash: number): void {
    if (this.struct === 0) this.makeStruct();
    this.stepAt(hash);
    this.growIfNeeded();
  }

  /** The first half of addMissing: versions that insert at the place of the lookup move no second bucket. */
  makeRoom(hash: number): void {
    if (!this.version.dicts.insertsWhereLookedUp) {
      this.makeReady(hash);
      return;
    }
    if (this.struct === 0) this.makeStruct();
    const { buckets } = this;
    this.growIfNeeded();
    // A place in another array has to be looked up again.
    if (this.buckets !== buckets) this.stepAt(hash);
  }

  reserve(_hash: number): void {}

  /** The second half of add allocates the entry and links the element. */
  insert(element: number, entryBytes = this.kind.entryBytes): void {
    const { columns } = this;
    const heads = this.moveFrom >= 0 ? this.#newHeads : this.#heads;
    const bucket = columns.hashOf(element) & (heads.length - 1);
    const head = heads[bucket]! | 0;
    columns.setEntry(element, this.kind.bare === true && head === 0 ? 0 : this.#newEntry(entryBytes));
    columns.setNext(element, head);
    heads[bucket] = element;
    this.used++;
    if (this.moveFrom < 0) this.#usedOld++;
  }

  unlink(element: number): void {
    this.used--;
    if (unlinkFrom(this.#heads, element, this.columns)) this.#usedOld--;
    else unlinkFrom(this.#newHeads, element, this.columns);
  }

  freeEntry(element: number): void {
    const entry = this.columns.entry(element);
    if (entry === 0) return;
    this.heap.free(entry);
    this.#entries--;
  }

  /** Shrinks at one element in eight buckets, after each deletion in versions whose deletions shrink. */
  shrinkIfNeeded(): void {
    const { shrinksOnDelete, shrinkWithChildFrom } = this.version.dicts;
    if (!shrinksOnDelete || this.moveFrom >= 0 || this.paused > 0) return;
    const buckets = this.#heads.length;
    if (buckets <= this.version.dicts.initialBuckets) return;
    const ratio = this.resize.hasChild ? shrinkWithChildFrom : 8;
    if (this.used * ratio <= buckets) this.resizeTo(this.used);
  }

  /** Moves one bucket before a lookup; the hash's own bucket in versions that move the wanted bucket first. */
  stepAt(hash: number): void {
    if (this.moveFrom < 0 || this.paused > 0) return;
    const bucket = hash & (this.#heads.length - 1);
    const isWanted = bucket >= this.moveFrom && this.#heads[bucket] !== 0;
    if (!this.version.dicts.movesWantedBucket || !isWanted) {
      this.rehash(1);
    } else if (!this.#mustNotMove()) {
      this.#moveBucket(bucket);
      if (this.#usedOld === 0) this.#endMove();
    }
  }

  get isThin(): boolean {
    const { buckets } = this;
    return buckets > this.version.dicts.initialBuckets && Math.floor((this.used * 100) / buckets) < 1;
  }

  /** dictScan: visits the bucket of `cursor` and returns the next cursor, 0 after the last. */
  scan(cursor: number, visit: (element: number) => void): number {
    return scan(this, cursor, visit);
  }

  protected tryArrays(attempt: Try): void {
    for (const handle of [this.#array, this.#newArray]) {
      if (handle !== 0) attempt(handle);
    }
  }

  tryEntry(element: number, attempt: Try): void {
    const entry = this.columns.entry(element);
    if (entry !== 0) attempt(entry);
  }

  /** dictScanDefrag: visits the chains of `cursor` and returns the next cursor, 0 after the last. */
  scanBuckets(cursor: number, { elements }: BucketVisit): number {
    return scanChains(this, cursor, elements);
  }

  /** dictGetRandomKey: rehashes a bucket, and returns a random element; 0 for an empty table. */
  random(random: Random): number {
    return randomElement(this, random);
  }

  anyOf(random: Random): number {
    return anyElement(this, random);
  }

  /** dictGetSomeKeys: takes about `count` elements. */
  some(count: number, random: Random, into: number[]): void {
    someElements(this, count, random, into);
  }

  step(): void {
    if (this.moveFrom >= 0 && this.paused === 0) this.rehash(1);
  }

  /** dictRehash: moves up to `count` buckets that have elements, visiting at most ten times as many empty ones. */
  rehash(count: number): boolean {
    if (this.moveFrom < 0 || this.#mustNotMove()) return false;
    let emptyVisits = count * 10;
    for (let left = count; left > 0 && this.#usedOld > 0; left--) {
      while (this.#heads[this.moveFrom] === 0) {
        this.moveFrom++;
        if (--emptyVisits === 0) return true;
      }
      this.#moveBucket(this.moveFrom);
      this.moveFrom++;
    }
    if (this.#usedOld > 0) return true;
    this.#endMove();
    return false;
  }

  /** dictExpand: resizes to the next power of two that holds `count`. Returns false if nothing was resized. */
  resizeTo(count: number): boolean {
    if (this.moveFrom >= 0 || this.used > count) return false;
    if (count === 0 && this.#array === 0 && !this.version.dicts.presizesToNothing) return false;
    let buckets = this.version.dicts.initialBuckets;
    while (buckets < count) buckets *= 2;
    if (buckets === this.#heads.length) return false;
    const array = this.heap.calloc(
      buckets * this.version.sizes.pointer,
      tagOf(StructKind.bucketArray, this.kind.subject),
    );
    this.list();
    const { replacesEmptyArray } = this.version.dicts;
    if (this.#array === 0 || (replacesEmptyArray && this.used === 0)) {
      this.unlist();
      if (this.#array !== 0) this.heap.free(this.#array);
      this.#array = array;
      this.#heads = new Uint32Array(buckets);
    } else {
      this.#newArray = array;
      this.#newHeads = new Uint32Array(buckets);
      this.moveFrom = 0;
    }
    return true;
  }

  /** dictResize: shrinks to the smallest size that holds the elements. */
  shrink(): boolean {
    if (this.resize.hasChild) return false;
    return this.resizeTo(Math.max(this.used, this.version.dicts.initialBuckets));
  }

  /** Yields every element in the order of dict.c's clearing: bucket by bucket, old array first. */
  *elements(): Generator<number> {
    const { columns } = this;
    for (const heads of [this.#heads, this.#newHeads]) {
      for (let bucket = 0; bucket < heads.length; bucket++) {
        for (let element = heads[bucket]!; element !== 0; ) {
          const following = columns.next(element);
          yield element;
          element = following;
        }
      }
    }
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
    this.moveFrom = -1;
    this.unlist();
  }

  #clear(heads: Uint32Array, array: number, release: (element: number) => void): void {
    const { columns } = this;
    for (let bucket = 0; bucket < heads.length; bucket++) {
      for (let element = heads[bucket]!; element !== 0; ) {
        const following = columns.next(element);
        release(element);
        this.freeEntry(element);
        element = following;
      }
    }
    if (array !== 0) this.heap.free(array);
  }

  #search(from: number, hash: number): number {
    const { columns } = this;
    let element = from;
    for (;;) {
      while (element !== 0) {
        if (columns.hashOf(element) === hash) return element;
        element = columns.next(element);
      }
      if (this.moveFrom < 0 || this.#findInNew) return 0;
      this.#findInNew = true;
      element = this.#newHeads[hash & (this.#newHeads.length - 1)]!;
    }
  }

  protected get structBytes(): number {
    return this.version.sizes.dict + this.metadata;
  }

  protected growIfNeeded(): void {
    if (this.moveFrom >= 0) return;
    const buckets = this.#heads.length;
    if (buckets === 0) {
      this.resizeTo(this.version.dicts.initialBuckets);
      return;
    }
    if (this.used < buckets) return;
    const { growWithChildFrom } = this.version.dicts;
    if (this.resize.hasChild && this.used < growWithChildFrom * buckets) return;
    // While maxmemory forbids the array, the chains grow.
    if (this.kind.mayExpand?.(buckets * 2 * this.version.sizes.pointer) === false) return;
    this.resizeTo(this.used + 1);
  }

  #mustNotMove(): boolean {
    if (!this.resize.hasChild) return false;
    const { moveWithChildFrom, shrinkWithChildFrom } = this.version.dicts;
    const old = this.#heads.length;
    const now = this.#newHeads.length;
    return now > old ? now / old < moveWithChildFrom : old / now < shrinkWithChildFrom;
  }

  #endMove(): void {
    this.unlist();
    this.heap.free(this.#array);
    this.#array = this.#newArray;
    this.#heads = this.#newHeads;
    this.#usedOld = this.used;
    this.#newArray = 0;
    this.#newHeads = EMPTY;
    this.moveFrom = -1;
  }

  #moveBucket(bucket: number): void {
    const { columns } = this;
    const mask = this.#newHeads.length - 1;
    let element = this.#heads[bucket]! | 0;
    while (element !== 0) {
      const following = columns.next(element);
      const target = columns.hashOf(element) & mask;
      const head = this.#newHeads[target]! | 0;
      if (this.kind.bare === true) this.#fitEntry(element, head);
      columns.setNext(element, head);
      this.#newHeads[target] = element;
      this.#usedOld--;
      element = following;
    }
    this.#heads[bucket] = 0;
  }

  /** Frees the entry of an element that is alone in its new bucket; an element that is not alone gets one. */
  #fitEntry(element: number, head: number): void {
    const { columns } = this;
    if (head === 0) {
      this.freeEntry(element);
      columns.setEntry(element, 0);
    } else if (columns.entry(element) === 0) {
      columns.setEntry(element, this.#lateEntry(element));
    }
  }

  /** Allocates an entry for the key of the element's name, since the command that rehashes may work on another key. */
  #lateEntry(element: number): number {
    const { entryBytes, nameOf, subject } = this.kind;
    if (nameOf === undefined) return this.#newEntry(entryBytes);
    this.#entries++;
    return this.heap.mallocBeside(nameOf(element), entryBytes, tagOf(StructKind.dictEntry, subject));
  }

  #newEntry(entryBytes: number): number {
    this.#entries++;
    return this.heap.malloc(entryBytes, tagOf(StructKind.dictEntry, this.kind.subject));
  }
}

/** Takes the element out of the array's bucket; returns whether it was there. */
function unlinkFrom(heads: Uint32Array, element: number, columns: TableElements): boolean {
  if (heads.length === 0) return false;
  const bucket = columns.hashOf(element) & (heads.length - 1);
  let at = heads[bucket]!;
  if (at === element) {
    heads[bucket] = columns.next(element);
    return true;
  }
  while (at !== 0) {
    const following = columns.next(at);
    if (following === element) {
      columns.setNext(at, columns.next(element));
      return true;
    }
    at = following;
  }
  return false;
}
