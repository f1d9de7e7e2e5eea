import type { Random } from '../../base/index.js';
import type { ChainedTable } from './chained-table.js';

/**
 * dictScan: visits the bucket of `cursor` and returns the next cursor, 0 after the last. The cursor counts in reversed
 * bits, so that no element is missed when the table grows or shrinks between two calls.
 */
export function scan(table: ChainedTable, cursor: number, visit: (element: number) => void): number {
  if (table.used === 0) return 0;
  table.paused++;
  try {
    return scanBuckets(table, cursor, visit);
  } finally {
    table.paused--;
  }
}

function scanBuckets(table: ChainedTable, cursor: number, visit: (element: number) => void): number {
  return walkBuckets(arraysOf(table), lengthOf, cursor, (heads, at) => {
    visitBucket(table, heads, at, visit);
  });
}

/** The arrays of a table; `now` counts only while the table is rehashing from `old` to it. */
interface BucketArrays<BucketArray> {
  readonly isRehashing: boolean;
  readonly old: BucketArray;
  readonly now: BucketArray;
}

function arraysOf({ isRehashing, bucketArrays: [old, now] }: ChainedTable): BucketArrays<Uint32Array> {
  return { isRehashing, old, now };
}

const lengthOf = (array: Uint32Array) => array.length;

/**
 * Visits the bucket of a cursor, and returns the next cursor. While a table is rehashing, these are one bucket of the
 * array that has fewer, and all of the other that it stands for.
 */
export function walkBuckets<BucketArray>(
  { isRehashing, old, now }: BucketArrays<BucketArray>,
  countOf: (array: BucketArray) => number,
  cursor: number,
  visit: (array: BucketArray, at: number) => void,
): number {
  const oldMask = countOf(old) - 1;
  if (!isRehashing) {
    visit(old, cursor);
    return nextCursor(cursor, oldMask);
  }
  const nowMask = countOf(now) - 1;
  const isOldSmall = oldMask <= nowMask;
  const large = isOldSmall ? now : old;
  const largeMask = isOldSmall ? nowMask : oldMask;
  visit(isOldSmall ? old : now, cursor);
  let at = cursor;
  do {
    visit(large, at);
    at = nextCursor(at, largeMask);
  } while ((at & (oldMask ^ nowMask)) !== 0);
  return at;
}

/** Visits the chains of a cursor, each as a whole, and returns the next cursor. The visit changes no chain. */
export function scanChains(
  table: ChainedTable,
  cursor: number,
  visit: (elements: readonly number[]) => void,
): number {
  if (table.used === 0) return 0;
  const chain: number[] = [];
  const visitChain = (heads: Uint32Array, at: number) => {
    chain.length = 0;
    visitBucket(table, heads, at, (element) => chain.push(element));
    if (chain.length > 0) visit(chain);
  };
  return walkBuckets(arraysOf(table), lengthOf, cursor, visitChain);
}

function visitBucket(
  table: ChainedTable,
  heads: Uint32Array,
  at: number,
  visit: (element: number) => void,
): void {
  let element = heads[at & (heads.length - 1)]!;
  while (element !== 0) {
    // The visit may delete the element.
    const next = table.following(element);
    visit(element);
    element = next;
  }
}

/** Returns the cursor after this one, which counts in reversed bits. */
function nextCursor(cursor: number, mask: number): number {
  return reversed((reversed((cursor | ~mask) >>> 0) + 1) >>> 0);
}

function reversed(word: number): number {
  let bits = word;
  bits = ((bits >>> 1) & 0x55555555) | ((bits & 0x55555555) << 1);
  bits = ((bits >>> 2) & 0x33333333) | ((bits & 0x33333333) << 2);
  bits = ((bits >>> 4) & 0x0f0f0f0f) | ((bits & 0x0f0f0f0f) << 4);
  bits = ((bits >>> 8) & 0x00ff00ff) | ((bits & 0x00ff00ff) << 8);
  return ((bits >>> 16) | (bits << 16)) >>> 0;
}

/** dictGetRandomKey: picks a bucket that has elements, then an element of its chain. Returns 0 for an empty table. */
export function randomElement(table: ChainedTable, random: Random): number {
  if (table.used === 0) return 0;
  table.step();
  const [old, now] = table.bucketArrays;
  const first = table.movedBuckets;
  const total = old.length + now.length;
  let head = 0;
  while (head === 0) {
    const bucket = first + random.below(total - first);
    head = (bucket < old.length ? old[bucket] : now[bucket - old.length])!;
  }
  let length = 0;
  for (let element = head; element !== 0; element = table.following(element)) length++;
  let left = random.below(length);
  let element = head;
  for (; left > 0; left--) element = table.following(element);
  return element;
}

/** Picks a bucket of either array that has elements, then an element of its chain. The table is not empty. */
export function anyElement(table: ChainedTable, random: Random): number {
  const [old, now] = table.bucketArrays;
  let head = 0;
  while (head === 0) {
    const bucket = random.below(old.length + now.length);
    head = (bucket < old.length ? old[bucket] : now[bucket - old.length])!;
  }
  let length = 0;
  for (let member = head; member !== 0; member = table.following(member)) length++;
  for (let skip = random.below(length); skip > 0; skip--) head = table.following(head);
  return head;
}

/**
 * dictGetSomeKeys: takes about `count` elements from adjacent buckets, from a random one on; fewer in a sparse table.
 */
export function someElements(table: ChainedTable, count: number, random: Random, into: number[]): void {
  into.length = 0;
  const wanted = Math.min(count, table.used);
  for (let step = 0; step < wanted && table.isRehashing; step++) table.step();
  const [old, now] = table.bucketArrays;
  const arrays = table.isRehashing ? [old, now] : [old];
  const largest = Math.max(old.length, now.length);
  let bucket = random.below(largest) & (largest - 1);
  let emptyRun = 0;
  for (let steps = wanted * 10; into.length < wanted && steps > 0; steps--) {
    for (const [index, heads] of arrays.entries()) {
      // Buckets that were moved already are empty in the old array.
      if (arrays.length === 2 && index === 0 && bucket < table.movedBuckets) {
        if (bucket >= now.length) bucket = table.movedBuckets;
        else continue;
      }
      if (bucket >= heads.length) continue;
      let element = heads[bucket]!;
      if (element === 0) {
        emptyRun++;
        if (emptyRun >= 5 && emptyRun > wanted) {
          bucket = random.below(largest) & (largest - 1);
          emptyRun = 0;
        }
        continue;
      }
      emptyRun = 0;
      while (element !== 0 && into.length < wanted) {
        into.push(element);
        element = table.following(element);
      }
    }
    bucket = (bucket + 1) & (largest - 1);
  }
}
