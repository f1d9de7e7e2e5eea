import type { Random } from '../../base/index.js';
import { type Heap, StructKind, tagOf } from '../heap/index.js';
import type { BucketTablePolicy, ServerVersion } from '../versions/index.js';
import { BUCKET_BYTES, BucketArray } from './bucket-array.js';
import { PLACES } from './bucket-records.js';
import type { BucketVisit, Try } from './defrag-scan.js';
import { HashTable, type ResizePolicy, type TableKind } from './hash-table.js';
import type { TableElements } from './table-elements.js';
import { walkBuckets } from './table-walk.js';

/** A resize makes buckets for 32 fifths of an entry each, which leaves them nine tenths full. */
const BUCKETS_FACTOR = 5;
const BUCKETS_DIVISOR = 32;
/** Percents of the places: a table grows above the first and shrinks at the second, or at those of a server with a child. */
const FULL_PERCENT = 100;
const FULL_PERCENT_WITH_CHILD = 500;
const THIN_PERCENT = 13;
const THIN_PERCENT_WITH_CHILD = 3;

/**
 * A hash table whose buckets are 64 bytes with up to seven entries (hashtable.c). Entries have no allocations of their
 * own.
 *
 * Buckets are chosen by the low bits of the model's hash. A server draws a hash seed at its start, so its child buckets
 * are another draw from the same distribution.
 */
export class BucketTable extends HashTable {
  readonly #policy: BucketTablePolicy;
  #old: BucketArray;
  #now: BucketArray;
  #isReserved = false;

  constructor(
    heap: Heap,
    version: ServerVersion,
    columns: TableElements,
    kind: TableKind,
    resize: ResizePolicy,
  ) {
    super(heap, version, columns, kind, resize);
    this.#policy = version.bucketTables;
    this.#old = this.#array(0);
    this.#now = this.#old;
  }

  get buckets(): number {
    return this.#old.count + this.#now.count;
  }

  get ownBytes(): number {
    return this.frameBytes;
  }

  get frameBytes(): number {
    const children = this.#old.children + this.#now.children;
    return this.structBytes + (this.buckets + children) * BUCKET_BYTES;
  }

  get frameUsage(): number {
    return this.frameBytes;
  }

  entryBytesOf(): number {
    return 0;
  }

  get isThin(): boolean {
    return this.used * 100 < this.buckets;
  }

  prefetch(hashes: Uint32Array, count: number, found: Uint32Array): number {
    let seen = 0;
    for (let k = 0; k < count; k++) {
      const hash = hashes[k]!;
      const element = this.#old.firstCandidate(hash) || this.#now.firstCandidate(hash);
      found[k] = element;
      seen ^= this.columns.hashOf(element);
    }
    return seen;
  }

  find(hash: number): number {
    if (this.used === 0) return 0;
    this.stepAt();
    return this.peek(hash);
  }

  peek(hash: number): number {
    if (this.used === 0) return 0;
    return this.#old.search(hash, 0) || this.#now.search(hash, 0);
  }

  findNext(element: number, hash: number): number {
    const following = this.#old.search(hash, element);
    if (following > 0) return following;
    if (following === 0) return this.#now.search(hash, 0);
    return Math.max(this.#now.search(hash, element), 0);
  }

  makeRoom(): void {
    this.makeReady();
  }

  makeReady(): void {
    if (this.struct === 0) this.makeStruct();
    this.stepAt();
  }

  /** Grows the table if a new element needs it, and makes a place for one of that hash. */
  reserve(hash: number): void {
    this.growIfNeeded();
    // While a child process lives, insertions rehash and nothing else does.
    if (this.resize.hasChild && this.moveFrom >= 0 && this.paused === 0) this.#step();
    this.#target.placeFor(hash);
    this.#isReserved = true;
  }

  insert(element: number): void {
    const hash = this.columns.hashOf(element);
    if (!this.#isReserved) this.reserve(hash);
    this.#isReserved = false;
    this.columns.setEntry(element, 0);
    this.#target.put(hash, element);
    this.used++;
  }

  override addReserved(element: number): void {
    this.insert(element);
  }

  unlink(element: number): void {
    this.used--;
    const fillsHole = this.paused === 0;
    if (!this.#old.remove(element, fillsHole)) this.#now.remove(element, fillsHole);
  }

  freeEntry(): void {}

  shrinkIfNeeded(): void {
    if (this.moveFrom >= 0 || this.paused > 0 || this.#old.count === 0) return;
    const limit = this.resize.hasChild ? THIN_PERCENT_WITH_CHILD : THIN_PERCENT;
    if (this.used * 100 > this.#old.count * PLACES * limit) return;
    this.#resizeFor(this.used);
  }

  /** Rehashes a bucket before a lookup, unless a child process lives. */
  stepAt(): void {
    if (this.moveFrom >= 0 && this.paused === 0 && !this.resize.hasChild) this.#step();
  }

  step(): void {
    this.stepAt();
  }

  rehash(count: number): boolean {
    for (let left = count; left > 0 && this.moveFrom >= 0; left--) {
      if (this.resize.hasChild || this.paused > 0) return false;
      this.#step();
    }
    return this.moveFrom >= 0;
  }

  resizeTo(count: number): boolean {
    if (count < this.used) return false;
    return this.#resizeFor(count);
  }

  shrink(): boolean {
    return this.#resizeFor(this.used);
  }

  *elements(): Generator<number> {
    for (const array of [this.#old, this.#now]) {
      for (let bucket = 0; bucket < array.count; bucket++) yield* array.chain(bucket);
    }
  }

  empty(release: (element: number) => void): void {
    this.unlist();
    this.#old.clear(release);
    this.#now.clear(release);
    this.used = 0;
    this.#old = this.#array(0);
    this.#now = this.#old;
    this.moveFrom = -1;
  }

  /** hashtableScan */
  scan(cursor: number, visit: (element: number) => void): number {
    if (this.used === 0) return 0;
    this.paused++;
    const next = this.#scanChains(cursor, visit);
    this.paused--;
    return next;
  }

  /** hashtableFairRandomEntry: rehashes as it samples, then picks a chain, and an element of it. */
  random(random: Random): number {
    if (this.used === 0) return 0;
    const steps = Math.min(this.#policy.fairSamples, this.used);
    for (let step = 0; step < steps && this.moveFrom >= 0; step++) this.stepAt();
    return this.anyOf(random);
  }

  anyOf(random: Random): number {
    for (;;) {
      const bucket = random.below(this.buckets);
      const { count } = this.#old;
      const chain = bucket < count ? this.#old.chain(bucket) : this.#now.chain(bucket - count);
      if (chain.length > 0) return chain[random.below(chain.length)]!;
    }
  }

  /** hashtableSampleEntries: takes elements of adjacent buckets, from a random one on. */
  some(count: number, random: Random, into: number[]): void {
    into.length = 0;
    const wanted = Math.min(count, this.used);
    for (let step = 0; step < wanted && this.moveFrom >= 0; step++) this.stepAt();
    let cursor = random.word();
    while (into.length < wanted) {
      cursor = this.scan(cursor, (element) => {
        if (into.length < wanted) into.push(element);
      });
    }
  }

  protected get structBytes(): number {
    return this.version.sizes.bucketTable + this.metadata;
  }

  protected growIfNeeded(): void {
    const capacity = this.used + 1;
    const percent = this.resize.hasChild ? FULL_PERCENT_WITH_CHILD : FULL_PERCENT;
    if (capacity * 100 <= this.#target.count * PLACES * percent) return;
    this.#resizeFor(capacity);
  }

  /** The array that takes new elements. */
  get #target(): BucketArray {
    return this.moveFrom >= 0 ? this.#now : this.#old;
  }

  #array(count: number): BucketArray {
    return new BucketArray(this.heap, this.columns, tagOf(StructKind.bucketArray, this.kind.subject), count);
  }

  #resizeFor(capacity: number): boolean {
    const count = bucketsFor(capacity);
    const current = this.#target.count;
    if (count === current || !this.#mayResize(capacity, count, current)) return false;
    if (this.moveFrom >= 0 && !this.#finishToResize(capacity)) return false;
    this.#now = this.#array(count);
    this.moveFrom = 0;
    this.list();
    if (this.#old.isEmpty) this.#endMove();
    return true;
  }

  /** Whether maxmemory allows the array. A table that is five times too full may always grow. */
  #mayResize(capacity: number, count: number, current: number): boolean {
    const { mayExpand } = this.kind;
    if (mayExpand === undefined || capacity * 100 >= current * PLACES * FULL_PERCENT_WITH_CHILD) return true;
    if (count < current && !this.#policy.asksMemoryToShrink) return true;
    return mayExpand(count * BUCKET_BYTES);
  }

  /** Ends a rehash so that the table can be resized, where the version does; returns whether it has ended. */
  #finishToResize(capacity: number): boolean {
    if (this.paused > 0) return false;
    if (this.#policy.finishesRehashToGrow) {
      while (this.moveFrom >= 0) this.#step();
      return true;
    }
    const { count } = this.#now;
    if (count < this.#old.count && capacity * 100 > count * PLACES * FULL_PERCENT_WITH_CHILD)
      this.#turnBack();
    return false;
  }

  /** Aborts a shrink that would overfill the small array: the elements move back. */
  #turnBack(): void {
    const small = this.#now;
    this.#now = this.#old;
    this.#old = small;
    this.moveFrom = 0;
  }

  #step(): void {
    const old = this.#old;
    if (this.#passesEmpty()) return;
    if (this.moveFrom < old.count) old.moveChain(this.moveFrom++, this.#now, this.#policy.freesChildrenLast);
    const isAtEnd = this.moveFrom >= old.count;
    if (isAtEnd || (this.#policy.endsWhenEmpty && old.isEmpty)) this.#endMove();
  }

  /** Passes empty buckets while the table shrinks. Returns whether the step ends with that. */
  #passesEmpty(): boolean {
    const old = this.#old;
    const { emptyVisits } = this.#policy;
    if (emptyVisits === 0 || this.#now.count >= old.count) return false;
    for (let passed = 0; this.moveFrom < old.count && old.isEmptyAt(this.moveFrom); ) {
      this.moveFrom++;
      if (++passed === emptyVisits) return true;
    }
    return false;
  }

  #endMove(): void {
    this.unlist();
    this.#old.freeArray();
    this.#old = this.#now;
    this.#now = this.#array(0);
    this.moveFrom = -1;
  }

  tryArrays(attempt: Try): void {
    this.#old.try(attempt);
    this.#now.try(attempt);
  }

  tryEntry(): void {}

  /** hashtableScanDefrag: visits the chains of `cursor`, and their child buckets. Buckets that were moved are skipped. */
  scanBuckets(cursor: number, visit: BucketVisit): number {
    if (this.used === 0) return 0;
    return this.#walkChains(cursor, (array, at) => {
      const bucket = at & (array.count - 1);
      if (array !== this.#old || bucket >= this.moveFrom) array.visitChain(bucket, visit);
    });
  }

  #scanChains(cursor: number, visit: (element: number) => void): number {
    return this.#walkChains(cursor, (array, at) => array.visit(at, visit));
  }

  #walkChains(cursor: number, visit: (array: BucketArray, at: number) => void): number {
    const arrays = { isRehashing: this.moveFrom >= 0, old: this.#old, now: this.#now };
    return walkBuckets(arrays, ({ count }) => count, cursor, visit);
  }
}

/** nextBucketExp: the smallest power of two that holds so many elements; at least one bucket. */
function bucketsFor(capacity: number): number {
  const wanted = Math.ceil((capacity * BUCKETS_FACTOR) / BUCKETS_DIVISOR);
  let count = 1;
  while (count < wanted) count *= 2;
  return count;
}
