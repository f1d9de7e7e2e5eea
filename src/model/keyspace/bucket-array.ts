import type { Heap } from '../heap/index.js';
import {
  BUCKET_SHIFT,
  CHILD,
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
import type { BucketVisit, Try } from './defrag-scan.js';
import type { TableElements } from './table-elements.js';

/** Bytes of a bucket, and of a child bucket. */
export const BUCKET_BYTES = 64;

/**
 * One array of buckets with its child buckets. A full bucket gives its last place to a child bucket, which has an
 * allocation of its own. A bucket with its children is a chain.
 */
export class BucketArray {
  used = 0;
  children = 0;
  readonly count: number;
  readonly words: Uint32Array;
  readonly #heap: Heap;
  readonly #columns: TableElements;
  readonly #tag: number;
  readonly #handle: number;
  /** The child bucket of the place that was found last; 0 for the bucket itself. */
  #placeChild = 0;

  /** Allocates `count` buckets, whose allocations have that tag; 0 stands for the array that a table does not have. */
  constructor(heap: Heap, columns: TableElements, tag: number, count: number) {
    this.#heap = heap;
    this.#columns = columns;
    this.#tag = tag;
    this.count = count;
    this.#handle = count === 0 ? 0 : heap.calloc(count * BUCKET_BYTES, tag);
    this.words = count === 0 ? NO_WORDS : new Uint32Array(count << BUCKET_SHIFT);
  }

  get isEmpty(): boolean {
    return this.used === 0 && this.children === 0;
  }

  isEmptyAt(bucket: number): boolean {
    const at = bucket << BUCKET_SHIFT;
    return this.words[at | FILLED] === 0 && this.words[at | CHILD] === 0;
  }

  /** Frees the array, which has no elements and children any more. */
  freeArray(): void {
    if (this.#handle !== 0) this.#heap.free(this.#handle);
  }

  /** Tries the array's region, if there is one. */
  try(attempt: Try): void {
    if (this.#handle !== 0) attempt(this.#handle);
  }

  /** Visits the elements of a bucket and of its child buckets, each after the child itself. */
  visitChain(bucket: number, { elements, child }: BucketVisit): void {
    let { words } = this;
    let at = bucket << BUCKET_SHIFT;
    for (;;) {
      const filled: number[] = [];
      for (let place = 0; place < PLACES; place++) {
        if (isFilled(words, at, place)) filled.push(elementAt(words, at, place));
      }
      const next = words[at | CHILD]!;
      if (filled.length > 0) elements(filled);
      if (next === 0) return;
      words = this.#columns.children.words;
      at = next << BUCKET_SHIFT;
      child(words[at | HANDLE]!);
    }
  }

  /** Returns an element that probably has that hash; 0 if the bucket itself has none. */
  firstCandidate(hash: number): number {
    if (this.count === 0) return 0;
    const at = this.#bucketAt(hash);
    const bits = candidates(this.words, at, hash);
    return bits === 0 ? 0 : elementAt(this.words, at, 31 - Math.clz32(bits));
  }

  /**
   * Returns the first element with that hash after the element `after`, or from the start if that is 0. The result is 0 if
   * there is none, and -1 if `after` is not in the array.
   */
  search(hash: number, after: number): number {
    let isPast = after === 0;
    if (this.count === 0) return isPast ? 0 : -1;
    let { words } = this;
    let at = this.#bucketAt(hash);
    for (;;) {
      for (let bits = candidates(words, at, hash); bits !== 0; bits &= bits - 1) {
        const element = elementAt(words, at, 31 - Math.clz32(bits & -bits));
        if (this.#columns.hashOf(element) !== (hash | 0)) continue;
        if (isPast) return element;
        isPast = element === after;
      }
      const child = words[at | CHILD]!;
      if (child === 0) return isPast ? 0 : -1;
      words = this.#columns.children.words;
      at = child << BUCKET_SHIFT;
    }
  }

  put(hash: number, element: number): void {
    const place = this.placeFor(hash);
    const child = this.#placeChild;
    if (child === 0) fill(this.words, this.#bucketAt(hash), place, element, hash);
    else fill(this.#columns.children.words, child << BUCKET_SHIFT, place, element, hash);
    this.used++;
  }

  /** Finds a place for an element of that hash, in a new child bucket if the chain is full. */
  placeFor(hash: number): number {
    let { words } = this;
    let at = this.#bucketAt(hash);
    this.#placeChild = 0;
    for (;;) {
      const place = freePlace(words, at);
      let child = words[at | CHILD]!;
      if (place < (child === 0 ? PLACES : LAST_PLACE)) return place;
      if (child === 0) child = this.#chain(words, at);
      this.#placeChild = child;
      words = this.#columns.children.words;
      at = child << BUCKET_SHIFT;
    }
  }

  /** Takes the element out and fills its hole if `fillsHole`. Returns whether the element was there. */
  remove(element: number, fillsHole: boolean): boolean {
    if (this.count === 0) return false;
    let { words } = this;
    let at = this.#bucketAt(this.#columns.hashOf(element));
    for (;;) {
      for (let place = 0; place < PLACES; place++) {
        if (!isFilled(words, at, place) || elementAt(words, at, place) !== element) continue;
        clear(words, at, place);
        this.used--;
        if (words[at | CHILD] !== 0 && fillsHole) this.#fillHole(words, at, place);
        return true;
      }
      const child = words[at | CHILD]!;
      if (child === 0) return false;
      words = this.#columns.children.words;
      at = child << BUCKET_SHIFT;
    }
  }

  /** Moves the elements of a bucket and of its children, which are freed after their elements or after all of them. */
  moveChain(bucket: number, target: BucketArray, freesChildrenLast: boolean): void {
    const { children } = this.#columns;
    const at = bucket << BUCKET_SHIFT;
    for (let place = 0; place < PLACES; place++) this.#moveElement(this.words, at, place, target);
    const first = this.words[at | CHILD]!;
    this.words[at | CHILD] = 0;
    this.words[at | FILLED] = 0;
    const nextOf = (child: number) => children.words[(child << BUCKET_SHIFT) | CHILD]!;
    for (let child = first; child !== 0; ) {
      const from = child << BUCKET_SHIFT;
      for (let place = 0; place < PLACES; place++) this.#moveElement(children.words, from, place, target);
      const next = nextOf(child);
      if (!freesChildrenLast) this.#freeChild(child);
      child = next;
    }
    if (!freesChildrenLast) return;
    for (let child = first; child !== 0; ) {
      const next = nextOf(child);
      this.#freeChild(child);
      child = next;
    }
  }

  /** Visits a chain, whose elements the visit may delete. */
  visit(cursor: number, visit: (element: number) => void): void {
    const bucket = cursor & (this.count - 1);
    const { used } = this;
    for (const element of this.chain(bucket)) visit(element);
    if (this.used < used) this.#compact(bucket);
  }

  /** Returns the elements of a bucket and of its children. */
  chain(bucket: number): number[] {
    const elements: number[] = [];
    let { words } = this;
    let at = bucket << BUCKET_SHIFT;
    for (;;) {
      for (let place = 0; place < PLACES; place++) {
        if (isFilled(words, at, place)) elements.push(elementAt(words, at, place));
      }
      const child = words[at | CHILD]!;
      if (child === 0) return elements;
      words = this.#columns.children.words;
      at = child << BUCKET_SHIFT;
    }
  }

  /** Releases the elements bucket by bucket. Each child is freed after its elements, and the array at the end. */
  clear(release: (element: number) => void): void {
    for (let bucket = 0; bucket < this.count; bucket++) {
      let { words } = this;
      let at = bucket << BUCKET_SHIFT;
      let current = 0;
      for (;;) {
        const child = words[at | CHILD]!;
        for (let place = 0; place < PLACES; place++) {
          if (isFilled(words, at, place)) release(elementAt(words, at, place));
        }
        if (current !== 0) this.#freeChild(current);
        if (child === 0) break;
        current = child;
        words = this.#columns.children.words;
        at = child << BUCKET_SHIFT;
      }
    }
    this.freeArray();
  }

  #moveElement(words: Uint32Array, at: number, place: number, target: BucketArray): void {
    if (!isFilled(words, at, place)) return;
    const element = elementAt(words, at, place);
    this.used--;
    target.put(this.#columns.hashOf(element), element);
  }

  /** bucketConvertToChained: the last element moves to a new child bucket, whose pointer takes its place. */
  #chain(words: Uint32Array, at: number): number {
    const { children } = this.#columns;
    const handle = this.#heap.calloc(BUCKET_BYTES, this.#tag);
    const isChild = words === children.words;
    const child = children.take(handle);
    const from = isChild ? children.words : words;
    const element = elementAt(from, at, LAST_PLACE);
    fill(children.words, child << BUCKET_SHIFT, 0, element, this.#columns.hashOf(element));
    clear(from, at, LAST_PLACE);
    from[at | CHILD] = child;
    this.children++;
    return child;
  }

  #freeChild(child: number): void {
    const { children } = this.#columns;
    this.#heap.free(children.words[(child << BUCKET_SHIFT) | HANDLE]!);
    children.give(child);
    this.children--;
  }

  /** fillBucketHole: an element of the last child fills the hole. A child with one element or none is given up. */
  #fillHole(words: Uint32Array, at: number, place: number): void {
    const children = this.#columns.children.words;
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
    if ((left & (left - 1)) === 0) this.#pruneLast(before, beforeAt);
  }

  /** pruneLastBucket: a last child with one element or none gives its place back to that element. */
  #pruneLast(before: Uint32Array, beforeAt: number): void {
    const children = this.#columns.children.words;
    const last = before[beforeAt | CHILD]!;
    before[beforeAt | CHILD] = 0;
    const lastAt = last << BUCKET_SHIFT;
    if (children[lastAt | FILLED] !== 0) this.#moveWithin(children, lastAt, before, beforeAt, LAST_PLACE);
    this.#freeChild(last);
  }

  /** Moves the first element of a bucket to a place of another one. */
  #moveWithin(from: Uint32Array, fromAt: number, to: Uint32Array, toAt: number, place: number): void {
    const moved = firstPlace(from, fromAt);
    const element = elementAt(from, fromAt, moved);
    clear(from, fromAt, moved);
    fill(to, toAt, place, element, this.#columns.hashOf(element));
  }

  /** compactBucketChain: fills the holes that deletions left during a scan. */
  #compact(bucket: number): void {
    const children = this.#columns.children.words;
    let { words } = this;
    let at = bucket << BUCKET_SHIFT;
    for (;;) {
      const next = words[at | CHILD]!;
      if (next === 0) return;
      const nextAt = next << BUCKET_SHIFT;
      const filled = children[nextAt | FILLED]!;
      const afterNext = children[nextAt | CHILD]!;
      if (afterNext !== 0 && filled === 0) {
        words[at | CHILD] = afterNext;
        this.#freeChild(next);
        continue;
      }
      if (afterNext === 0 && (filled & (filled - 1)) === 0) {
        this.#pruneLast(words, at);
        return;
      }
      for (let place = 0; place < LAST_PLACE && words[at | CHILD] !== 0; place++) {
        if (!isFilled(words, at, place)) this.#fillHole(words, at, place);
      }
      if (words[at | CHILD] !== next) return;
      words = children;
      at = nextAt;
    }
  }

  #bucketAt(hash: number): number {
    return (hash & (this.count - 1)) << BUCKET_SHIFT;
  }
}

const NO_WORDS = new Uint32Array(0);
