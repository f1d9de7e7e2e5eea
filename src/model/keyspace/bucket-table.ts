import type { Random } from '../../base/index.js';
import { type Heap, StructKind, tagOf } from '../heap/index.js';
import type { BucketTablePolicy, ServerVersion } from '../versions/index.js';
import {
  BUCKET_SHIFT,
  BucketArray,
  CHILD,
  type ChildBuckets,
  candidates,
  clear,
  elementAt,
  FILLED,
  fill,
  firstPlace,
  freePlace,
  HANDLE,
  isFilled,
  LAST_PLACE,
  PLACES,
} from './bucket-records.js';
import type { HashTable, ResizePolicy, TableElements, TableKind } from './hash-table.js';
import { nextCursor } from './table-walk.js';

/** Bytes of a bucket, and of a child bucket. */
const BUCKET_BYTES = 64;
/** A resize makes buckets for 32 fifths of an entry each, which leaves them nine tenths full. */
const BUCKETS_FACTOR = 5;
const BUCKETS_DIVISOR = 32;
/** Percents of the places: a table grows above the first and shrinks at the second, or at those of a server with a child. */
const FULL_PERCENT = 100;
const FULL_PERCENT_WITH_CHILD = 500;
const THIN_PERCENT = 13;
const THIN_PERCENT_WITH_CHILD = 3;

/**
 * A hash table whose buckets are 64 bytes with up to seven entries (hashtable.c). A full bucket gives its last place to a
 * child bucket of 64 bytes. Entries have no allocations of their own.
 *
 * Buckets are chosen by the low bits of the model's hash. A server draws a hash seed at its start, so its child buckets
 * are another draw from the same distribution.
 */
export class BucketTable implements HashTable {
  used = 0;
  paused = 0;
  readonly #heap: Heap;
  readonly #version: ServerVersion;
  readonly #policy: BucketTablePolicy;
  readonly #elements: TableElements;
  readonly #children: ChildBuckets;
  readonly #kind: TableKind;
  readonly #resize: ResizePolicy;
  #struct = 0;
  #movingNode = 0;
  #old: BucketArray;
  #now: BucketArray;
  /** The next bucket to move, or -1 if the table is not rehashing. */
  #moveFrom = -1;
  #isReserved = false;

  constructor(
    heap: Heap,
    version: ServerVersion,
    elements: TableElements,
    kind: TableKind,
    resize: ResizePolicy,
  ) {
    this.#heap = heap;
    this.#version = version;
    this.#policy = version.bucketTables;
    this.#elements = elements;
    this.#children = elements.children;
    this.#old = this.#children.none;
    this.#now = this.#children.none;
    this.#kind = kind;
    this.#resize = resize;
    if (kind.isOnDemand !== true) this.#makeStruct();
  }

  get buckets(): number {
    return this.#old.count + this.#now.count;
  }

  get isRehashing(): boolean {
    return this.#moveFrom >= 0;
  }

  get ownBytes(): number {
    return this.frameBytes;
  }

  /** Requested bytes of the struct, both arrays and the child buckets. */
  get frameBytes(): number {
    const children = this.#old.children + this.#now.children;
    return this.#structBytes + (this.buckets + children) * BUCKET_BYTES;
  }

  /** MEMORY USAGE counts all of it. */
  get frameUsage(): number {
    return this.frameBytes;
  }

  entryBytesOf(): number {
    return 0;
  }

  /** Whether the elements fill less than one place in a hundred. */
  get isThin(): boolean {
    return this.used * 100 < this.buckets;
  }

  prefetch(hashes: Uint32Array, count: number, found: Uint32Array): number {
    let seen = 0;
    for (let k = 0; k < count; k++) {
      const hash = hashes[k]!;
      const element = this.#firstCandidate(this.#old, hash) || this.#firstCandidate(this.#now, hash);
      found[k] = element;
      seen ^= this.#elements.hashOf(element);
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
    return this.#search(this.#old, hash, 0) || this.#search(this.#now, hash, 0);
  }

  findNext(element: number, hash: number): number {
    const following = this.#search(this.#old, hash, element);
    if (following > 0) return following;
    if (following === 0) return this.#search(this.#now, hash, 0);
    return Math.max(this.#search(this.#now, hash, element), 0);
  }

  add(element: number): void {
    this.makeReady();
    this.insert(element);
  }

  /** Adds an element that a lookup has just not found, which is no different here. */
  addMissing(element: number): void {
    this.add(element);
  }

  makeRoom(): void {
    this.makeReady();
  }

  makeReady(): void {
    if (this.#struct === 0) this.#makeStruct();
    this.stepAt();
  }

  /** Grows the table if a new element needs it, and makes a place for one of that hash. */
  reserve(hash: number): void {
    this.#growIfNeeded();
    // While a child process lives, insertions rehash and nothing else does.
    if (this.#resize.hasChild && this.#moveFrom >= 0 && this.paused === 0) this.#step();
    this.#placeFor(this.#target, hash);
    this.#isReserved = true;
  }

  insert(element: number): void {
    const hash = this.#elements.hashOf(element);
    if (!this.#isReserved) this.reserve(hash);
    this.#isReserved = false;
    this.#elements.setEntry(element, 0);
    this.#put(this.#target, hash, element);
    this.used++;
  }

  unlink(element: number): void {
    this.used--;
    if (!this.#remove(this.#old, element)) this.#remove(this.#now, element);
  }

  freeEntry(): void {}

  shrinkIfNeeded(): void {
    if (this.#moveFrom >= 0 || this.paused > 0 || this.#old.count === 0) return;
    const limit = this.#resize.hasChild ? THIN_PERCENT_WITH_CHILD : THIN_PERCENT;
    if (this.used * 100 > this.#old.count * PLACES * limit) return;
    this.#resizeFor(this.used);
  }

  /** Rehashes a bucket before a lookup, unless a child process lives. */
  stepAt(): void {
    if (this.#moveFrom >= 0 && this.paused === 0 && !this.#resize.hasChild) this.#step();
  }

  step(): void {
    this.stepAt();
  }

  resizeIfNeeded(): void {
    if (this.#struct === 0 || this.#moveFrom >= 0) return;
    this.shrinkIfNeeded();
    if (this.#moveFrom < 0 && this.#old.count > 0) this.#growIfNeeded();
  }

  rehash(count: number): boolean {
    for (let left = count; left > 0 && this.#moveFrom >= 0; left--) {
      if (this.#resize.hasChild || this.paused > 0) return false;
      this.#step();
    }
    return this.#moveFrom >= 0;
  }

  resizeTo(count: number): boolean {
    if (count < this.used) return false;
    return this.#resizeFor(count);
  }

  presize(count: number): void {
    if (this.#struct !== 0) this.resizeTo(count);
  }

  shrink(): boolean {
    return this.#resizeFor(this.used);
  }

  *elements(): Generator<number> {
    for (const array of [this.#old, this.#now]) {
      for (let bucket = 0; bucket < array.count; bucket++) yield* this.#inChain(array, bucket);
    }
  }

  free(release: (element: number) => void): void {
    this.empty(release);
    if (this.#struct !== 0) this.#heap.free(this.#struct);
    this.#struct = 0;
  }

  empty(release: (element: number) => void): void {
    this.#unlist();
    this.#clearArray(this.#old, release);
    this.#clearArray(this.#now, release);
    this.used = 0;
    this.#old = this.#children.none;
    this.#now = this.#children.none;
    this.#moveFrom = -1;
  }

  /** hashtableScan: visits the chain of `cursor` and returns the next cursor, 0 after the last. */
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
    for (let step = 0; step < steps && this.#moveFrom >= 0; step++) this.stepAt();
    return this.anyOf(random);
  }

  anyOf(random: Random): number {
    for (;;) {
      const bucket = random.below(this.buckets);
      const { count } = this.#old;
      const chain =
        bucket < count
          ? [...this.#inChain(this.#old, bucket)]
          : [...this.#inChain(this.#now, bucket - count)];
      if (chain.length > 0) return chain[random.below(chain.length)]!;
    }
  }

  /** hashtableSampleEntries: takes about `count` elements of adjacent buckets, from a random one on. */
  some(count: number, random: Random, into: number[]): void {
    into.length = 0;
    const wanted = Math.min(count, this.used);
    for (let step = 0; step < wanted && this.#moveFrom >= 0; step++) this.stepAt();
    let cursor = random.word();
    while (into.length < wanted) {
      cursor = this.scan(cursor, (element) => {
        if (into.length < wanted) into.push(element);
      });
    }
  }

  get #structBytes(): number {
    return this.#version.sizes.bucketTable + (this.#kind.metadata ?? 0);
  }

  /** The array that takes new elements. */
  get #target(): BucketArray {
    return this.#moveFrom >= 0 ? this.#now : this.#old;
  }

  #makeStruct(): void {
    this.#struct = this.#heap.malloc(this.#structBytes, tagOf(StructKind.dict, this.#kind.subject));
  }

  #growIfNeeded(): void {
    const capacity = this.used + 1;
    const percent = this.#resize.hasChild ? FULL_PERCENT_WITH_CHILD : FULL_PERCENT;
    if (capacity * 100 <= this.#target.count * PLACES * percent) return;
    this.#resizeFor(capacity);
  }

  #resizeFor(capacity: number): boolean {
    const count = bucketsFor(capacity);
    const current = this.#target.count;
    if (count === current || !this.#mayResize(capacity, count, current)) return false;
    if (this.#moveFrom >= 0 && !this.#finishToResize(capacity)) return false;
    const handle = this.#heap.calloc(count * BUCKET_BYTES, tagOf(StructKind.bucketArray, this.#kind.subject));
    this.#now = new BucketArray(count, handle);
    this.#moveFrom = 0;
    this.#list();
    if (this.#old.used === 0 && this.#old.children === 0) this.#endMove();
    return true;
  }

  /** Whether maxmemory allows the array. A table that is five times too full may always grow. */
  #mayResize(capacity: number, count: number, current: number): boolean {
    const { mayExpand } = this.#kind;
    if (mayExpand === undefined || capacity * 100 >= current * PLACES * FULL_PERCENT_WITH_CHILD) return true;
    if (count < current && !this.#policy.asksMemoryToShrink) return true;
    return mayExpand(count * BUCKET_BYTES);
  }

  /** Ends a rehash so that the table can be resized, where the version does; returns whether it has ended. */
  #finishToResize(capacity: number): boolean {
    if (this.paused > 0) return false;
    if (this.#policy.finishesRehashToGrow) {
      while (this.#moveFrom >= 0) this.#step();
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
    this.#moveFrom = 0;
  }

  #step(): void {
    const old = this.#old;
    if (this.#now.count < old.count) {
      for (let left = this.#policy.emptyVisits; left > 0 && this.#isEmpty(this.#moveFrom); left--) {
        this.#moveFrom++;
        if (this.#moveFrom >= old.count) break;
      }
    }
    if (this.#moveFrom < old.count) this.#moveChain(this.#moveFrom++);
    const isAtEnd = this.#moveFrom >= old.count;
    if (isAtEnd || (this.#policy.endsWhenEmpty && old.used === 0 && old.children === 0)) this.#endMove();
  }

  #isEmpty(bucket: number): boolean {
    const { words } = this.#old;
    const at = bucket << BUCKET_SHIFT;
    return words[at | FILLED] === 0 && words[at | CHILD] === 0;
  }

  #endMove(): void {
    this.#unlist();
    if (this.#old.handle !== 0) this.#heap.free(this.#old.handle);
    this.#old = this.#now;
    this.#now = this.#children.none;
    this.#moveFrom = -1;
  }

  /** Moves the elements of a bucket and of its children, which are freed one after the other. */
  #moveChain(bucket: number): void {
    const old = this.#old;
    const at = bucket << BUCKET_SHIFT;
    for (let place = 0; place < PLACES; place++) this.#moveElement(old.words, at, place);
    let child = old.words[at | CHILD]!;
    old.words[at | CHILD] = 0;
    old.words[at | FILLED] = 0;
    while (child !== 0) {
      const from = child << BUCKET_SHIFT;
      for (let place = 0; place < PLACES; place++) this.#moveElement(this.#children.words, from, place);
      const next = this.#children.words[from | CHILD]!;
      this.#freeChild(old, child);
      child = next;
    }
  }

  #moveElement(words: Uint32Array, at: number, place: number): void {
    if (!isFilled(words, at, place)) return;
    const element = elementAt(words, at, place);
    this.#old.used--;
    this.#put(this.#now, this.#elements.hashOf(element), element);
  }

  #put(array: BucketArray, hash: number, element: number): void {
    const place = this.#placeFor(array, hash);
    const child = this.#placeChild;
    if (child === 0) fill(array.words, bucketAt(array, hash), place, element, hash);
    else fill(this.#children.words, child << BUCKET_SHIFT, place, element, hash);
    array.used++;
  }

  /** The child bucket of the place that was found last; 0 for the bucket itself. */
  #placeChild = 0;

  /** Finds a place for an element of that hash, in a new child bucket if the chain is full. */
  #placeFor(array: BucketArray, hash: number): number {
    let { words } = array;
    let at = bucketAt(array, hash);
    this.#placeChild = 0;
    for (;;) {
      const place = freePlace(words, at);
      let child = words[at | CHILD]!;
      if (place < (child === 0 ? PLACES : LAST_PLACE)) return place;
      if (child === 0) child = this.#chain(array, words, at);
      this.#placeChild = child;
      words = this.#children.words;
      at = child << BUCKET_SHIFT;
    }
  }

  /** bucketConvertToChained: the last element moves to a new child bucket, whose pointer takes its place. */
  #chain(array: BucketArray, words: Uint32Array, at: number): number {
    const handle = this.#heap.calloc(BUCKET_BYTES, tagOf(StructKind.bucketArray, this.#kind.subject));
    const isChild = words === this.#children.words;
    const child = this.#children.take(handle);
    const from = isChild ? this.#children.words : words;
    const element = elementAt(from, at, LAST_PLACE);
    fill(this.#children.words, child << BUCKET_SHIFT, 0, element, this.#elements.hashOf(element));
    clear(from, at, LAST_PLACE);
    from[at | CHILD] = child;
    array.children++;
    return child;
  }

  #freeChild(array: BucketArray, child: number): void {
    this.#heap.free(this.#children.words[(child << BUCKET_SHIFT) | HANDLE]!);
    this.#children.give(child);
    array.children--;
  }

  /** Takes the element out of the array; returns whether it was there. */
  #remove(array: BucketArray, element: number): boolean {
    if (array.count === 0) return false;
    const hash = this.#elements.hashOf(element);
    let { words } = array;
    let at = bucketAt(array, hash);
    for (;;) {
      for (let place = 0; place < PLACES; place++) {
        if (!isFilled(words, at, place) || elementAt(words, at, place) !== element) continue;
        clear(words, at, place);
        array.used--;
        if (words[at | CHILD] !== 0 && this.paused === 0) this.#fillHole(array, words, at, place);
        return true;
      }
      const child = words[at | CHILD]!;
      if (child === 0) return false;
      words = this.#children.words;
      at = child << BUCKET_SHIFT;
    }
  }

  /** fillBucketHole: an element of the last child fills the hole. A child with one element or none is given up. */
  #fillHole(array: BucketArray, words: Uint32Array, at: number, place: number): void {
    const children = this.#children.words;
    let before = words;
    let beforeAt = at;
    let last = words[at | CHILD]!;
    while (children[(last << BUCKET_SHIFT) | CHILD] !== 0) {
      before = children;
      beforeAt = last << BUCKET_SHIFT;
      last = children[beforeAt | CHILD]!;
    }
    const lastAt = last << BUCKET_SHIFT;
    if (children[lastAt | FILLED] !== 0) this.#moveWithin(children, lastAt, words, at, place);
    const left = children[lastAt | FILLED]!;
    if ((left & (left - 1)) === 0) this.#pruneLast(array, before, beforeAt);
  }

  /** pruneLastBucket: a last child with one element or none gives its place back to that element. */
  #pruneLast(array: BucketArray, before: Uint32Array, beforeAt: number): void {
    const children = this.#children.words;
    const last = before[beforeAt | CHILD]!;
    before[beforeAt | CHILD] = 0;
    const lastAt = last << BUCKET_SHIFT;
    if (children[lastAt | FILLED] !== 0) this.#moveWithin(children, lastAt, before, beforeAt, LAST_PLACE);
    this.#freeChild(array, last);
  }

  /** Moves the first element of a bucket to a place of another one. */
  #moveWithin(from: Uint32Array, fromAt: number, to: Uint32Array, toAt: number, place: number): void {
    const moved = firstPlace(from, fromAt);
    const element = elementAt(from, fromAt, moved);
    clear(from, fromAt, moved);
    fill(to, toAt, place, element, this.#elements.hashOf(element));
  }

  /** compactBucketChain: fills the holes that deletions left during a scan. */
  #compact(array: BucketArray, bucket: number): void {
    const children = this.#children.words;
    let { words } = array;
    let at = bucket << BUCKET_SHIFT;
    for (;;) {
      const next = words[at | CHILD]!;
      if (next === 0) return;
      const nextAt = next << BUCKET_SHIFT;
      const filled = children[nextAt | FILLED]!;
      const afterNext = children[nextAt | CHILD]!;
      if (afterNext !== 0 && filled === 0) {
        words[at | CHILD] = afterNext;
        this.#freeChild(array, next);
        continue;
      }
      if (afterNext === 0 && (filled & (filled - 1)) === 0) {
        this.#pruneLast(array, words, at);
        return;
      }
      for (let place = 0; place < LAST_PLACE && words[at | CHILD] !== 0; place++) {
        if (!isFilled(words, at, place)) this.#fillHole(array, words, at, place);
      }
      if (words[at | CHILD] !== next) return;
      words = children;
      at = nextAt;
    }
  }

  #scanChains(cursor: number, visit: (element: number) => void): number {
    const old = this.#old;
    if (this.#moveFrom < 0) {
      this.#visit(old, cursor, visit);
      return nextCursor(cursor, old.count - 1);
    }
    const now = this.#now;
    const [small, large] = old.count <= now.count ? [old, now] : [now, old];
    const smallMask = small.count - 1;
    const largeMask = large.count - 1;
    this.#visit(small, cursor, visit);
    let at = cursor;
    do {
      this.#visit(large, at, visit);
      at = nextCursor(at, largeMask);
    } while ((at & (smallMask ^ largeMask)) !== 0);
    return at;
  }

  /** Visits a chain, whose elements the visit may delete. */
  #visit(array: BucketArray, cursor: number, visit: (element: number) => void): void {
    const bucket = cursor & (array.count - 1);
    const { used } = array;
    for (const element of [...this.#inChain(array, bucket)]) visit(element);
    if (array.used < used) this.#compact(array, bucket);
  }

  *#inChain(array: BucketArray, bucket: number): Generator<number> {
    let { words } = array;
    let at = bucket << BUCKET_SHIFT;
    for (;;) {
      const child = words[at | CHILD]!;
      for (let place = 0; place < PLACES; place++) {
        if (isFilled(words, at, place)) yield elementAt(words, at, place);
      }
      if (child === 0) return;
      words = this.#children.words;
      at = child << BUCKET_SHIFT;
    }
  }

  /** Releases the elements bucket by bucket. Each child is freed after its elements, and the array at the end. */
  #clearArray(array: BucketArray, release: (element: number) => void): void {
    for (let bucket = 0; bucket < array.count; bucket++) {
      let { words } = array;
      let at = bucket << BUCKET_SHIFT;
      let current = 0;
      for (;;) {
        const child = words[at | CHILD]!;
        for (let place = 0; place < PLACES; place++) {
          if (isFilled(words, at, place)) release(elementAt(words, at, place));
        }
        if (current !== 0) this.#freeChild(array, current);
        if (child === 0) break;
        current = child;
        words = this.#children.words;
        at = child << BUCKET_SHIFT;
      }
    }
    if (array.handle !== 0) this.#heap.free(array.handle);
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

  #firstCandidate(array: BucketArray, hash: number): number {
    if (array.count === 0) return 0;
    const at = bucketAt(array, hash);
    const bits = candidates(array.words, at, hash);
    return bits === 0 ? 0 : elementAt(array.words, at, 31 - Math.clz32(bits));
  }

  /**
   * Returns the first element with that hash after the element `after`, or from the start if that is 0. The result is 0 if
   * there is none, and -1 if `after` is not in the array.
   */
  #search(array: BucketArray, hash: number, after: number): number {
    let isPast = after === 0;
    if (array.count === 0) return isPast ? 0 : -1;
    let { words } = array;
    let at = bucketAt(array, hash);
    for (;;) {
      for (let bits = candidates(words, at, hash); bits !== 0; bits &= bits - 1) {
        const element = elementAt(words, at, 31 - Math.clz32(bits & -bits));
        if (this.#elements.hashOf(element) !== (hash | 0)) continue;
        if (isPast) return element;
        isPast = element === after;
      }
      const child = words[at | CHILD]!;
      if (child === 0) return isPast ? 0 : -1;
      words = this.#children.words;
      at = child << BUCKET_SHIFT;
    }
  }
}

function bucketAt(array: BucketArray, hash: number): number {
  return (hash & (array.count - 1)) << BUCKET_SHIFT;
}

/** nextBucketExp: the smallest power of two that holds so many elements; at least one bucket. */
function bucketsFor(capacity: number): number {
  const wanted = Math.ceil((capacity * BUCKETS_FACTOR) / BUCKETS_DIVISOR);
  let count = 1;
  while (count < wanted) count *= 2;
  return count;
}
