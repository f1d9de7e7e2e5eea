import { ContainerKind, DataType, type Heap, tagOf } from '../heap/index.js';
import type { Try } from '../keyspace/index.js';
import type { StructSizes } from '../versions/index.js';
import { ByteCount } from './byte-count.js';
import { RadixTree } from './radix-tree.js';
import { timeKey } from './time-key.js';

/** The most items of a list, and of a segment of a bucket. */
const MOST = 16;
const FIRST_HEADER = 16;
const NEXT_HEADER = 24;
const KEY_BYTES = 6;
/** The metadata after the struct of a tree is the number of its items. */
const TREE_METADATA = 8;
const OWNER = tagOf(ContainerKind.fieldTimes, DataType.fieldExpiry);

/** Results for an expired item that does not get another time. */
export const ExpiredItem = { removed: -1, stop: -2 } as const;

/** Items of adjacent times. Only items of one time fill more than one segment. */
interface Bucket {
  /** The time from which on items belong to the bucket. */
  fromMs: number;
  /** The handles of the headers, of which the first one stays. */
  headers: number[];
  segments: number[][];
}

/**
 * Items in the order of their times (ebuckets.c). Up to 16 are a list that runs through the items themselves. More are in
 * a radix tree of buckets, which are such lists with a header.
 */
export class Ebuckets {
  readonly #heap: Heap;
  readonly #sizes: StructSizes;
  readonly #timeOf: (item: number) => number;
  readonly #tally = new ByteCount();
  #list: number[] = [];
  #tree: RadixTree<Bucket> | undefined;
  #buckets: Bucket[] = [];

  constructor(heap: Heap, sizes: StructSizes, timeOf: (item: number) => number) {
    this.#heap = heap;
    this.#sizes = sizes;
    this.#timeOf = timeOf;
  }

  get isEmpty(): boolean {
    return this.#list.length === 0 && this.#tree === undefined;
  }

  /** The requested bytes, kept up to date. */
  get bytes(): number {
    return this.#tally.bytes;
  }

  walkedBytes(): number {
    if (this.#tree === undefined) return 0;
    let sum = this.#tree.walkedBytes();
    for (const { headers } of this.#buckets) sum += FIRST_HEADER + (headers.length - 1) * NEXT_HEADER;
    return sum;
  }

  /** Returns the first time; Infinity if there is none. */
  firstMs(): number {
    const first = this.#tree === undefined ? this.#list[0] : this.#buckets[0]?.segments[0]?.[0];
    return first === undefined ? Infinity : this.#timeOf(first);
  }

  add(item: number): void {
    if (this.#tree === undefined && this.#list.length < MOST) this.#enterSorted(this.#list, item);
    else this.#addToTree(this.#tree ?? this.#plant(), item);
  }

  /** Removes an item whose time was `time`. */
  remove(item: number, time: number): void {
    if (this.#tree === undefined) {
      this.#list.splice(this.#list.indexOf(item), 1);
      return;
    }
    const bucket = this.#buckets[this.#bucketFor(time)]!;
    const at = bucket.segments.findIndex((segment) => segment.includes(item));
    const segment = bucket.segments[at]!;
    if (segment.length > 1) segment.splice(segment.indexOf(item), 1);
    else if (bucket.segments.length > 1) this.#dropSegment(bucket, at);
    else {
      this.#freeHeader(bucket, 0);
      this.#leave(this.#tree, bucket);
      this.#endTreeIfEmpty();
    }
  }

  /**
   * Passes the items whose time is over to `act`, which returns their next time or another result (ebExpire). Items
   * with another time are added again at the end.
   */
  expire(nowMs: number, act: (item: number) => number): void {
    const later: number[] = [];
    if (this.#tree === undefined) this.#expireList(nowMs, act, later);
    else this.#expireTree(this.#tree, nowMs, act, later);
    for (const item of later.reverse()) this.add(item);
  }

  /** Tries the tree and the headers of its buckets (ebScanDefrag). */
  defragment(attempt: Try): void {
    this.#tree?.tryStruct(attempt);
    this.#tree?.defragment(attempt, ({ headers }) => headers.forEach(attempt));
  }

  free(): void {
    this.#tree?.free(this.#heap, (bucket) => {
      for (let at = 0; at < bucket.headers.length; at++) this.#freeHeader(bucket, at);
    });
    this.#tree = undefined;
    this.#buckets = [];
    this.#list = [];
  }

  /** Inserts an item after those of the same time. */
  #enterSorted(items: number[], item: number): void {
    const time = this.#timeOf(item);
    const at = items.findIndex((other) => this.#timeOf(other) > time);
    items.splice(at < 0 ? items.length : at, 0, item);
  }

  /** Makes a tree of a full list, which becomes its only bucket. */
  #plant(): RadixTree<Bucket> {
    const header = this.#newHeader(FIRST_HEADER);
    const tree = new RadixTree<Bucket>(
      this.#heap,
      this.#sizes,
      DataType.fieldExpiry,
      this.#tally,
      TREE_METADATA,
    );
    this.#tree = tree;
    this.#enter(tree, { fromMs: this.#timeOf(this.#list[0]!), headers: [header], segments: [this.#list] });
    this.#list = [];
    return tree;
  }

  #addToTree(tree: RadixTree<Bucket>, item: number): void {
    const time = this.#timeOf(item);
    const at = this.#bucketFor(time);
    const bucket = this.#buckets[at];
    if (bucket === undefined) {
      this.#enterAlone(tree, item);
      return;
    }
    const first = bucket.segments[0]!;
    const isSingle = bucket.segments.length === 1;
    if (isSingle && first.length < MOST) {
      this.#enterSorted(first, item);
      return;
    }
    const split = isSingle ? this.#placeOfSplit(first) : 0;
    if (split > 0) {
      const second = first.splice(split);
      const fromMs = this.#timeOf(second[0]!);
      this.#enterSorted(time < fromMs ? first : second, item);
      this.#enter(tree, { fromMs, headers: [this.#newHeader(FIRST_HEADER)], segments: [second] });
      return;
    }
    // All items of the bucket have the same time.
    const own = this.#timeOf(first[0]!);
    if (own !== time) {
      if (own > time) this.#move(tree, bucket, own);
      this.#enterAlone(tree, item);
    } else if (first.length < MOST) this.#enterSorted(first, item);
    else {
      bucket.headers.splice(1, 0, this.#newHeader(NEXT_HEADER));
      bucket.segments.unshift([item]);
      if (isSingle) this.#move(tree, bucket, own);
    }
  }

  #enterAlone(tree: RadixTree<Bucket>, item: number): void {
    const headers = [this.#newHeader(FIRST_HEADER)];
    this.#enter(tree, { fromMs: this.#timeOf(item), headers, segments: [[item]] });
  }

  /** Returns the place nearest the middle before which the time changes; 0 if all times are the same (ebTrySegSplit). */
  #placeOfSplit(items: readonly number[]): number {
    const middle = MOST / 2;
    let best = 0;
    let distance = middle;
    for (let at = 0; at + 1 < items.length; at++) {
      if (this.#timeOf(items[at + 1]!) === this.#timeOf(items[at]!)) continue;
      if (at < middle) {
        best = at + 1;
        distance = middle - at;
      } else if (distance > at + 1 - middle) {
        best = at + 1;
        distance = at + 1 - middle;
      }
    }
    return best;
  }

  /** Removes a segment of several. The first header stays, and the next one is freed in its place. */
  #dropSegment(bucket: Bucket, at: number): void {
    this.#freeHeader(bucket, Math.max(at, 1));
    bucket.headers.splice(Math.max(at, 1), 1);
    bucket.segments.splice(at, 1);
  }

  #expireList(nowMs: number, act: (item: number) => number, later: number[]): void {
    const list = this.#list;
    let gone = 0;
    for (; gone < list.length && this.#timeOf(list[gone]!) <= nowMs; gone++) {
      const next = act(list[gone]!);
      if (next === ExpiredItem.stop) break;
      if (next !== ExpiredItem.removed) later.push(list[gone]!);
    }
    list.splice(0, gone);
  }

  #expireTree(tree: RadixTree<Bucket>, nowMs: number, act: (item: number) => number, later: number[]): void {
    for (let bucket = this.#buckets[0]; bucket !== undefined; bucket = this.#buckets[0]) {
      // A bucket of the present time waits for the next cycle.
      if (bucket.fromMs >= nowMs) break;
      if (!this.#expireBucket(bucket, nowMs, act, later)) break;
      this.#leave(tree, bucket);
    }
    if (later.length === 0) this.#endTreeIfEmpty();
  }

  /** Expires the items of a bucket. Returns whether none is left, so that its headers are freed. */
  #expireBucket(bucket: Bucket, nowMs: number, act: (item: number) => number, later: number[]): boolean {
    const isSingle = bucket.segments.length === 1;
    for (;;) {
      const segment = bucket.segments[0]!;
      let gone = 0;
      for (; gone < segment.length; gone++) {
        if (isSingle && this.#timeOf(segment[gone]!) > nowMs) break;
        const next = act(segment[gone]!);
        if (next === ExpiredItem.stop) break;
        if (next !== ExpiredItem.removed) later.push(segment[gone]!);
      }
      if (gone < segment.length) {
        segment.splice(0, gone);
        return false;
      }
      if (bucket.segments.length === 1) break;
      this.#dropSegment(bucket, 0);
    }
    this.#freeHeader(bucket, 0);
    return true;
  }

  /** Returns the place of the last bucket that begins at a time or before it; -1 if there is none. */
  #bucketFor(time: number): number {
    let low = 0;
    let high = this.#buckets.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#buckets[middle]!.fromMs > time) high = middle;
      else low = middle + 1;
    }
    return low - 1;
  }

  #move(tree: RadixTree<Bucket>, bucket: Bucket, fromMs: number): void {
    if (bucket.fromMs === fromMs) return;
    this.#leave(tree, bucket);
    bucket.fromMs = fromMs;
    this.#enter(tree, bucket);
  }

  #enter(tree: RadixTree<Bucket>, bucket: Bucket): void {
    this.#buckets.splice(this.#bucketFor(bucket.fromMs) + 1, 0, bucket);
    tree.insert(timeKey(bucket.fromMs, KEY_BYTES), bucket);
  }

  #leave(tree: RadixTree<Bucket>, bucket: Bucket): void {
    this.#buckets.splice(this.#buckets.indexOf(bucket), 1);
    tree.remove(timeKey(bucket.fromMs, KEY_BYTES));
  }

  #endTreeIfEmpty(): void {
    if (this.#tree === undefined || this.#buckets.length > 0) return;
    this.#tree.free(this.#heap, () => {});
    this.#tree = undefined;
  }

  #newHeader(bytes: number): number {
    this.#tally.bytes += bytes;
    return this.#heap.malloc(bytes, OWNER);
  }

  #freeHeader({ headers }: Bucket, at: number): void {
    this.#tally.bytes -= at === 0 ? FIRST_HEADER : NEXT_HEADER;
    this.#heap.free(headers[at]!);
  }
}
